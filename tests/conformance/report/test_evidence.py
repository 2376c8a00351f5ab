"""The exchange of a failure, as a report shows it."""

from conformance.report.evidence import LONGEST_TEXT, evidence
from conformance.wire.exchange import Answer, Request

REQUEST = Request(method="GET", url="http://target.test/api/ocr")


def shown(headers: dict[str, str]) -> dict[str, str]:
    answer = Answer(request=REQUEST, status=401, headers=headers, content=b"", seconds=0.1)
    found = evidence(REQUEST, answer, lambda text: text.replace("sk_secret", "$STARTOCR_API_KEY"))
    return dict(found["response"]["headers"])


def test_a_header_of_kilobytes_is_cut_after_it_was_redacted() -> None:
    value = "a" * (LONGEST_TEXT - 4) + "sk_secret" + "b" * 100_000
    assert shown({"set-cookie": value})["set-cookie"].startswith("a" * (LONGEST_TEXT - 4) + "$STA… (")
    assert len(shown({"set-cookie": value})["set-cookie"]) < LONGEST_TEXT + 100


def test_a_header_is_shown_as_it_came() -> None:
    assert shown({"www-authenticate": 'Bearer realm="StartOCR"'}) == {"www-authenticate": 'Bearer realm="StartOCR"'}
