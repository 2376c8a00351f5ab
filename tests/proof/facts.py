"""The facts of a proof as JSON values: what stays the same in every run, in the order of the documentation.

`docs/proof.json` holds them; `docs/proof.md` is written from that alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from spec import load_contract
from tests.defects.catalogue import DEFECTS, Defect
from tests.proof.judging import Outcome, wrong_with_defect, wrong_with_variant
from tests.variants.catalogue import VARIANTS, Variant

Facts = dict[str, Any]
Row = dict[str, Any]


def facts(outcomes: Iterable[Outcome], *, before: Facts | None = None, repeated: Row | None = None) -> Facts:
    """The facts of these outcomes; of what was not judged, those from before, if it is still there and the same."""
    known = {row["name"]: row for row in [*(before or {}).get("defects", []), *(before or {}).get("variants", [])]}
    known |= {outcome.subject: row_of(outcome) for outcome in outcomes}
    return {
        "defects": [known[name] for name in in_order() if _is_current(known.get(name))],
        "variants": [known[name] for name in VARIANTS if _is_current(known.get(name))],
        "repeated": repeated or (before or {}).get("repeated"),
        "peers": (before or {}).get("peers"),
    }


def in_order() -> list[str]:
    """The defects in the order of the rules that they break."""
    rules = list(load_contract().rules)
    return sorted(DEFECTS, key=lambda name: rules.index(DEFECTS[name].rule))


def row_of(outcome: Outcome) -> Row:
    """A defect or a variant, and what the suite found there."""
    if outcome.subject in DEFECTS:
        return {
            **declared_defect(DEFECTS[outcome.subject]),
            "failed": sorted(outcome.failed),
            "verdict": outcome.verdict,
        }
    declared = declared_variant(VARIANTS[outcome.subject])
    return {**declared, "failed": sorted(outcome.failed), "verdict": outcome.verdict}


def declared_defect(defect: Defect) -> Row:
    return {"name": defect.name, "says": defect.says, "rule": defect.rule, "besides": dict(defect.besides)}


def declared_variant(variant: Variant) -> Row:
    return {"name": variant.name, "says": variant.says, "readings": dict(variant.readings)}


def _is_current(row: Row | None) -> bool:
    """Whether the catalogue still says the same of it."""
    if row is None:
        return False
    name = row["name"]
    declared = declared_defect(DEFECTS[name]) if name in DEFECTS else declared_variant(VARIANTS[name])
    return all(row.get(name) == value for name, value in declared.items())


def lacking(found: Facts) -> list[str]:
    """The defects and variants of which nothing is known."""
    known = {row["name"] for row in [*found["defects"], *found["variants"]]}
    return [name for name in [*in_order(), *VARIANTS] if name not in known]


def wrong(outcomes: Iterable[Outcome]) -> list[str]:
    """All that the suite did wrong, a sentence each."""
    return [
        sentence
        for outcome in outcomes
        for sentence in (
            wrong_with_defect(DEFECTS[outcome.subject], outcome)
            if outcome.subject in DEFECTS
            else wrong_with_variant(VARIANTS[outcome.subject], outcome)
        )
    ]


def flickering(runs: Mapping[str, Sequence[Outcome]]) -> dict[str, list[str]]:
    """The subjects of which not all runs found the same, and what the runs found."""
    return {
        subject: [f"{outcome.verdict}: {', '.join(sorted(outcome.failed)) or 'nothing failed'}" for outcome in outcomes]
        for subject, outcomes in runs.items()
        if len({outcome.seen for outcome in outcomes}) > 1
    }
