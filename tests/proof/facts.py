"""The facts of a proof as JSON values, in the order of the documentation: what was found, and on which commit.

`docs/proof.json` holds them; `docs/proof.md` is written from that alone. What differs from run to run (`VOLATILE`, and
how long it took) stands there as it was when a server was judged last, and is compared with nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from spec import load_contract
from tests.defects.catalogue import DEFECTS, Defect
from tests.proof.judging import Outcome, wrong_with_defect, wrong_with_variant
from tests.proof.sources import digest_of_test, source_of
from tests.variants.catalogue import VARIANTS, Variant

Facts = dict[str, Any]
Row = dict[str, Any]

# The last run of all servers; the last one that repeated some; the score of generated mutants; what a peer catches.
MORE = ("whole", "repeated", "mutation", "peers")

# Of a row: the commit and the source that it was judged on, the seconds that took, and which tests noticed first.
VOLATILE = ("commit", "source", "seconds", "tests")

# Seconds; most servers are judged in a fifth of that, where two share a processor.
A_LONG_TIME = 40.0


def facts(outcomes: Iterable[Outcome], *, commit: str, before: Facts | None = None, **more: Row | None) -> Facts:
    """The facts of these outcomes; of what was not judged, those from before, if it is still there and the same.

    `more`: of `MORE`, what is known now; None leaves it as it was before.
    """
    earlier = before or {}
    known = {row["name"]: row for row in _rows(earlier)}
    known |= {outcome.subject: row_of(outcome, commit) for outcome in outcomes}
    return {
        "defects": [known[name] for name in in_order() if _is_current(known.get(name))],
        "variants": [known[name] for name in VARIANTS if _is_current(known.get(name))],
        **{name: more.get(name) or earlier.get(name) for name in MORE},
    }


def steady(found: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """What has to be the same in every run: the servers, and what the suite found there."""
    return {
        kind: [{name: value for name, value in row.items() if name not in VOLATILE} for row in found.get(kind, [])]
        for kind in ("defects", "variants")
    }


def waiting(found: Facts) -> frozenset[str]:
    """The servers that took so long that they must have waited most of the time."""
    return frozenset(row["name"] for row in _rows(found) if (row["seconds"] or 0) > A_LONG_TIME)


def in_order() -> list[str]:
    """The defects in the order of the rules that they break."""
    rules = list(load_contract().rules)
    return sorted(DEFECTS, key=lambda name: rules.index(DEFECTS[name].rule))


def row_of(outcome: Outcome, commit: str) -> Row:
    """A defect or a variant, and what the suite found there.

    `tests`: those that failed on the rule that is broken, each with its digest.
    """
    judged = {
        "failed": sorted(outcome.failed),
        "verdict": outcome.verdict,
        "commit": commit,
        "source": source_of(subject(outcome.subject)),
        "seconds": round(outcome.seconds, 1),
    }
    if outcome.subject not in DEFECTS:
        return {**declared_variant(VARIANTS[outcome.subject]), **judged}
    defect = DEFECTS[outcome.subject]
    killers = outcome.killers.get(defect.rule, ())
    return {**declared_defect(defect), **judged, "tests": {name: digest_of_test(name) for name in killers}}


def subject(name: str) -> Defect | Variant:
    """The defect or the variant of that name."""
    return DEFECTS.get(name) or VARIANTS[name]


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


def changed(found: Facts) -> list[str]:
    """The defects and variants that were made of other code when they were judged."""
    return [row["name"] for row in _rows(found) if row["source"] != source_of(subject(row["name"]))]


def _rows(found: Facts) -> list[Row]:
    return [*found.get("defects", []), *found.get("variants", [])]


def lacking(found: Facts) -> list[str]:
    """The defects and variants of which nothing is known."""
    known = {row["name"] for row in _rows(found)}
    return [name for name in [*in_order(), *VARIANTS] if name not in known]


def lost(found: Facts, tests: Collection[str]) -> list[str]:
    """The defects whose killers are none of these tests any more, or others by the same name, a sentence each."""
    return [sentence for row in found["defects"] for sentence in _lost(row, tests)]


def _lost(row: Row, tests: Collection[str]) -> Iterator[str]:
    name, killers = row["name"], row["tests"]
    gone = [test for test in killers if test not in tests]
    other = [test for test in killers if test in tests and killers[test] != digest_of_test(test)]
    if gone:
        yield f"{name}: killed by {', '.join(gone)}, which the suite has no more"
    if other:
        yield f"{name}: killed by {', '.join(other)}, which looked otherwise then"
    if row["rule"] in row["failed"] and not killers:
        yield f"{name}: no test is named that killed it"


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
    """The subjects of which not all runs found the same, and what only some of them found, with how many did."""
    return {
        subject: _differing(outcomes)
        for subject, outcomes in runs.items()
        if len({outcome.seen for outcome in outcomes}) > 1
    }


def _differing(outcomes: Sequence[Outcome]) -> list[str]:
    found = [_told(outcome) for outcome in outcomes]
    common = set.intersection(*map(set, found))
    seen = Counter("; ".join(part for part in parts if part not in common) for parts in found)
    return [f"{parts or 'nothing else'} ({number} of {len(outcomes)} runs)" for parts, number in seen.most_common()]


def _told(outcome: Outcome) -> list[str]:
    kinds = {"failed": outcome.failed, "in error": outcome.errors, "unverified": outcome.unverified}
    rules = [f"{', '.join(sorted(names))} {kind}" for kind, names in kinds.items() if names]
    readings = [f"{question} read as {reading}" for question, reading in sorted(outcome.readings.items())]
    return [outcome.verdict, *rules, *readings]
