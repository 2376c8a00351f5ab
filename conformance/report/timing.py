"""When a run was and how long its parts took: what differs from run to run, kept apart from what was found."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from conformance.verdicts.checks import Findings
from conformance.wire.traffic import Latency, Traffic

DIGITS = 4  # A tenth of a millisecond; below that it is noise.


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The day of a run in UTC, the seconds of the whole of it, and the object `timing` of the report."""

    day: date
    seconds: float
    apart: dict[str, Any]


def timed(started: datetime, seconds: float, findings: Findings, traffic: Traffic) -> Timing:
    """The times of a run that started then and took so long."""
    apart = {
        "startedAt": started.isoformat(timespec="seconds"),
        "tests": _tests(findings),
        "latency": {kind: _latency(latency) for kind, latency in traffic.latency.items()},
    }
    return Timing(day=started.date(), seconds=round(seconds, 3), apart=apart)


def _tests(findings: Findings) -> Mapping[str, Mapping[str, float]]:
    """Seconds by rule or question, then by test."""
    seconds: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for check in findings.checks:
        seconds[check.rule][check.test] += check.seconds
    return {
        subject: {test: round(value, DIGITS) for test, value in tests.items()} for subject, tests in seconds.items()
    }


def _latency(latency: Latency) -> dict[str, Any]:
    return {
        "count": latency.count,
        "median": round(statistics.median(latency.sample), DIGITS),
        "p95": round(percentile(latency.sample, 95), DIGITS),
        "max": round(latency.longest, DIGITS),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that so many percent of them do not exceed (nearest rank)."""
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]
