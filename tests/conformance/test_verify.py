"""The verifiers compare exactly: status and code, type and value, and no substring."""

import json
from typing import Any

import pytest

from conformance.outcomes import Nonconformance, Unverified
from conformance.verdicts.checks import Findings
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer, Request
from spec import load_contract


@pytest.fixture
def findings() -> Findings:
    return Findings()


@pytest.fixture
def verify(findings: Findings) -> Verify:
    return Verify(load_contract(), findings)


def answer(status: int, value: Any) -> Answer:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    request = Request(method="POST", url="http://target.test/api/ocr")
    return Answer(request=request, status=status, headers={}, content=content, seconds=0.0)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"error": "missing_api_key"}, "/error"),
        ({"error": {"code": "missing_api_key", "message": "no key"}}, "/error/code"),
        ({"errors": [{"code": "missing_api_key"}]}, "/errors/0/code"),
        ({"code": "missing_api_key", "more": ["anything", 1, None]}, "/code"),
    ],
)
def test_finds_the_code_wherever_it_stands(verify: Verify, findings: Findings, value: Any, place: str) -> None:
    verify.refused(answer(401, value), "auth.missing_key")
    assert (findings.readings["error_code_place"], findings.codes) == ([place], {"missing_api_key": 1})


@pytest.mark.parametrize(
    ("members", "reading"),
    [({"success": False}, "false"), ({}, "absent"), ({"success": True}, "true"), ({"success": 1}, "other")],
)
def test_sees_what_a_refusal_says_of_success(
    verify: Verify, findings: Findings, members: dict[str, Any], reading: str
) -> None:
    verify.refused(answer(401, {"error": "missing_api_key", **members}), "auth.missing_key")
    assert findings.readings["refusal_success"] == [reading]


@pytest.mark.parametrize(
    ("status", "value"),
    [
        (403, {"error": "missing_api_key"}),
        (200, {"error": "missing_api_key"}),
        (401, {"error": "invalid_api_key"}),
        (401, {"error": "MISSING_API_KEY"}),
        (401, {"error": "missing_api_key "}),
        (401, {"error": "the code is missing_api_key"}),
        (401, {"error": ["missing_api_key", "invalid_api_key"]}),
        (401, {"missing_api_key": True}),
        (401, {}),
        (401, b"missing_api_key"),
        (401, b'{"error": "missing_api_key", "error": "missing_api_key"}'),
        (401, b'{"error": "missing_api_key", "x": "\xff"}'),
        (401, b'{"error": "missing_api_key", "x": NaN}'),
        (401, b""),
    ],
)
def test_takes_nothing_else_for_the_refusal(verify: Verify, status: int, value: Any) -> None:
    with pytest.raises(Nonconformance, match="expected status 401 with the error code missing_api_key"):
        verify.refused(answer(status, value), "auth.missing_key")


@pytest.mark.parametrize("status", [200, 201, 202])
def test_takes_every_success_status_and_reports_it(verify: Verify, findings: Findings, status: int) -> None:
    verify.accepted(answer(status, {}))
    assert findings.readings == {"success_status": [str(status)]}


@pytest.mark.parametrize("status", [302, 400, 402, 500])
def test_takes_no_other_status_for_success(verify: Verify, status: int) -> None:
    with pytest.raises(Nonconformance):
        verify.accepted(answer(status, {"success": True}))


@pytest.mark.parametrize("got", [1, "true", None, [True], False])
def test_only_true_is_true(verify: Verify, got: Any) -> None:
    with pytest.raises(Nonconformance):
        verify.equal(got, True, "success")


@pytest.mark.parametrize(
    ("got", "told"),
    [(None, "nothing (absent or null)"), (1, "1"), ("true", '"true"'), ({"ü": [False]}, '{"ü": [false]}')],
)
def test_tells_both_values_as_json(verify: Verify, got: object, told: str) -> None:
    with pytest.raises(Nonconformance) as problem:
        verify.equal(got, True, "success")
    assert (problem.value.expected, problem.value.got) == ("success true", told)


def test_tells_what_came_in_place_of_a_fact_as_json_or_in_words(verify: Verify) -> None:
    for got, told in ((["GET"], '["GET"]'), ("none in the result", "none in the result")):
        with pytest.raises(Nonconformance) as problem:
            verify.holds(False, expected="Allow with POST", got=got)
        assert problem.value.got == told


def test_a_refusal_for_another_reason_says_nothing_of_a_rule(verify: Verify) -> None:
    with pytest.raises(Unverified):
        verify.spared(answer(500, {}), "limit.refused")
    with pytest.raises(Nonconformance):
        verify.spared(answer(413, {"error": "payload_too_large"}), "limit.refused")


def test_a_control_that_does_not_hold_blames_nobody(verify: Verify) -> None:
    with (
        pytest.raises(Unverified, match="its control does not hold: a small file is accepted"),
        control("a small file is accepted"),
    ):
        verify.accepted(answer(500, {}))
