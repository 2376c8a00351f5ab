"""What a run of the mutants found out, as values and as the JSON file that keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tests.mutation.trial import Ending


@dataclass(frozen=True, kw_only=True)
class Record:
    """One mutant and how its trial ended. `where` is its module and function; `change` its line, before and after."""

    where: str
    change: str
    operator: str
    ending: Ending
    reason: str
    readings: Mapping[str, str]
    seconds: float

    @property
    def module(self) -> str:
        return self.where.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Run:
    """`generated`: how many mutants there are in these modules. `seconds`: how long all of the trials took.

    `anew`: the modules that were tried again since, each with the commit on which.
    """

    commit: str
    tool: str
    modules: tuple[str, ...]
    generated: int
    workers: int
    seconds: float
    anew: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Session:
    """`readings`: what the reference itself shows of the open questions."""

    run: Run
    readings: Mapping[str, str]
    records: tuple[Record, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every mutant of these modules was tried."""
        return len(self.records) == self.run.generated

    def write(self, path: Path) -> None:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1))
