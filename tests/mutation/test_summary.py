"""What a mutant counts as, which explanations are stale, and the score."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest

from tests.mutation.__main__ import hold_to_what_there_is
from tests.mutation.explained import Entry, entries, judged, stale, unnoticed
from tests.mutation.records import Record, Run, Session
from tests.mutation.summary import markdown, numbers, score, summary
from tests.mutation.trial import Ending, outcome

READINGS = {"megabyte": "binary"}
RECORD = Record(
    where="ledger.Ledger.grant",
    change="a → b",
    operator="SQL",
    ending="survived",
    reason="",
    readings=READINGS,
    seconds=1.0,
)
ENTRY = Entry(where=RECORD.where, mutants=(RECORD.change,), reason="nobody sees it")
RUN = Run(
    commit="0123456789ab",
    tool="cosmic-ray 0",
    modules=("ledger",),
    generated=2,
    workers=2,
    seconds=3.0,
)
SESSION = Session(
    run=RUN,
    readings=READINGS,
    records=(RECORD, replace(RECORD, change="a → c", ending="killed")),
)


def report(*verdicts: str, **members: Any) -> Mapping[str, Any]:
    rules = [{"id": f"rule.{verdict}", "verdict": verdict, "reason": "because"} for verdict in verdicts]
    return {"rules": rules, "faults": [], "questions": [{"id": "megabyte", "reading": "binary"}], **members}


@pytest.mark.parametrize(
    ("found", "ending"),
    [
        (report("passed"), "survived"),
        (report("passed", "failed", "error", "unverified"), "killed"),
        (report("passed", "error"), "error"),
        (report("passed", faults=["the control that closes the run failed"]), "error"),
        (report("passed", "unverified"), "unverified"),
    ],
)
def test_only_a_rule_that_fails_kills(found: Mapping[str, Any], ending: Ending) -> None:
    assert outcome(found).ending == ending


def test_a_survivor_is_told_with_what_it_showed_of_the_questions() -> None:
    assert outcome(report("passed")).readings == READINGS


def test_what_is_explained_counts_as_what_the_explanation_says() -> None:
    assert judged(RECORD, [ENTRY], READINGS).kind == "equivalent"
    assert judged(RECORD, [replace(ENTRY, question="megabyte")], READINGS).kind == "question"
    assert judged(RECORD, [replace(ENTRY, where="ledger.Ledger.refund")], READINGS).kind == "survived"
    assert judged(RECORD, [replace(ENTRY, mutants=("a → c",))], READINGS).kind == "survived"


def test_what_breaks_a_rule_survives_and_says_why() -> None:
    found = judged(RECORD, [replace(ENTRY, breaks="auth.revoked_key")], READINGS)
    assert (found.kind, found.reason) == ("survived", "auth.revoked_key: nobody sees it")


@pytest.mark.parametrize("ending", ["killed", "incompetent"])
def test_no_explanation_changes_what_was_noticed(ending: Ending) -> None:
    assert judged(replace(RECORD, ending=ending), [ENTRY], READINGS).kind == ending


def test_another_reading_is_a_matter_of_its_question() -> None:
    other = judged(replace(RECORD, readings={"megabyte": "decimal"}), [], READINGS)
    assert (other.kind, other.reason) == ("question", "megabyte: decimal")
    assert (
        judged(replace(RECORD, ending="unverified", readings={"megabyte": "decimal"}), [], READINGS).kind
        == "unverified"
    )


@pytest.mark.parametrize(
    ("where", "pattern", "covers"),
    [
        ("ledger.Ledger.grant", "a → …", True),
        ("ledger.Ledger.…", "…", True),
        ("…", "… → b", True),
        ("ledger.Ledger.grant", "a", False),
        ("ledger.Ledger", "…", False),
        ("ledger.Ledger.grant", "a . b", False),
    ],
)
def test_a_pattern_leaves_open_what_it_does_not_say(where: str, pattern: str, covers: bool) -> None:
    assert Entry(where=where, mutants=(pattern,), reason="").covers(RECORD) == covers


def test_an_explanation_without_mutants_is_about_all_of_a_place() -> None:
    everything = Entry(where=RECORD.where, reason="nobody sees any of it")
    assert judged(RECORD, [everything], READINGS).kind == "equivalent"
    assert judged(replace(RECORD, where="ledger.Ledger.refund"), [everything], READINGS).kind == "survived"


def test_an_explanation_of_a_mutant_that_is_killed_is_stale() -> None:
    assert stale([ENTRY], unnoticed([RECORD])) == []
    assert stale([ENTRY], unnoticed([replace(RECORD, ending="killed")])) == ["ledger.Ledger.grant: a → b"]
    assert stale([ENTRY], []) == ["ledger.Ledger.grant: a → b"]


def test_an_explanation_of_one_of_two_that_read_alike_explains_no_more() -> None:
    once = replace(ENTRY, most=1)
    assert summary(replace(SESSION, records=(RECORD, RECORD)), [ENTRY]).overused == ()
    assert summary(replace(SESSION, records=(RECORD, RECORD)), [once]).overused == ("ledger.Ledger.grant: 2, not 1",)
    assert not summary(replace(SESSION, records=(RECORD, RECORD)), [once]).is_good
    assert summary(SESSION, [once]).is_good


def test_what_no_question_lists_is_a_survivor() -> None:
    assert judged(replace(RECORD, readings={"megabyte": "status 500"}), [], READINGS).kind == "survived"


def test_each_pattern_of_an_explanation_has_to_explain_something() -> None:
    both = replace(ENTRY, mutants=("a → …", "x → …"))
    assert stale([both], [RECORD]) == ["ledger.Ledger.grant: x → …"]


def test_what_no_mutant_is_named_like_is_told_before_any_is_tried() -> None:
    gone = replace(ENTRY, mutants=("gone → …",))
    hold_to_what_there_is([ENTRY, replace(gone, where="keys.Keys.issue")], [RECORD])
    with pytest.raises(click.ClickException, match=r"ledger\.Ledger\.grant: gone → …"):
        hold_to_what_there_is([ENTRY, gone], [RECORD])


def test_the_score_leaves_out_what_could_not_be_killed() -> None:
    assert score(["killed", "killed", "killed", "survived"]) == 0.75
    assert score(["killed", "equivalent", "question", "incompetent"]) == 1.0
    assert score(["killed", "timeout", "error", "unverified"]) == 0.25
    assert score(["equivalent"]) == 0.0


def test_a_sample_calls_no_explanation_stale() -> None:
    gone = replace(ENTRY, mutants=("gone → gone",))
    assert summary(SESSION, [ENTRY, gone]).stale == ("ledger.Ledger.grant: gone → gone",)
    assert summary(replace(SESSION, run=replace(RUN, generated=3)), [ENTRY, gone]).stale == ()
    assert summary(SESSION, [ENTRY, replace(gone, where="keys.Keys.issue")]).stale == ()


def test_the_page_says_what_survived_and_what_it_was_made_from() -> None:
    page = markdown(summary(SESSION, []))
    assert "Made from commit 0123456789ab with cosmic-ray 0: all 2 mutants, 2 at a time, in 3 seconds." in page
    assert "**Score: 50.0%**" in page
    assert "| ledger | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 50% |" in page
    assert "- `ledger.Ledger.grant` ``a → b``" in page
    assert not summary(SESSION, []).is_good
    assert summary(SESSION, [ENTRY]).is_good


def test_the_numbers_are_those_of_the_score() -> None:
    found = summary(SESSION, [])
    assert numbers(found) == {"commit": RUN.commit, "anew": {}, "tool": RUN.tool, "killed": 1, "due": 2}


def test_a_session_comes_back_as_it_was_written(tmp_path: Path) -> None:
    SESSION.write(tmp_path / "trials.json")
    assert msgspec.json.decode((tmp_path / "trials.json").read_bytes(), type=Session) == SESSION


def test_the_explanations_can_be_read_and_each_is_there_once() -> None:
    named = [(entry.where, change) for entry in entries() for change in entry.mutants]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- where: a\n", "missing required field"),
        ("where: [", "explained.yaml"),
        ("- {where: a, mutants: [b], reason: c, question: nobody_asked}", "no such question or rule: nobody_asked"),
        ("- {where: a, mutants: [b], reason: c, breaks: no.rule}", "no such question or rule: no.rule"),
    ],
)
def test_a_mistake_in_the_explanations_is_one_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "explained.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as caught:
        entries(path)
    assert "\n" not in str(caught.value)
