"""Tests of a rule that failed alike are told once, in every form of a report, beside what passed in the same test."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from conformance.report.alike import MOST_PARAMETERS, kinds
from conformance.report.html import html
from conformance.report.junit import junit
from conformance.report.summary import summary
from conformance.report.terminal import print_summary
from conformance.report.view import Report, Row
from tests.conformance.report.reports import a_report, a_rule, a_test


def failing(*tests: Row) -> Row:
    return {**a_rule("auth.bad", "failed"), "tests": list(tests)}


def failed(name: str, got: str) -> Row:
    return a_test("failed", name=name, got=got)


RULE = failing(
    failed("test_refuses[a]", '200 {"taskId": "clga6patdsgu9xc47n0lhifev"}'),
    failed("test_refuses[b]", '200 {"taskId": "cl5jlrscor9n62yf55gdsc8rg"}'),
    failed("test_refuses_any", '200 {"taskId": "cl3t90jpr23hdqk1ldwltipko"}'),
    a_test("passed", name="test_refuses[c]"),
    a_test("passed", name="test_of_something_else"),
    failed("test_refuses[d]", '401 {"error": "missing_api_key"}'),
)


def test_what_ended_alike_but_for_names_is_one_kind() -> None:
    first, second = kinds(RULE)
    assert first.names == ["test_refuses[a] [b]", "test_refuses_any"]
    assert first.passed == ["test_refuses[c]"]
    assert second.names == ["test_refuses[d]"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('401 {"error": "missing_api_key"}', '401 {"error": "invalid_api_key"}'),
        ('401 {"error": "missing_api_key"}', '400 {"error": "missing_api_key"}'),
        ("998", "997"),
    ],
)
def test_another_status_code_or_number_is_another_kind(one: str, other: str) -> None:
    assert len(kinds(failing(failed("test_a", one), failed("test_b", other)))) == 2


def test_what_got_no_answer_is_told_apart_by_its_reason() -> None:
    ended = [{**a_test("failed", name=name, reason=name), "expected": None, "got": None} for name in ("a", "b")]
    assert len(kinds(failing(*ended))) == 2


def test_of_very_many_parameters_the_first_are_named() -> None:
    [kind] = kinds(failing(*(failed(f"test_takes[{number}]", "400") for number in range(MOST_PARAMETERS + 5))))
    assert kind.names[0].startswith("test_takes[0] [1]")
    assert kind.names[0].endswith("and 5 more")


def terminal(report: Report) -> str:
    console = Console(file=io.StringIO(), soft_wrap=True)
    print_summary(console, report, Path("report.json"))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("rendered", [terminal, summary, lambda report: junit(report).decode(), html])
def test_every_form_of_a_report_tells_them_once(rendered: Callable[[Report], str]) -> None:
    shown = rendered(a_report(RULE))
    assert shown.count("clga6patdsgu9xc47n0lhifev") == 1
    assert "cl5jlrscor9n62yf55gdsc8rg" not in shown
    assert "test_refuses[a] [b]" in shown
    assert "test_refuses[c]" in shown
