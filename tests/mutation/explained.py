"""Which mutants that nothing failed on are none of the suite's business, and why: `explained.yaml`.

An entry says where its mutants stand, what they change, and the reason; with a `question`, that only this open
question is read otherwise, without one, that no client could see a difference in what is documented. One that `breaks`
a rule explains why the suite does not see it, and excuses nothing: its mutants are survivors.

In both names `…` stands for any text, so that an entry outlives the code around what it is about; without `mutants` an
entry is about all of a place.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import msgspec
import yaml

from spec import load_contract
from tests.mutation.records import Record

EXPLAINED = Path(__file__).with_name("explained.yaml")

Kind = Literal["killed", "survived", "equivalent", "question", "unverified", "incompetent", "error", "timeout"]
UNNOTICED = ("survived", "unverified", "error", "timeout")
ANYTHING = "…"


class Named(Protocol):
    """A mutant, or the record of its trial."""

    @property
    def where(self) -> str: ...

    @property
    def change(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`most`: how many mutants it explains, where others read alike."""

    where: str
    mutants: tuple[str, ...] = (ANYTHING,)
    reason: str
    question: str | None = None
    breaks: str | None = None
    most: int | None = None

    @property
    def kind(self) -> Kind:
        """What its mutants count as."""
        return "survived" if self.breaks else "question" if self.question else "equivalent"

    @property
    def told(self) -> str:
        """The reason, after the question or the rule that it is about."""
        return ": ".join(filter(None, (self.question, self.breaks, self.reason)))

    def covers(self, mutant: Named) -> bool:
        return any(self.names(pattern, mutant) for pattern in self.mutants)

    def names(self, pattern: str, mutant: Named) -> bool:
        """Whether a mutant is the one, or one of those, that a pattern of this entry is about."""
        return _is_like(mutant.where, self.where) and _is_like(mutant.change, pattern)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A mutant, what it counts as, and why: by an entry, if one explains it, or by its trial."""

    where: str
    change: str
    kind: Kind
    reason: str

    @property
    def module(self) -> str:
        return self.where.partition(".")[0]

    @property
    def is_unnoticed(self) -> bool:
        """Whether no rule failed, though a server came up."""
        return self.kind not in ("killed", "incompetent")


def entries(path: Path = EXPLAINED) -> list[Entry]:
    """The entries of that file. Raises ValueError if it is no list of entries, or one names an unknown question."""
    try:
        found = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")) or [], type=list[Entry])
    except (yaml.YAMLError, msgspec.ValidationError) as problem:
        raise ValueError(f"{path.name}: {' '.join(str(problem).split())}") from problem
    contract = load_contract()
    unknown = {entry.question for entry in found if entry.question} - contract.questions.keys()
    unknown |= {entry.breaks for entry in found if entry.breaks} - contract.rules.keys()
    if unknown:
        raise ValueError(f"{path.name}: no such question or rule: {', '.join(sorted(unknown))}")
    return found


def judged(record: Record, explained: Iterable[Entry], readings: Mapping[str, str]) -> Judged:
    """What a mutant counts as. One that nothing failed on but that shows another reading is a matter of a question, if
    the documentation lists that reading.
    """
    told = Judged(where=record.where, change=record.change, kind=record.ending, reason=record.reason)
    if record.ending not in UNNOTICED:
        return told
    entry = next((entry for entry in explained if entry.covers(record)), None)
    if entry:
        return replace(told, kind=entry.kind, reason=entry.told)
    others = {name: reading for name, reading in record.readings.items() if readings.get(name) != reading}
    listed = load_contract().questions
    if others and record.ending == "survived" and all(text in listed[name].readings for name, text in others.items()):
        reason = "; ".join(f"{name}: {reading}" for name, reading in others.items())
        return replace(told, kind="question", reason=reason)
    return told


def about(explained: Iterable[Entry], modules: Collection[str]) -> list[Entry]:
    """The entries that are about one of these modules."""
    return [entry for entry in explained if entry.where.partition(".")[0] in modules]


def stale(explained: Iterable[Entry], mutants: Iterable[Named]) -> list[str]:
    """What the entries are about, and none of these mutants is."""
    mutants = list(mutants)
    named = ((entry, pattern) for entry in explained for pattern in entry.mutants)
    return [
        f"{entry.where}: {pattern}"
        for entry, pattern in named
        if not any(entry.names(pattern, mutant) for mutant in mutants)
    ]


def overused(explained: Iterable[Entry], records: Iterable[Record]) -> list[str]:
    """The entries that would explain more of these records than their reason is true of."""
    records = list(records)
    covered = ((entry, sum(map(entry.covers, records))) for entry in explained if entry.most is not None)
    return [f"{entry.where}: {number}, not {entry.most}" for entry, number in covered if number > (entry.most or 0)]


def unnoticed(records: Iterable[Record]) -> list[Record]:
    """Those on which no rule failed, though a server came up."""
    return [record for record in records if record.ending in UNNOTICED]


def _is_like(text: str, pattern: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split(ANYTHING))))
