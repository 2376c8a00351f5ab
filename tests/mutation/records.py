"""What a run of the mutants found out, as values and as the JSON file that keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass
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
class Session:
    """`readings`: what the reference itself shows of the open questions. `generated`: how many mutants there are."""

    commit: str
    tool: str
    modules: tuple[str, ...]
    generated: int
    workers: int
    seconds: float
    readings: Mapping[str, str]
    records: tuple[Record, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every mutant of these modules was tried."""
        return len(self.records) == self.generated

    def write(self, path: Path) -> None:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1))
