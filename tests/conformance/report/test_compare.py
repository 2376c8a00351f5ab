"""Two reports side by side: each kind of change is told, and only what is worse changes the exit status."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance.cli import cli
from conformance.report.compare import changes, compared_status, markdown
from conformance.report.view import Report
from tests.conformance.report.reports import a_question, a_report, a_rule, known

GOOD, BAD = a_rule("auth.one"), a_rule("auth.one", "failed", reason="expected 401; got 200")
UNSEEN, BROKEN = a_rule("auth.one", "unverified"), a_rule("auth.one", "error")
LAX = a_rule("auth.lax", strength="standard")
OTHER = a_rule("auth.other")


def told(old: Report, new: Report) -> list[tuple[str, str, str, str]]:
    return [(change.news, change.id, change.old, change.new) for change in changes(old, new)]


def status(old: Report, new: Report, **options: bool) -> int:
    return compared_status(new, changes(old, new), **options)


@pytest.mark.parametrize(
    ("old", "new", "news", "expected"),
    [
        (GOOD, BAD, ("newly failing", "auth.one", "passed", "failed"), 1),
        (UNSEEN, BAD, ("newly failing", "auth.one", "unverified", "failed"), 1),
        (OTHER, BAD, ("newly failing", "auth.one", "absent", "failed"), 1),
        (BAD, GOOD, ("newly passing", "auth.one", "failed", "passed"), 0),
        (GOOD, UNSEEN, ("newly unverified", "auth.one", "passed", "unverified"), 3),
        (GOOD, BROKEN, ("newly broken", "auth.one", "passed", "error"), 4),
    ],
)
def test_tells_what_is_new_of_a_rule(old: object, new: object, news: tuple[str, ...], expected: int) -> None:
    before, after = a_report(old, LAX), a_report(new, LAX)  # type: ignore[arg-type]
    assert news in told(before, after)
    assert status(before, after) == expected


def test_what_has_not_changed_is_not_told_and_does_not_fail() -> None:
    assert told(a_report(BAD, OTHER), a_report(BAD, OTHER)) == []
    assert status(a_report(BAD, OTHER), a_report(BAD, OTHER)) == 0


def test_a_rule_that_is_new_and_unverified_is_nothing_worse() -> None:
    assert status(a_report(OTHER), a_report(OTHER, UNSEEN)) == 0


def test_a_rule_that_nobody_looks_at_any_more_is_told() -> None:
    assert told(a_report(GOOD, OTHER), a_report(OTHER)) == [("not looked at any more", "auth.one", "passed", "absent")]


def test_what_does_not_gate_is_told_and_does_not_count() -> None:
    broken = a_rule("auth.lax", "failed", strength="standard")
    for worse in (broken, known(BAD)):
        before, after = a_report(GOOD, LAX, OTHER), a_report(worse, OTHER)
        assert changes(before, after)
        assert status(before, after) == 0
    assert status(a_report(LAX, strict=True), a_report(broken, strict=True)) == 1


def test_what_is_newly_unverified_can_be_allowed_unless_nothing_passed() -> None:
    before = a_report(GOOD, OTHER)
    assert status(before, a_report(UNSEEN, OTHER), allow_unverified=True) == 0
    assert status(before, a_report(UNSEEN), allow_unverified=True) == 3
    assert status(a_report(UNSEEN), a_report(UNSEEN)) == 3, "a run that saw nothing is no success"


def test_a_run_that_broke_is_no_success() -> None:
    assert status(a_report(GOOD), a_report(GOOD, faults=["the run was interrupted"])) == 4


def test_readings_that_changed_are_told_and_do_not_count() -> None:
    before, after = a_report(GOOD, questions=[a_question("200")]), a_report(GOOD, questions=[a_question("202")])
    assert told(before, after) == [("reads otherwise", "success_status", "200", "202")]
    assert status(before, after) == 0


def test_an_elected_reading_that_is_newly_broken_counts() -> None:
    kept = a_report(GOOD, questions=[a_question("200", elected="200", verdict="passed")])
    broken = a_report(GOOD, questions=[a_question("202", elected="200", verdict="failed")])
    assert ("newly failing", "success_status", "passed", "failed") in told(kept, broken)
    assert (status(kept, broken), status(broken, broken)) == (1, 0)


def test_markdown_is_a_table_that_nothing_of_a_server_breaks() -> None:
    bad = a_rule("auth.one", "failed", reason="got 200 | <b>@all</b>\n# no")
    text = markdown(a_report(GOOD), a_report(bad), changes(a_report(GOOD), a_report(bad)))
    [row] = [line for line in text.splitlines() if "newly failing |" in line]
    assert row.replace("\\|", "").count("|") == 6
    assert "<b>" not in text.replace("\\<", "")
    assert "12 → 12 requests, 3 → 3 pages" in text


def written(folder: Path, name: str, report: Report) -> str:
    (folder / name).mkdir()
    (folder / name / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return str(folder / name)


def compare(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["compare", *arguments])


@pytest.mark.parametrize("form", [(), ("--markdown",)])
def test_the_command_prints_and_exits(form: tuple[str, ...], tmp_path: Path) -> None:
    old, new = written(tmp_path, "old", a_report(GOOD)), written(tmp_path, "new", a_report(BAD))
    result = compare(old, f"{new}/report.json", *form)
    assert result.exit_code == 1, result.output
    assert "newly failing" in result.output
    assert "expected 401; got 200" in result.output
    assert compare(new, old, *form).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("one",),
        ("--left", "http://localhost:1"),
        ("a", "b", "--left", "http://localhost:1"),
        ("nowhere", "nothing"),
    ],
)
def test_a_wrong_call_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = compare(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("broken", [a_report(GOOD, faults=["the target went away"]), a_report(BROKEN, BAD)])
def test_nothing_is_compared_with_a_run_that_broke(broken: Report, tmp_path: Path) -> None:
    for name, report in (("old", broken), ("new", a_report(GOOD))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(json.dumps(report), encoding="utf-8")
    result = CliRunner().invoke(cli, ["compare", str(tmp_path / "old"), str(tmp_path / "new")])
    assert result.exit_code == 2
    assert "old: nothing can be compared with a run that broke (" in result.output
