"""Why a goal is missed, as far as the measured parts say it: sentences made of numbers, and of nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.goals import BODIES_IN_FLIGHT, GROWTH, READY_MS, REFUSAL_LIMIT, START_CPU_SECONDS, SUBMISSION_LIMITS, ratio
from bench.sampled import HTTP

# How many parts a sentence names; the table has them all.
NAMED = 4


def reasons(results: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence or two for each missed goal that has its parts measured."""
    return (
        *_speed(results["requests"], results["parts"]),
        *_memory(results["memory"]["in_flight"], results["memory"]["uploads"]),
        *_start(results["start"]["startocr-mock"]),
    )


def _speed(requests: Mapping[str, Any], parts: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, each in parts.items():
        case, limit = requests[name], SUBMISSION_LIMITS.get(name, REFUSAL_LIMIT)
        if ratio(case) <= limit:
            continue
        allowed, taken = limit * case["yardstick"]["cpu_us"], case["startocr-mock"]["cpu_us"]
        own = {part: spent for part, spent in each.items() if part != HTTP}
        largest = sorted(own, key=own.__getitem__, reverse=True)[:NAMED]
        yield (
            f"{name}: {limit:g} times the yardstick are {allowed:.0f} µs, and the server took {taken:.0f}. "
            f"In the profile HTTP takes {each[HTTP]:.0f} of {sum(each.values()):.0f} µs; the most of the others: "
            f"{', '.join(f'{part} {own[part]:.0f}' for part in largest)}."
        )


def _memory(flight: Mapping[str, float], uploads: Mapping[str, Any]) -> Iterator[str]:
    if flight["peak_bodies"] > BODIES_IN_FLIGHT:
        yield (
            f"Ten uploads: one alone has its peak at {flight['alone_bodies']:.2f} bodies, when its pieces are put "
            "together and then decoded. The ten come to that one after the other, and the images of "
            "those that were first are kept until they are recognised."
        )
    if uploads["growth"] > GROWTH:
        sizes, tenths = uploads["resident_mb"], len(uploads["resident_mb"]) - 2
        kept = (sizes[-1] - sizes[1]) / (uploads["uploads"] * tenths / (tenths + 1)) * 1000
        yield f"{uploads['uploads']} uploads: {kept:.1f} KB more at rest for each; a task and its result are kept."


def _start(start: Mapping[str, float]) -> Iterator[str]:
    if start["ready_ms"] > READY_MS or start["cpu_seconds"] > START_CPU_SECONDS:
        yield (
            f"The start: of {start['ready_ms']:.0f} ms it computes for {start['cpu_seconds'] * 1e3:.0f}; the rest it "
            "waits for the processor and the disk, so it depends on what else the machine does."
        )
