"""A failure is blamed on its own rule, told a few times, and believed although it does not come again."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis.errors import FlakyStrategyDefinition
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.judge import judge
from conformance.outcomes import Nonconformance
from conformance.session.plugin import ENOUGH_SLIPS, plain
from conformance.session.selection import Selection
from mockserver.cors import is_control_plane
from tests.defects.catalogue import DEFECTS
from tests.proof.judging import Job, Unshrunk
from tests.proof.judging import judged as proved
from tests.rewriting import Reply, reply_of
from tests.servers import reference, served, small_contract

FAILURE = Nonconformance(expected="no task", got="one")
FLAKY = FlakyStrategyDefinition("drawn otherwise")


def judged(name: str, *rules: str) -> dict[str, dict[str, Any]]:
    """The rules of a report on a defective server, by id."""
    contract, defect = small_contract(), DEFECTS[name]
    with served(defect.change(reference(contract)), defect.wrap) as profile:
        report = judge(contract, profile, Selection(rules=rules)).report
    return {rule["id"]: rule for rule in report["rules"]}


def test_a_closed_connection_breaks_no_rule_but_its_own() -> None:
    rules = judged("missing_field_hangs_up", "body.required_field", "auth.revoked_key", "billing.refund")
    verdicts = {name: rule["verdict"] for name, rule in rules.items()}
    assert verdicts == {"body.required_field": "failed", "auth.revoked_key": "passed", "billing.refund": "passed"}


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_a_dead_key_of_a_walk_breaks_no_rule_of_what_is_sent_with_it(seed: int) -> None:
    selection = Selection(rules=("body.*", "submit.media_type"))
    course = Unshrunk(seed=seed, examples=20)
    outcome = proved(Job(subject="revocation_ends_the_account", course=course, selection=selection))
    assert outcome.failed == {}


@pytest.mark.parametrize(
    ("name", "innocent", "seed"),
    [
        ("refund_cannot_be_spent", "billing.last_page", 3),
        ("refund_cannot_be_spent", "billing.last_page", 4),
        ("further_keys_refused", "auth.revocation_scope", 2),
        ("further_keys_refused", "auth.revocation_scope", 6),
    ],
)
def test_a_walk_blames_nothing_on_what_it_never_saw_work(name: str, innocent: str, seed: int) -> None:
    course = Unshrunk(seed=seed, examples=30)
    outcome = proved(Job(subject=name, course=course, selection=Selection(rules=(innocent,))))
    assert outcome.failed == {}


@pytest.mark.parametrize("seed", [2, 3])
def test_what_an_account_paid_before_its_refund_is_no_matter_of_that(seed: int) -> None:
    course, selection = Unshrunk(seed=seed, shuffled=True), Selection(rules=("billing.refund",))
    outcome = proved(Job(subject="deducted_again_after_the_end", course=course, selection=selection))
    assert outcome.failed == {}


def test_nothing_is_sent_again_where_the_503_is_what_was_arranged() -> None:
    selection = Selection(rules=("billing.refund", "success.task_found"))
    outcome = proved(Job(subject="failed_creation_is_unavailable", selection=selection))
    assert (outcome.verdict, outcome.failed) == ("passed", {})


def test_what_an_answer_on_its_way_took_along_breaks_no_rule() -> None:
    selection = Selection(sections=("billing",))
    outcome = proved(Job(subject="gateway_gives_up_now_and_then", selection=selection))
    assert outcome.failed == {}


@pytest.mark.parametrize(
    ("name", "rule"),
    [("missing_key_is_an_error", "auth.missing_key"), ("encrypted_pdf_is_an_error", "http.client_error")],
)
def test_what_an_open_question_stumbles_over_is_blamed_on_its_own_rule(name: str, rule: str) -> None:
    assert proved(Job(subject=name)).failed.keys() == {rule}


def never_answering(app: ASGIApp) -> ASGIApp:
    """What is refused is answered, and what is accepted is not."""
    return silent(app, lambda reply: reply.is_accepted)


def gone_quiet(app: ASGIApp) -> ASGIApp:
    """From the first submission on that is accepted, nothing is answered."""
    accepted: list[Reply] = []

    def is_quiet(reply: Reply) -> bool:
        accepted.extend([reply] if reply.is_accepted else [])
        return bool(accepted)

    return silent(app, is_quiet)


def silent(app: ASGIApp, when: Callable[[Reply], bool]) -> ASGIApp:
    """The application whose answers are sometimes kept back for longer than anybody waits."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_control_plane(scope["path"]):
            await app(scope, receive, send)
            return
        reply = await reply_of(app, scope, receive)
        if when(reply):
            await asyncio.sleep(60)
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers.raw})
        await send({"type": "http.response.body", "body": reply.body})

    return wrapped


def test_a_submission_that_is_never_answered_is_a_failure_of_a_target_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("conformance.session.run.SLOWEST_ANSWER", 0.5)
    contract = small_contract()
    with served(reference(contract), never_answering) as profile:
        report = judge(contract, replace(profile, task_seconds=0.5), Selection()).report
    assert report["verdict"] == "failed"
    assert {rule["id"] for rule in report["rules"] if rule["verdict"] == "failed"} == {"auth.key_accepted"}
    assert report["faults"] == ["the plain submission is not answered, and nothing was judged from then on"]


def test_a_target_that_answers_nothing_any_more_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.session.run.SLOWEST_ANSWER", 0.5)
    contract = small_contract()
    with served(reference(contract), gone_quiet) as profile:
        report = judge(contract, replace(profile, task_seconds=0.5), Selection()).report
    assert report["verdict"] == "error"
    assert report["faults"] == ["the target went away, and nothing was judged from then on"]


def stumbling(app: ASGIApp) -> ASGIApp:
    """Of two submissions that are accepted in half a second, the second one ends in a 500."""
    last = [0.0]

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_control_plane(scope["path"]):
            await app(scope, receive, send)
            return
        reply = await reply_of(app, scope, receive)
        stumbles = reply.is_accepted and time.monotonic() - last[0] < 0.5
        last[0] = time.monotonic() if reply.is_accepted and not stumbles else last[0]
        status, body = (500, b"") if stumbles else (reply.status, reply.body)
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return wrapped


def test_a_target_that_stumbles_and_gets_up_has_a_fault_and_did_not_go_away() -> None:
    contract = small_contract()
    with served(reference(contract), stumbling) as profile:
        report = judge(contract, profile, Selection(rules=("submit.endpoint",))).report
    assert (report["verdict"], report["faults"]) == ("failed", [])


def test_what_every_answer_does_wrong_is_told_by_a_few_tests() -> None:
    rule = judged("task_named_after_its_document", "success.*", "body.*")["success.task_id_unique"]
    told = [test for test in rule["tests"] if "that no other submission has" in (test["expected"] or "")]
    assert len(told) == ENOUGH_SLIPS


@pytest.mark.parametrize(
    ("problem", "first", "expected"),
    [
        (FLAKY, FAILURE, FAILURE),
        (FLAKY, None, FLAKY),
        (ExceptionGroup("flaky", [ValueError("x"), FAILURE]), None, FAILURE),
        (FAILURE, Nonconformance(expected="another", got="one"), FAILURE),
        (None, FAILURE, None),
    ],
)
def test_a_failure_that_does_not_come_again_is_a_failure(
    problem: BaseException | None, first: Nonconformance | None, expected: BaseException | None
) -> None:
    assert plain(problem, first) is expected
