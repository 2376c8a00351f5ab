"""summary.md and the annotations: fit for GitHub, whatever a server answers."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from conformance.report.github import annotations, tell_github
from conformance.report.summary import LONGEST, code, summary, text
from tests.conformance.report.reports import CURL, a_question, a_report, a_rule

NASTY = "`````\n<script>alert(1)</script> @someone | #1 **bold** [link](http://x) ::error::"


def html(markdown: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(markdown))


def test_tells_the_verdict_and_each_failure_and_how_to_see_it_again() -> None:
    told = summary(a_report(a_rule("auth.good"), a_rule("auth.bad", "failed"), a_rule("billing.broken", "error")))
    assert told.startswith("## ❌ StartOCR conformance of staging: failed\n")
    assert "3 rules: 1 passed, 1 failed, 1 error. 12 requests, 3 pages, 1.5 seconds." in told
    assert "| Authentication | 1 | 1 |  |  |" in told
    for part in ("`auth.bad`", "`billing.broken`", "expected  status 401", CURL, "--rules auth.bad"):
        assert part in told
    assert "`auth.good`" not in told


def test_tells_faults_and_what_would_open_the_unverified_and_the_readings() -> None:
    unseen = [a_rule(name, "unverified", reason="needs keys.valid") for name in ("auth.a", "auth.b")]
    questions = [a_question("200", elected="202", verdict="failed")]
    told = summary(a_report(*unseen, faults=["it broke"], questions=questions))
    assert "it broke" in told
    assert "- `auth.a` `auth.b`: needs keys.valid" in told
    assert "| `success_status` | 200 | 202 ❌ |" in told
    assert "❌ success\\_status was read as 200, and the profile elects 202" in told.partition("| section |")[0]


def test_a_standard_rule_says_that_it_does_not_gate() -> None:
    told = summary(a_report(a_rule("auth.good"), a_rule("auth.lax", "failed", strength="standard")))
    assert "`auth.lax` (does not gate without `--strict`)" in told
    assert told.startswith("## ✅")


def test_nothing_that_a_server_says_is_taken_for_markdown() -> None:
    report = a_report(
        a_rule("auth.bad", "failed", reason=NASTY, got=NASTY), faults=[NASTY], questions=[a_question(NASTY)]
    )
    page = html(summary(report))
    assert "<script>" not in page
    assert "<strong>" not in page
    assert "<a " not in page
    assert page.count("<td") == 5 + 3  # One row of a section, one of a question.


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert html(code(NASTY)).count("<pre>") == 1
    assert html(text(NASTY)).count("<p>") == 1


def test_fits_into_a_comment_and_counts_what_had_no_room() -> None:
    rules = [a_rule(f"auth.bad_{number}", "failed", got="é" * 2000) for number in range(100)]
    told = summary(a_report(*rules))
    assert LONGEST - 6000 < len(told.encode()) <= LONGEST
    shown = told.count("\n### ")
    assert f"…and {100 - shown} more, in the whole report." in told


def test_annotates_what_fails_the_run_as_an_error_and_the_rest_as_a_warning() -> None:
    report = a_report(
        a_rule("auth.good"),
        a_rule("auth.bad", "failed", reason="100%\nof it"),
        a_rule("auth.lax", "failed", strength="standard"),
        a_rule("auth.unseen", "unverified"),
        faults=["a: b"],
        questions=[a_question("200", elected="202", verdict="failed")],
    )
    assert list(annotations(report)) == [
        "::error title=StartOCR%3A auth.bad failed::This is promised by `auth.bad`.%0A100%25%0Aof it",
        "::warning title=StartOCR%3A auth.lax failed::This is promised by `auth.lax`.%0Awhy",
        "::error title=StartOCR%3A success_status failed::success_status was read as 200, and the profile elects 202",
        "::error title=StartOCR%3A the run itself broke::a: b",
    ]


def test_no_line_of_a_server_becomes_a_command() -> None:
    lines = list(annotations(a_report(a_rule("auth.bad", "failed", reason="x\r\n::set-output name=a::b"))))
    assert len(lines) == 1
    assert "\n" not in lines[0]
    assert "\r" not in lines[0]


def test_github_is_told_only_where_it_is(tmp_path: Path) -> None:
    report, steps = a_report(a_rule("auth.bad", "failed")), tmp_path / "steps.md"
    steps.write_text("before\n", encoding="utf-8")
    assert list(tell_github(report, {"GITHUB_STEP_SUMMARY": str(steps)})) == []
    assert steps.read_text(encoding="utf-8") == "before\n"
    assert len(list(tell_github(report, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(steps)}))) == 1
    assert steps.read_text(encoding="utf-8") == "before\n" + summary(report)


@pytest.mark.parametrize("environment", [{"GITHUB_ACTIONS": "true"}])
def test_a_runner_without_a_step_summary_gets_the_annotations(environment: dict[str, str]) -> None:
    assert len(list(tell_github(a_report(a_rule("auth.bad", "failed")), environment))) == 1


def test_a_run_that_broke_after_a_failure_says_both() -> None:
    told = summary(a_report(a_rule("auth.bad", "failed"), faults=["the target went away"]))
    assert "breaks what the documentation promises. The run itself broke as well; its other verdicts are not" in told
    assert "The run itself broke: it ended. Its" in summary(a_report(a_rule("auth.good"), faults=["it ended"]))
