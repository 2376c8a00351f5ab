"""What is told of an answer: short, on one line, and without secrets wherever these stand in it."""

import pytest

from conformance.redaction import Redactor
from conformance.wire.exchange import LONGEST_SUMMARY, Answer, Request

SECRET = "sk_canary_0123456789abcdef"


def answer(content: bytes) -> Answer:
    request = Request(method="POST", url="http://target.test/api/ocr", headers={})
    return Answer(
        request=request, status=400, headers={}, content=content, seconds=0.1, redactor=Redactor({SECRET: "$KEY"})
    )


@pytest.mark.parametrize("padding", [0, 380, 390, 65516, 65536])
@pytest.mark.parametrize("filling", ["a", " "])
def test_a_secret_is_gone_before_anything_is_cut(padding: int, filling: str) -> None:
    summary = answer((filling * padding + SECRET).encode()).summary
    assert SECRET[:8] not in summary
    assert len(summary) <= len("400 ") + LONGEST_SUMMARY + 1


def test_is_one_line() -> None:
    assert answer(b'{\n  "error": 1\n}').summary == '400 { "error": 1 }'
