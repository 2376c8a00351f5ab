"""The goals, each with what was measured: what the server is to be, and whether it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# What the same server measured twice on a machine with other work to do may differ by.
NOISE = 0.1

SUBMISSION_LIMITS = {"1 KB": 2.2, "100 KB": 2.0, "9.9 MB": 2.4}
REFUSAL_LIMIT = 1.3
PRISM_FACTOR = 2.0
BODIES_IN_FLIGHT = 1.3
GROWTH = 1.1
READY_MS = 400.0
START_CPU_SECONDS = 0.25
IDLE_MB = 50.0


@dataclass(frozen=True, kw_only=True)
class Goal:
    """`measured` is to be at most the limit, or at least it."""

    says: str
    limit: float
    measured: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def is_missed(self) -> bool:
        """Missed by more than the noise."""
        if self.at_least:
            return self.measured < self.limit * (1 - NOISE)
        return self.measured > self.limit * (1 + NOISE)


def goals(results: Mapping[str, Any]) -> tuple[Goal, ...]:
    """The goals for what was measured; without Prism, those that compare with it are left out."""
    return (*_speed(results["requests"]), *_memory(results["memory"]), *_start(results["start"]["startocr-mock"]))


def ratio(case: Mapping[str, Mapping[str, float]], server: str = "startocr-mock", figure: str = "cpu_us") -> float:
    """CPU time per request against the yardstick."""
    return round(case[server][figure] / case["yardstick"]["cpu_us"], 2)


def _speed(requests: Mapping[str, Mapping[str, Any]]) -> Iterator[Goal]:
    for name, case in requests.items():
        limit = SUBMISSION_LIMITS.get(name, REFUSAL_LIMIT)
        kind = "a valid submission" if name in SUBMISSION_LIMITS else "a refusal"
        yield Goal(says=f"{kind}, {name}: CPU against the yardstick", limit=limit, measured=ratio(case))
        if "per_second" in case.get("Prism", {}):
            factor = round(case["startocr-mock"]["per_second"] / case["Prism"]["per_second"], 2)
            yield Goal(
                says=f"{name}: answers per second against Prism", limit=PRISM_FACTOR, measured=factor, at_least=True
            )


def _memory(memory: Mapping[str, Any]) -> Iterator[Goal]:
    peak, growth = memory["in_flight"]["peak_bodies"], memory["uploads"]["growth"]
    yield Goal(says="ten uploads of 9.9 MB in flight: bodies each over idle", limit=BODIES_IN_FLIGHT, measured=peak)
    says = f"{memory['uploads']['uploads']} uploads of 4 MB: memory at the end against after the first tenth"
    yield Goal(says=says, limit=GROWTH, measured=growth)


def _start(start: Mapping[str, float]) -> Iterator[Goal]:
    yield Goal(says="ms from the start until it answers", limit=READY_MS, measured=start["ready_ms"])
    yield Goal(says="CPU seconds of the start", limit=START_CPU_SECONDS, measured=start["cpu_seconds"])
    yield Goal(says="MB of memory when idle", limit=IDLE_MB, measured=start["idle_mb"])
