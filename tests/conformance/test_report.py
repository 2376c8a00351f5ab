"""From checks to verdicts to the exit status: absence is never a pass."""

from typing import Any

import pytest

from conformance.report.build import MOST_REASONS, overall, rule_verdict
from conformance.report.status import exit_status
from conformance.verdicts.checks import Check, Verdict


def check(verdict: Verdict, reason: str = "") -> Check:
    return Check(rule="auth.missing_key", test="test_refuses", verdict=verdict, reason=reason)


def row(verdict: str, *, strength: str = "stated") -> dict[str, Any]:
    return {"verdict": verdict, "strength": strength, "known": None, "tests": []}


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([], "unverified"),
        ([check("passed")], "passed"),
        ([check("unverified")], "unverified"),
        ([check("passed"), check("unverified")], "passed"),
        ([check("passed"), check("error")], "error"),
        ([check("passed"), check("error"), check("failed")], "failed"),
    ],
)
def test_the_verdict_of_a_rule(checks: list[Check], verdict: str) -> None:
    assert rule_verdict(checks)[0] == verdict


def test_a_rule_without_a_test_says_so() -> None:
    assert rule_verdict([]) == ("unverified", "no test of the suite looked at it")


def test_what_could_not_be_seen_of_a_rule_that_passed_is_told() -> None:
    verdict = rule_verdict([check("passed"), check("unverified", "needs keys.exhausted")])
    assert verdict == ("passed", "in part: needs keys.exhausted")


def test_what_several_tests_say_of_a_rule_is_told_once_though_they_name_other_tasks() -> None:
    tasks = ("clga6patdsgu9xc47n0lhifev", "cl5jlrscor9n62yf55gdsc8rg")
    _, reason = rule_verdict([check("failed", f"got 200 {task}") for task in tasks])
    assert reason == f"got 200 {tasks[0]}"


def test_of_very_many_reasons_the_first_are_told() -> None:
    _, reason = rule_verdict([check("failed", f"reason {number}") for number in range(MOST_REASONS + 2)])
    assert reason.startswith("reason 0; reason 1; ")
    assert reason.endswith("; and 2 more")


@pytest.mark.parametrize(
    ("rules", "faults", "strict", "verdict"),
    [
        ([], [], False, "unverified"),
        ([row("passed")], [], False, "passed"),
        ([row("passed"), row("unverified")], [], False, "unverified"),
        ([row("passed"), row("failed"), row("error")], [], False, "failed"),
        ([row("passed"), row("error")], [], False, "error"),
        ([row("passed")], ["the closing control failed"], False, "error"),
        ([row("passed"), row("failed", strength="standard")], [], False, "passed"),
        ([row("passed"), row("failed", strength="standard")], [], True, "failed"),
        ([row("passed"), row("unverified", strength="standard")], [], False, "passed"),
        ([row("passed"), row("unverified", strength="standard")], [], True, "unverified"),
        ([row("passed"), row("error", strength="standard")], [], False, "error"),
    ],
)
def test_the_verdict_of_a_run(rules: list[dict[str, Any]], faults: list[str], strict: bool, verdict: str) -> None:
    assert overall(rules, [], faults, strict=strict) == verdict


@pytest.mark.parametrize(
    ("elected", "verdict", "overall_verdict"),
    [
        (None, "unverified", "passed"),
        ("202", "failed", "failed"),
        ("202", "unverified", "unverified"),
        ("202", "passed", "passed"),
    ],
)
def test_an_elected_reading_is_a_promise(elected: str | None, verdict: str, overall_verdict: str) -> None:
    assert overall([row("passed")], [{"elected": elected, "verdict": verdict}], [], strict=False) == overall_verdict


@pytest.mark.parametrize(
    ("verdict", "rules", "allowed", "status"),
    [
        ("passed", ["passed"], False, 0),
        ("failed", ["passed", "failed"], False, 1),
        ("failed", ["passed", "failed"], True, 1),
        ("unverified", ["passed", "unverified"], False, 3),
        ("unverified", ["passed", "unverified"], True, 0),
        ("unverified", ["unverified"], True, 3),
        ("unverified", [], True, 3),
        ("error", ["passed", "error"], True, 4),
    ],
)
def test_the_exit_status(verdict: str, rules: list[str], allowed: bool, status: int) -> None:
    report = {"verdict": verdict, "rules": [row(rule) for rule in rules]}
    assert exit_status(report, allow_unverified=allowed) == status
