"""What one test found out, and the collection of all that a run found out."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from conformance.wire.exchange import Answer, Request
from conformance.wire.trail import Step

Verdict = Literal["passed", "failed", "unverified", "error"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """The outcome of one test of one rule; `request` and the `answer`, if one came, show a failure, `steps` led to it.

    `place` is that of the test in the order of the documentation, whichever order the tests came in.
    """

    rule: str
    test: str
    verdict: Verdict
    reason: str = ""
    place: int = 0
    seconds: float = 0.0
    expected: str | None = None
    got: str | None = None
    request: Request | None = None
    answer: Answer | None = None
    steps: tuple[Step, ...] = ()


@dataclass(kw_only=True)
class Findings:
    """All checks of a run, in the order in which they ended, and the readings seen of each question.

    `interrupted` says that somebody ended the run before its time. `codes` counts how often each documented error was
    seen where it was due; `ended` are the places of the tests that came to their end.
    """

    checks: list[Check] = field(default_factory=list)
    readings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    interrupted: bool = False
    codes: Counter[str] = field(default_factory=Counter)
    ended: set[int] = field(default_factory=set)

    def add(self, others: "Findings") -> None:
        """Add what another process found out in the same run."""
        self.checks += others.checks
        self.faults += others.faults
        self.codes += others.codes
        self.ended |= others.ended
        self.interrupted = self.interrupted or others.interrupted
        for question, readings in others.readings.items():
            for reading in readings:
                self.observe(question, reading)

    def sort(self) -> None:
        """Put the checks into the order of the documentation, whichever one the tests came in."""
        self.checks.sort(key=lambda check: check.place)

    def observe(self, question: str, reading: str) -> None:
        """A reading of a question was seen."""
        if reading not in self.readings[question]:
            self.readings[question].append(reading)

    def of(self, rule: str) -> Iterator[Check]:
        return (check for check in self.checks if check.rule == rule)
