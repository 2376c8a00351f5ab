"""The ids of rules and questions are frozen in ids.txt: reports, profiles and markers elsewhere refer to them."""

from pathlib import Path

from spec import Contract

IDS = Path(__file__).parent / "ids.txt"
RETIRED = " (retired)"
HOW = (
    "Add a new id to tests/spec/ids.txt on a line of its own. An id is never reused: when a rule or question goes, "
    f"its line stays and ends in '{RETIRED.strip()}'."
)


def frozen() -> list[str]:
    return IDS.read_text(encoding="utf-8").splitlines()


def in_use() -> set[str]:
    return {line for line in frozen() if not line.endswith(RETIRED)}


def test_every_id_is_frozen(contract: Contract) -> None:
    new = {*contract.rules, *contract.questions} - in_use()
    assert not new, f"not in ids.txt, or retired: {sorted(new)}. {HOW}"


def test_every_frozen_id_is_documented(contract: Contract) -> None:
    gone = in_use() - {*contract.rules, *contract.questions}
    assert not gone, f"no longer documented: {sorted(gone)}. {HOW}"


def test_every_id_is_listed_once() -> None:
    ids = [line.removesuffix(RETIRED) for line in frozen()]
    assert len(ids) == len(set(ids)), HOW


def test_no_question_has_the_id_of_a_rule(contract: Contract) -> None:
    assert not contract.rules.keys() & contract.questions.keys()
