"""The committed summary of the mutants says what its facts say, and explains each mutant as is known today."""

from dataclasses import replace

import pytest

from spec.console import run
from tests.mutation.__main__ import main
from tests.mutation.committed import (
    COMMITTED,
    explained_again,
    is_there,
    read_summary,
    renewed,
    unexplained,
    write_summary,
)
from tests.mutation.explained import Entry, Judged, entries, stale
from tests.mutation.mutants import MODULES, mutants
from tests.mutation.summary import GOAL, KINDS, MISSED, Summary, markdown, numbers

FOUND = read_summary()
GONE = Judged(where="keys.Keys.nosuch", change="a → b", kind="equivalent", reason="nobody sees it")
THERE = replace(GONE, where="keys.Keys.issue", change="self.add(account_id, key.id, key.secret) → pass")


def with_these(*mutants: Judged) -> Summary:
    return replace(FOUND, mutants=mutants)


def test_the_committed_page_is_made_of_the_committed_facts() -> None:
    assert COMMITTED.with_suffix(".md").read_text(encoding="utf-8") == markdown(FOUND)


def test_the_committed_facts_are_of_a_whole_run_that_is_good() -> None:
    assert (FOUND.run.modules, FOUND.is_whole, FOUND.is_good) == (MODULES, True, True)
    assert FOUND.score >= GOAL


def test_the_counts_of_the_page_are_those_of_its_list() -> None:
    page = markdown(FOUND)
    row = next(line for line in page.splitlines() if line.startswith("| all |"))
    counts = dict(zip(KINDS, map(int, row.split("|")[2:-2]), strict=True))
    assert sum(counts.values()) == FOUND.run.generated
    assert sum(line.startswith("- `") for line in page.splitlines()) == FOUND.run.generated - counts["killed"]
    due = counts["killed"] + sum(counts[kind] for kind in MISSED)
    assert numbers(FOUND).items() >= {"killed": counts["killed"], "due": due}.items()
    assert f"**Score: {counts['killed'] / due:.1%}**" in page


def test_modules_that_are_tried_again_stand_in_place_of_what_was_known_of_them() -> None:
    tried = tuple(replace(mutant, kind="killed", reason="") for mutant in FOUND.mutants if mutant.module == "keys")[:3]
    now = replace(FOUND, mutants=tried, run=replace(FOUND.run, commit="later", modules=("keys",), generated=3))
    found = renewed(FOUND, now)
    assert [mutant for mutant in found.mutants if mutant.module == "keys"] == list(tried)
    others = [mutant for mutant in FOUND.mutants if mutant.module != "keys"]
    assert [mutant for mutant in found.mutants if mutant.module != "keys"] == others
    assert (found.run.commit, found.run.anew["keys"], found.is_whole) == (FOUND.run.commit, "later", True)
    assert "Tried again since: `keys` on commit later." in markdown(found)


def test_whatever_was_not_killed_has_a_reason() -> None:
    assert [mutant for mutant in FOUND.mutants if mutant.kind != "killed" and not mutant.reason.strip()] == []


def test_the_committed_explanations_are_those_that_there_are() -> None:
    """Where they are not: `python -m tests.mutation --again`."""
    assert explained_again(FOUND, entries()) == FOUND
    assert unexplained(FOUND, entries()) == []


def test_each_explanation_is_about_a_mutant_of_the_source() -> None:
    assert stale(entries(), [mutant for module in MODULES for mutant in mutants(module)]) == []


def test_an_entry_explains_again_what_it_covers_and_nothing_that_was_noticed() -> None:
    entry = Entry(where=GONE.where, reason="the queue is told", breaks="auth.revoked_key")
    killed = replace(GONE, kind="killed", reason="")
    again = explained_again(with_these(GONE, killed, THERE), [entry])
    told = replace(GONE, kind="survived", reason="auth.revoked_key: the queue is told")
    assert again.mutants == (told, killed, THERE)


def test_what_is_explained_by_nothing_may_be_so_only_if_it_is_gone() -> None:
    assert (is_there(THERE), is_there(GONE)) == (True, False)
    assert not is_there(replace(THERE, where="keys.Keys.add"))
    assert unexplained(with_these(GONE, THERE), []) == [f"{THERE.where}: {THERE.change}"]
    assert unexplained(with_these(THERE), [Entry(where=THERE.where, reason="nobody sees it")]) == []
    assert unexplained(with_these(replace(THERE, kind="killed")), []) == []
    read = replace(THERE, kind="question", reason="megabyte: decimal; pdf_data_uri: refused")
    assert unexplained(with_these(read, replace(read, reason="megabyte: one byte")), []) == [
        f"{THERE.where}: {THERE.change}"
    ]


@pytest.mark.parametrize("option", [["--sample", "3"], ["--modules", "keys"]])
def test_what_would_be_tried_is_not_for_what_is_explained_again(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run(main, "python -m tests.mutation", ["--again", *option])
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("python -m tests.mutation: --again tries nothing")


def test_a_summary_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("mutation") / "mutation.json"
    write_summary(FOUND, path)
    assert read_summary(path) == FOUND
    assert path.read_bytes() == COMMITTED.read_bytes()
