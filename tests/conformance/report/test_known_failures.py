"""Every renderer says of a known failure that it does not gate, and of one that is mended that it fails the run."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from conformance.report.github import annotations
from conformance.report.html import html
from conformance.report.junit import junit
from conformance.report.schema import mistake
from conformance.report.status import exit_status
from conformance.report.summary import summary
from conformance.report.terminal import print_summary
from conformance.report.view import Report, sentence
from tests.conformance.report.reports import a_report, a_rule, a_test, known

EXCUSED = a_report(known(a_rule("auth.bad", "failed")), a_rule("auth.good"))
EXPIRED = a_report(known(a_rule("auth.bad", "failed"), expired=True), a_rule("auth.good"))
MENDED = a_report(known(a_rule("auth.bad")), a_rule("auth.good"))
REMOVE = "auth.bad passes, and the profile calls it a known failure: remove it from known_failures"


def terminal(report: Report) -> str:
    file = io.StringIO()
    print_summary(Console(file=file, width=200, highlight=False), report, Path("report.json"))
    return file.getvalue()


def workflow(report: Report) -> str:
    return "\n".join(annotations(report))


def unescaped(text: str) -> str:
    """Without the backslashes and entities in which the formats hide special characters."""
    return re.sub(r"\\(.)", r"\1", text).replace("&#34;", '"').replace("&quot;", '"')


RENDERERS: dict[str, Callable[[Report], str]] = {
    "terminal": terminal,
    "summary.md": summary,
    "index.html": html,
    "junit.xml": lambda report: junit(report).decode(),
    "workflow": workflow,
}


def test_the_reports_are_valid() -> None:
    assert [mistake(report) for report in (EXCUSED, EXPIRED, MENDED)] == [None] * 3
    assert [exit_status(report) for report in (EXCUSED, EXPIRED, MENDED)] == [0, 1, 1]


@pytest.mark.parametrize("name", [name for name in RENDERERS if name != "workflow"])
def test_says_why_a_failure_does_not_gate(name: str) -> None:
    assert "known until 2027-01-31: ticket 12" in unescaped(RENDERERS[name](EXCUSED))
    assert "known until" not in RENDERERS[name](EXPIRED)


@pytest.mark.parametrize("name", RENDERERS)
def test_says_what_to_do_about_one_that_is_mended(name: str) -> None:
    assert REMOVE in unescaped(RENDERERS[name](MENDED))
    assert REMOVE not in unescaped(RENDERERS[name](EXCUSED))


def test_consumers_are_red_exactly_where_the_run_is() -> None:
    assert [b"<failure" in junit(report) for report in (EXCUSED, EXPIRED, MENDED)] == [False, True, True]
    assert ["::error" in workflow(report) for report in (EXCUSED, EXPIRED, MENDED)] == [False, True, True]


def test_the_sentence_tells_them_apart() -> None:
    assert sentence(EXCUSED) == "Every stated rule that was looked at passed. Known failures that do not count: 1."
    assert sentence(EXPIRED) == "The deployment breaks what the documentation promises."
    assert sentence(MENDED) == "What the profile calls a known failure passes now."
    both = a_report(known(a_rule("auth.bad")), a_rule("auth.worse", "failed"))
    assert sentence(both) == "The deployment breaks what the documentation promises."


@pytest.mark.parametrize("expired", [False, True])
def test_a_rule_that_is_said_to_pass_is_mended_though_a_test_of_it_could_not_run(expired: bool) -> None:
    rule = known(a_rule("auth.bad"), expired=expired)
    seen_in_part = a_report({**rule, "tests": [*rule["tests"], a_test("unverified")]})
    assert exit_status(seen_in_part) == 1
    assert REMOVE in terminal(seen_in_part)


def test_a_rule_that_nobody_could_look_at_is_not_mended() -> None:
    unseen = a_report(known(a_rule("auth.bad", "unverified")), a_rule("auth.good"))
    assert REMOVE not in terminal(unseen)
    assert exit_status(unseen) == 3
