"""Which mutants that nothing failed on are none of the suite's business, and why: `explained.yaml`.

An entry says where its mutants stand, what they change, and the reason; with a `question`, that only this open
question is read otherwise, without one, that no client could see a difference in what is documented.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from spec import load_contract
from tests.mutation.records import Record

EXPLAINED = Path(__file__).with_name("explained.yaml")

Kind = Literal["killed", "survived", "equivalent", "question", "unverified", "incompetent", "error", "timeout"]
UNNOTICED = ("survived", "unverified", "error", "timeout")


@dataclass(frozen=True, kw_only=True)
class Entry:
    where: str
    mutants: tuple[str, ...]
    reason: str
    question: str | None = None

    def covers(self, record: Record) -> bool:
        return record.where == self.where and record.change in self.mutants


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A record, what it counts as, and for a survivor that is explained, why."""

    record: Record
    kind: Kind
    reason: str


def entries(path: Path = EXPLAINED) -> list[Entry]:
    """The entries of that file. Raises ValueError if it is no list of entries, or one names an unknown question."""
    try:
        found = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")) or [], type=list[Entry])
    except (yaml.YAMLError, msgspec.ValidationError) as problem:
        raise ValueError(f"{path.name}: {' '.join(str(problem).split())}") from problem
    unknown = {entry.question for entry in found if entry.question} - load_contract().questions.keys()
    if unknown:
        raise ValueError(f"{path.name}: no such question: {', '.join(sorted(unknown))}")
    return found


def judged(record: Record, explained: Iterable[Entry], readings: Mapping[str, str]) -> Judged:
    """What a mutant counts as. One that nothing failed on but that shows another reading is a matter of a question."""
    if record.ending not in UNNOTICED:
        return Judged(record=record, kind=record.ending, reason=record.reason)
    entry = next((entry for entry in explained if entry.covers(record)), None)
    if entry:
        kind: Kind = "question" if entry.question else "equivalent"
        return Judged(record=record, kind=kind, reason=": ".join(filter(None, (entry.question, entry.reason))))
    others = [f"{name}: {reading}" for name, reading in record.readings.items() if readings.get(name) != reading]
    if others and record.ending == "survived":
        return Judged(record=record, kind="question", reason="; ".join(others))
    return Judged(record=record, kind=record.ending, reason=record.reason)


def stale(explained: Iterable[Entry], records: Iterable[Record]) -> list[str]:
    """What the entries explain and no mutant that went unnoticed is, as far as their modules were tried as a whole."""
    unnoticed = [record for record in records if record.ending in UNNOTICED]
    left = {(record.where, record.change) for record in unnoticed}
    named = ((entry.where, change) for entry in explained for change in entry.mutants)
    return [f"{where}: {change}" for where, change in named if (where, change) not in left]
