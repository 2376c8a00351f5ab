"""How a failed test came to its failure is told step by step, in words that need no source of the suite."""

import json
from dataclasses import replace
from threading import Barrier

from conformance.redaction import FRESH_KEY, SECOND_KEY, Redactor
from conformance.report.steps import FIRST_LINES, MOST_LINES, told
from conformance.strategies.pdfs import PdfShape, pdf
from conformance.target.submissions import Submission, plain_submission
from conformance.wire.exchange import Answer, Kind, Request
from conformance.wire.trail import LONGEST_BODY, Trail
from spec import load_contract

CONTRACT = load_contract()
KEY, SECOND, STRANGERS = "sk_first_0123456789", "sk_second_0123456789", "sk_stranger_0123456789"
REDACTOR = Redactor({KEY: FRESH_KEY, SECOND: SECOND_KEY, STRANGERS: FRESH_KEY})
ACCEPTED = {"success": True, "taskId": "task-1"}


def a_trail() -> Trail:
    """Two accounts, of which the first has two keys."""
    trail = Trail()
    trail.know(KEY, "key-1", "acct/1", 9)
    trail.know(SECOND, "key-2", "acct/1")
    trail.know(STRANGERS, "key-3", "acct/2", 1)
    return trail


def plain(key: str = KEY) -> Submission:
    return plain_submission(CONTRACT, "http://target.test", key, metered=False)


def sent(trail: Trail, request: Submission | Request, value: object, status: int = 200) -> None:
    asked = request.request() if isinstance(request, Submission) else request
    content = json.dumps(value).encode()
    trail.record(asked, Answer(request=asked, status=status, headers={}, content=content, seconds=0, redactor=REDACTOR))


def asked(
    path: str, *, key: str = KEY, kind: Kind = "account API", method: str = "GET", body: object = None
) -> Request:
    headers = {"Authorization": f"Bearer {key}"} if kind != "hook" else {}
    content = b"" if body is None else json.dumps(body).encode()
    return Request(method=method, url=f"http://target.test{path}", headers=headers, kind=kind, content=content)


def hook(method: str, path: str, body: object = None) -> Request:
    return asked(f"/_mock/accounts{path}", kind="hook", method=method, body=body)


def lines(trail: Trail) -> list[str]:
    return told(trail.steps(), CONTRACT.errors, REDACTOR.text)


def test_a_balance_is_told_before_and_after_with_who_submitted_what() -> None:
    trail = a_trail()
    sent(trail, hook("GET", "/acct%2F1"), {"pages": 9})
    sent(trail, plain(SECOND).with_members(provider="baidu"), ACCEPTED)
    for pages in (9, 9, 8):
        sent(trail, hook("GET", "/acct%2F1"), {"pages": pages})
    size = len(plain().with_members(provider="baidu").body)
    assert lines(trail) == [
        "account A was made with 9 pages",
        "the balance of account A: 9 pages",
        f"submits page.png (1 page; {size:,} bytes) to baidu, key 2 of account A → 200, task task-1",
        "the balance of account A: 9 pages, then 8 pages",
    ]


def test_what_was_arranged_is_told_of_whatever_account_it_is() -> None:
    trail = a_trail()
    sent(trail, hook("DELETE", "/acct%2F1/keys/key-2"), None, 204)
    sent(trail, hook("PUT", "/acct%2F1/task-failures", {"count": 1}), None, 204)
    sent(trail, hook("PUT", "/acct%2F1/queue", {"paused": True}), None, 204)
    sent(trail, plain(STRANGERS).faulty(content_type="text/plain"), {"error": "invalid_api_key"}, 401)
    assert lines(trail)[:-1] == [
        "account A was made with 9 pages",
        "key 2 of account A is revoked",
        "the next task of account A cannot be created",
        "the queue of account A stands still",
        "account B was made with 1 page",
    ]
    assert lines(trail)[-1].endswith(
        "to paddle, header Content-Type text/plain, key 1 of account B → 401 invalid_api_key"
    )


