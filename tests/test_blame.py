"""A failure is blamed on its own rule, told a few times, and believed although it does not come again."""

from typing import Any

import pytest
from hypothesis.errors import FlakyStrategyDefinition

from conformance.judge import judge
from conformance.outcomes import Nonconformance
from conformance.session.plugin import ENOUGH_SLIPS, plain
from conformance.session.selection import Selection
from tests.defects.catalogue import DEFECTS
from tests.proof.judging import Job, Unshrunk
from tests.proof.judging import judged as proved
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
