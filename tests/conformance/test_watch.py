"""What every answer of a run is held to."""

import json
from dataclasses import replace

import pytest

from conformance.redaction import ALMOST_KEY, FRESH_KEY, Redactor
from conformance.target.watch import Watch
from conformance.wire.exchange import Answer, Kind, Request
from spec import load_contract

KEY = "sk_watched_0123456789"
CONTRACT = load_contract()


def answer(
    value: object, *, key: str = KEY, kind: Kind = "submission", status: int = 200, told: str = "application/json"
) -> Answer:
    request = Request(
        method="POST", url="http://x.example/api/ocr", headers={"Authorization": f"Bearer {key}"}, kind=kind
    )
    redactor = Redactor({KEY: FRESH_KEY, f"{KEY}x": ALMOST_KEY})
    content = json.dumps(value).encode()
    return Answer(
        request=request, status=status, headers={"content-type": told}, content=content, seconds=0, redactor=redactor
    )


@pytest.mark.parametrize("slip", [answer({"for": KEY}), answer({}, told=KEY), answer({"for": KEY}, status=413)])
def test_sees_the_key_of_the_request(slip: Answer) -> None:
    [problem] = Watch(CONTRACT).slips(slip)
    assert problem.rule == "auth.key_shown_once"
    assert KEY not in str(problem)


@pytest.mark.parametrize("key", [f"{KEY}x", "never-issued-0123456789", ""])
def test_what_was_never_issued_is_no_secret(key: str) -> None:
    assert list(Watch(CONTRACT).slips(answer({"for": key}, key=key))) == []


def test_sees_a_task_that_is_named_twice() -> None:
    watch = Watch(CONTRACT)
    assert list(watch.slips(answer({"taskId": "one"}))) == []
    assert list(watch.slips(answer({"taskId": "two"}))) == []
    [problem] = watch.slips(answer({"taskId": "one"}))
    assert problem.rule == "success.task_id_unique"
    assert problem.got == '"one", which a submission with the same key had before; 2 names ago'


def test_tells_where_the_key_stands_and_who_had_the_name_before() -> None:
    watch = Watch(CONTRACT)
    [in_body] = watch.slips(answer({"for": KEY, "taskId": "one"}))
    [in_header] = watch.slips(answer({}, told=f"text/{KEY}"))
    assert in_body.got == "the key in full, in the body of the answer to POST /api/ocr"
    assert in_header.got == "the key in full, in the header content-type of the answer to POST /api/ocr"
    [again] = watch.slips(answer({"taskId": "one"}, key="never-issued-0123456789"))
    assert "a submission with another key had before" in again.got


def test_remembers_which_tasks_were_queued_before_another() -> None:
    watch = Watch(CONTRACT)
    for task, provider in (("one", "paddle"), ("two", "baidu"), ("three", "paddle"), ("four", "paddle")):
        assert list(watch.slips(answer({"taskId": task, "provider": provider}))) == []
    assert watch.queued_before("four") == [(KEY, "one"), (KEY, "three")]


@pytest.mark.parametrize(
    "other", [answer({"taskId": "one"}, kind="account API"), answer({"taskId": "one"}, status=500), answer(["one"])]
)
def test_only_an_accepted_submission_names_a_task(other: Answer) -> None:
    watch = Watch(CONTRACT)
    assert list(watch.slips(answer({"taskId": "one"}))) == []
    assert list(watch.slips(other)) == []


@pytest.mark.parametrize("value", [{"error": "insufficient_pages"}, {"error": {"code": "insufficient_pages"}}])
@pytest.mark.parametrize("status", [200, 403])
def test_sees_a_documented_code_with_another_status(value: object, status: int) -> None:
    [problem] = Watch(CONTRACT).slips(answer(value, status=status))
    assert problem.rule == "errors.status"
    assert problem.expected == "status 402 with the error code insufficient_pages"


@pytest.mark.parametrize(
    "other",
    [
        answer({"error": "insufficient_pages"}, status=402),
        answer({"error": "too_many_requests"}, status=429),
        answer({"result": {"words": ["insufficient_pages"]}}),
        answer({"error": "insufficient_pages"}, status=403, kind="account API"),
    ],
)
def test_a_code_that_is_no_documented_one_or_no_code_may_have_any_status(other: Answer) -> None:
    assert list(Watch(CONTRACT).slips(other)) == []


@pytest.mark.parametrize("value", [{"error": {"code": "insufficient_pages"}}, {"taskId": "one"}])
@pytest.mark.parametrize("declared", ["text/plain", "text/html; charset=utf-8", ""])
def test_sees_json_that_is_not_declared_as_such(value: object, declared: str) -> None:
    [problem] = Watch(CONTRACT).slips(answer(value, status=402 if "error" in str(value) else 200, told=declared))
    assert problem.rule == "http.json_answer"


@pytest.mark.parametrize(
    "other",
    [
        answer({"error": "insufficient_pages"}, status=402, told="application/problem+json; charset=utf-8"),
        answer({"error": "too_many_requests"}, status=429, told="text/plain"),
        answer({"taskId": "one"}, told="text/plain", kind="account API"),
    ],
)
def test_what_is_declared_as_json_or_no_answer_of_the_endpoint_may_be_declared_as_it_is(other: Answer) -> None:
    assert list(Watch(CONTRACT).slips(other)) == []


def keyless(authorization: str | None, *, alone: bool = True, cookie: str | None = None, status: int = 200) -> Answer:
    headers = {"Authorization": authorization, "Cookie": cookie}
    sent = {name: value for name, value in headers.items() if value is not None}
    request = Request(method="POST", url="http://x.example", headers=sent, alone=alone, kind="submission")
    return replace(answer({}, status=status), request=request)


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer "])
def test_sees_that_a_submission_without_a_key_is_accepted(authorization: str | None) -> None:
    [problem] = Watch(CONTRACT).slips(keyless(authorization))
    assert problem.rule == "auth.missing_key"


@pytest.mark.parametrize(
    "other",
    [
        keyless(None, status=401),
        keyless(None, alone=False),
        keyless(None, cookie="session=1"),
        keyless("Basic key"),
        keyless(f"Bearer {KEY}"),
    ],
)
def test_what_may_have_brought_a_key_another_rule_judges(other: Answer) -> None:
    assert list(Watch(CONTRACT).slips(other)) == []