def test_what_goes_on_beside_the_test_is_none_of_its_steps() -> None:
    trail = a_trail()
    sent(trail, asked("/_mock/accounts", kind="hook", method="POST", body={"pages": 3}), {}, 201)
    sent(trail, hook("PUT", "/acct%2F1/queue", {"paused": False}), None, 204)
    sent(trail, asked("/api/tasks/task-1", key=STRANGERS), {"error": "task_not_found"}, 404)
    assert lines(trail) == [
        "account A was made with 1 page",
        'GET /api/tasks/task-1, key 1 of account A → 404 error "task_not_found"',
    ]


def test_a_task_that_is_polled_is_told_by_its_states() -> None:
    trail = a_trail()
    for status in ("queued", "queued", "done"):
        sent(trail, asked("/api/tasks/task-1"), {"taskId": "t" * 30, "status": status, "result": {"text": "a" * 900}})
    assert lines(trail)[1:] == [
        'GET /api/tasks/task-1, key 1 of account A → 200 status "queued", then 200 status "done"'
    ]


def test_what_is_sent_at_the_same_moment_is_counted_by_key_and_answer() -> None:
    trail, gate = a_trail(), Barrier(1)
    for key, status in ((KEY, 200), (SECOND, 402), (KEY, 402), (SECOND, 200), (KEY, 402)):
        error = {} if status == 200 else {"error": "insufficient_pages"}
        sent(trail, replace(plain(key).request(), gate=gate), error, status)
    assert [line.partition("key ")[2] for line in lines(trail)[1:]] == [
        "1 of account A → 1 × 200, 2 × 402 insufficient_pages",
        "2 of account A → 1 × 402 insufficient_pages, 1 × 200",
    ]
    assert all("at the same moment as others" in line for line in lines(trail)[1:])


def test_what_is_special_about_a_file_that_the_suite_made_is_told() -> None:
    trail = a_trail()
    sent(trail, plain().of(pdf(PdfShape(pages=3, removed=2, decoys=True))), ACCEPTED)
    assert "two earlier versions with 5 pages each, pages and counts left in it that no tree holds" in lines(trail)[1]


def test_what_stands_in_the_place_of_a_file_is_told() -> None:
    trail = a_trail()
    sent(trail, plain().without("imageBase64"), {}, 400)
    sent(trail, plain().with_members(imageBase64="%%%%"), {}, 400)
    assert " without imageBase64 to paddle" in lines(trail)[1]
    assert ' with imageBase64 "%%%%" to paddle' in lines(trail)[2]


def test_of_a_body_that_is_too_long_to_keep_the_size_is_told() -> None:
    trail = a_trail()
    sent(trail, plain().filled_to(LONGEST_BODY + 1), {"error": "payload_too_large"}, 413)
    assert lines(trail)[1:] == ["submits a body of 50,001 bytes, key 1 of account A → 413 payload_too_large"]


def test_no_answer_no_key_and_the_same_connection_are_told() -> None:
    trail = a_trail()
    trail.record(replace(plain(), authorization=None, after=plain().request()).request(), None)
    assert lines(trail)[0].endswith("on the same connection as the one before, no key → no answer")


def test_no_secret_is_told() -> None:
    trail = Trail()
    sent(trail, replace(plain(), authorization=f"Basic {KEY}"), {"taskId": KEY, "note": SECOND})
    sent(trail, asked(f"/api/tasks/{SECOND}"), {"key": KEY})
    assert KEY not in repr(lines(trail))
    assert SECOND not in repr(lines(trail))
    assert "Authorization: Basic $STARTOCR_FRESH_KEY" in lines(trail)[0]


def test_of_very_many_steps_the_first_and_the_last_are_told() -> None:
    trail = a_trail()
    for number in range(100):
        sent(trail, asked(f"/api/tasks/task-{number}"), {})
    shown = lines(trail)
    assert len(shown) == MOST_LINES
    assert shown[FIRST_LINES] == f"… {101 - MOST_LINES + 1} more steps …"
    assert "task-99" in shown[-1]
