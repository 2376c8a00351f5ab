"""Numbers → the geometry of small charts. Each stands in a table that has the same numbers as text.

Lengths are in the units of the SVG's own view box; the templates draw them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.report.view import Report, Row, by_section, seconds_of

CELL, GAP = 10, 3
WIDTH = 240.0
MARGIN = 6.0


@dataclass(frozen=True, kw_only=True)
class Share:
    """The time of a section: seconds, tests, and the length of its bar."""

    section: Row
    seconds: float
    tests: int
    length: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The latencies of one kind in seconds, and where median, 95th percentile and longest stand on the axis."""

    kind: str
    seconds: Row
    median: float
    p95: float
    longest: float


@dataclass(frozen=True, kw_only=True)
class Latencies:
    """All kinds on one logarithmic axis; `ticks` are labels and their places."""

    spreads: list[Spread]
    ticks: list[tuple[str, float]]


def cells(rules: list[Row]) -> Iterator[tuple[int, str]]:
    """One cell for each rule, the best verdicts first: its place and its verdict."""
    order = ("passed", "unverified", "error", "failed")
    verdicts = sorted((rule["verdict"] for rule in rules), key=order.index)
    return ((index * (CELL + GAP), verdict) for index, verdict in enumerate(verdicts))


def shares(report: Report) -> list[Share]:
    """The time of each section, the longest as wide as the chart."""
    times = [(section, sum(seconds_of(report, rule) for rule in rules), rules) for section, rules in by_section(report)]
    longest = max((seconds for _, seconds, _ in times), default=0.0) or 1.0
    return [
        Share(
            section=section,
            seconds=seconds,
            tests=sum(len(rule["tests"]) for rule in rules),
            length=WIDTH * seconds / longest,
        )
        for section, seconds, rules in times
    ]


def latencies(report: Report) -> Latencies:
    """The latencies by kind, on an axis from a power of ten to a power of ten."""
    found = report["timing"]["latency"]
    lowest = min((latency["median"] for latency in found.values()), default=0.001)
    highest = max((latency["max"] for latency in found.values()), default=1.0)
    first = math.floor(math.log10(max(lowest, 1e-4)))
    last = max(math.ceil(math.log10(max(highest, 1e-4))), first + 1)

    def place(seconds: float) -> float:
        share = (math.log10(max(seconds, 10.0**first)) - first) / (last - first)
        return MARGIN + (WIDTH - 2 * MARGIN) * min(share, 1.0)

    spreads = [
        Spread(
            kind=kind,
            seconds=latency,
            median=place(latency["median"]),
            p95=place(latency["p95"]),
            longest=place(latency["max"]),
        )
        for kind, latency in found.items()
    ]
    return Latencies(spreads=spreads, ticks=[(duration(10.0**p), place(10.0**p)) for p in range(first, last + 1)])


def duration(seconds: float) -> str:
    """Seconds as a person says them: `1.8 ms`, `240 ms`, `3.2 s`."""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1000:.2g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
