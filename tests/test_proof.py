"""The committed summary of the proof says what the catalogues say, and only what was judged."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from conformance.session.collecting import collect
from conformance.session.course import Course
from conformance.verdicts.checks import Verdict
from mockserver.server import Server
from tests.defects.catalogue import DEFECTS
from tests.mutation.committed import read_summary
from tests.mutation.summary import numbers
from tests.proof import sources
from tests.proof.__main__ import DOCS
from tests.proof.claims import unproved
from tests.proof.facts import Facts, changed, facts, lacking, lost, row_of, subject, waiting
from tests.proof.judging import NOT_JUDGED, Outcome
from tests.proof.page import page
from tests.proof.sources import digest, source_of
from tests.proof.subjects import everything
from tests.proof.summary import summary
from tests.servers import small_contract
from tests.variants.catalogue import VARIANTS

COMMITTED = json.loads((DOCS / "proof.json").read_text(encoding="utf-8"))
A_DEFECT, A_VARIANT = DEFECTS["no_origin_allowed"], VARIANTS["created"]


def an_outcome(subject: str, *failed: str, verdict: Verdict = "failed", **more: object) -> Outcome:
    facts = {"errors": {}, "readings": {}, **more}
    return Outcome(subject=subject, verdict=verdict, failed=dict.fromkeys(failed, "it differs"), **facts)  # type: ignore[arg-type]


def test_the_committed_summary_is_of_these_catalogues() -> None:
    """Where it is not: judge what has changed, `python -m tests.proof --only NAME --write`."""
    assert facts([], commit="", before=COMMITTED) == COMMITTED


def test_the_committed_page_is_written_from_the_committed_facts() -> None:
    assert (DOCS / "proof.md").read_text(encoding="utf-8") == summary(COMMITTED)


def test_the_committed_score_is_that_of_the_last_run_of_the_mutants() -> None:
    """Where it is not: `python -m tests.proof --again --write`."""
    assert COMMITTED["mutation"] == numbers(read_summary())


def test_the_committed_facts_prove_the_suite() -> None:
    """Where they do not, the suite is wrong about a server, or what it said of it is out of date."""
    assert unproved(COMMITTED) == []


def claiming(kind: str, name: str, members: Mapping[str, object]) -> Facts:
    """The committed facts, but for these members of the row of one server."""
    rows = [{**row, **members} if row["name"] == name else row for row in COMMITTED[kind]]
    return {**COMMITTED, kind: rows}


@pytest.mark.parametrize(
    ("kind", "members", "told"),
    [
        ("defects", {"failed": []}, [f"{A_DEFECT.rule} did not fail", "cors.preflight was to fail with it"]),
        ("defects", {"verdict": "passed"}, ["the run came out as passed"]),
        (
            "defects",
            {"failed": [*sorted(A_DEFECT.blamed), "success.flag"]},
            ["success.flag fails with it without a reason"],
        ),
        ("defects", {"source": "0123456789ab"}, ["its code is not the one that was judged"]),
        ("variants", {"failed": ["success.flag"]}, ["success.flag fails"]),
        ("variants", {"verdict": "failed"}, ["the run came out as failed"]),
        ("variants", {"verdict": NOT_JUDGED}, ["the run came out as not judged"]),
        ("variants", {"source": "0123456789ab"}, ["its code is not the one that was judged"]),
    ],
)
def test_facts_that_prove_nothing_are_told(kind: str, members: Mapping[str, object], told: list[str]) -> None:
    name = (A_DEFECT if kind == "defects" else A_VARIANT).name
    assert unproved(claiming(kind, name, members)) == [f"{name}: {sentence}" for sentence in told]


def test_a_server_of_which_nothing_is_known_is_not_proved() -> None:
    left = [row for row in COMMITTED["defects"] if row["name"] != A_DEFECT.name]
    assert unproved({**COMMITTED, "defects": left}) == [f"{A_DEFECT.name}: nothing is known of it"]


def test_a_row_is_out_of_date_when_its_server_does_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def does_nothing(server: Server) -> Server:
        return server

    row = row_of(an_outcome(A_DEFECT.name, *A_DEFECT.blamed), "0123456789ab")
    found = claiming("defects", A_DEFECT.name, row)
    assert A_DEFECT.name not in changed(found)
    monkeypatch.setitem(DEFECTS, A_DEFECT.name, replace(A_DEFECT, made_of=(does_nothing,)))
    assert changed(found) == [A_DEFECT.name]
    assert f"`{A_DEFECT.name}` was judged before its code changed" in summary(found)


def test_how_code_is_laid_out_changes_nothing() -> None:
    assert digest("def one(server):\n    return {\n        1: 2}\n") == digest("def one(server): return {1: 2}")
    assert digest("return {1: 2}") != digest("return {1: 3}")


def test_every_server_says_what_it_is_made_of() -> None:
    assert [name for name in everything() if not subject(name).made_of] == ["reference"]


def test_a_digest_is_of_what_a_function_calls_too(monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_of(A_DEFECT)

    def admitting(server: Server, **admitted: object) -> Server:
        return server

    monkeypatch.setattr(admitting, "__module__", "tests.defects.cors")
    monkeypatch.setitem(A_DEFECT.made_of[0].__globals__, "admitting", admitting)
    assert source_of(A_DEFECT) != before


def test_what_a_run_says_is_entered_with_its_commit_and_the_rest_is_left_as_it_was() -> None:
    outcome = an_outcome(A_DEFECT.name, A_DEFECT.rule, killers={A_DEFECT.rule: ("test_allows",)})
    found = facts([outcome], commit="0123456789ab", before=COMMITTED)
    before = {row["name"]: row for row in COMMITTED["defects"]}
    changed = [row for row in found["defects"] if row != before[row["name"]]]
    assert [(row["name"], row["commit"], row["tests"]) for row in changed] == [
        (A_DEFECT.name, "0123456789ab", {"test_allows": ""})
    ]
    assert "1 on commit `0123456789ab`" in summary(found)


def names_of_tests() -> list[str]:
    contract = small_contract()
    return [test.name for test in collect(contract, Course(), contract.rules, with_questions=True)]


def test_no_test_that_killed_a_defect_was_lost() -> None:
    """Where one was, and is to be: judge what it killed anew, `python -m tests.proof --only NAME --write`."""
    assert lost(COMMITTED, names_of_tests()) == []


def killed_by(*tests: str) -> Facts:
    outcome = an_outcome(A_DEFECT.name, A_DEFECT.rule, killers={A_DEFECT.rule: tests})
    return facts([outcome], commit="0123456789ab")


def test_a_test_that_is_gone_is_missed_by_the_defects_that_it_killed() -> None:
    found = killed_by("test_allows", "test_refuses")
    assert lost(found, ["test_allows", "test_refuses"]) == []
    assert lost(found, ["test_allows"]) == [f"{A_DEFECT.name}: killed by test_refuses, which the suite has no more"]


def test_a_test_that_is_another_one_now_is_missed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "test_accepts_a_valid_key"
    found = killed_by(name)
    assert lost(found, [name]) == []
    monkeypatch.setitem(sources.tests_of_the_suite(), name, "0123456789ab")
    assert lost(found, [name]) == [f"{A_DEFECT.name}: killed by {name}, which looked otherwise then"]


def test_a_kill_that_no_test_is_named_for_is_told() -> None:
    assert lost(killed_by(), []) == [f"{A_DEFECT.name}: no test is named that killed it"]


def test_every_test_of_a_rule_has_a_digest() -> None:
    assert [name for name in names_of_tests() if not sources.digest_of_test(name)] == []


def test_every_test_of_a_rule_has_killed_a_defect_of_it() -> None:
    """Where one has not: declare the defect that it is there for, or take it out of the suite."""
    contract = small_contract()
    tests = collect(contract, Course(), contract.rules, with_questions=False)
    killed = {(row["rule"], test) for row in COMMITTED["defects"] for test in row["tests"]}
    assert [test.name for test in tests if killed.isdisjoint((rule, test.name) for rule in test.subjects)] == []


def test_what_failed_besides_is_what_was_seen_and_not_what_is_declared() -> None:
    found = facts([an_outcome(A_DEFECT.name, A_DEFECT.rule, "success.flag")], commit="0123456789ab")
    shown = summary(found)
    assert f"| `{A_DEFECT.name}` | `{A_DEFECT.rule}` | `success.flag` | **no reason is known** |" in shown
    assert A_DEFECT.besides["cors.preflight"] not in shown
    assert "| where another failed without a reason | 1 |" in shown


def test_a_whole_run_that_was_not_all_right_is_told_as_such() -> None:
    assert ", found nothing wrong: commit" in summary({**COMMITTED, "whole": {**COMMITTED["whole"], "wrong": 0}})
    found = summary({**COMMITTED, "whole": {**COMMITTED["whole"], "wrong": 7}})
    assert ", found 7 things wrong: commit" in found


def test_flicker_and_the_score_of_mutants_stand_on_both_pages() -> None:
    run = {
        "commit": "0123456789ab",
        "date": "2026-01-02",
        "subjects": 7,
        "runs": 20,
        "processes": 2,
        "seconds": 90,
        "wrong": 0,
    }
    found = facts(
        [],
        commit="",
        before=COMMITTED,
        repeated={**run, "flickering": {"created": ["passed", "failed"]}},
        mutation={"commit": "ba9876543210", "anew": {"keys": "345"}, "killed": 19, "due": 20},
    )
    for shown in (summary(found), page(found, [], judged=0, seconds=0.0)):
        assert "Flicker over shuffled runs of 7 servers" in shown
        assert [text for text in ("20 times", "created", "345", "19 of 20", "95.0%") if text not in shown] == []


def test_what_was_not_judged_is_said_to_be_so() -> None:
    none = facts([], commit="")
    assert set(lacking(none)) == DEFECTS.keys() | VARIANTS.keys()
    assert "Not judged yet" in summary(none)


def test_the_page_shows_every_defect() -> None:
    shown = page(COMMITTED, ["something was wrong"], judged=431, seconds=1.0)
    assert [row["name"] for row in COMMITTED["defects"] if row["name"] not in shown] == []
    assert "something was wrong" in shown


def test_servers_wait_that_took_very_long() -> None:
    assert {"seconds_of_processing", "slow_and_late"} <= waiting(COMMITTED)
    assert "reference" not in waiting(COMMITTED)


def test_a_part_is_told_as_a_part() -> None:
    servers = len(everything())
    assert f"All {servers} servers were judged now" in page(COMMITTED, [], judged=servers, seconds=1.0)
    assert f"2 of {servers} servers were judged now" in page(COMMITTED, [], judged=2, seconds=1.0)
