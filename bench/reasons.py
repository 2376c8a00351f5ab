"""Why a goal is missed, as far as the measured parts say it: sentences made of numbers, and of nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.goals import BODIES_IN_FLIGHT, SUBMISSION_LIMITS, ratio
from bench.sampled import HTTP

# How many parts a sentence names; the table has them all.
NAMED = 4


def reasons(results: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence or two for each missed goal that the parts or the memory of one upload explain."""
    return (*_speed(results["requests"], results["parts"]), *_memory(results["memory"]["in_flight"]))


def _speed(requests: Mapping[str, Any], parts: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, limit in SUBMISSION_LIMITS.items():
        case = requests[name]
        if ratio(case) <= limit:
            continue
        allowed, taken = limit * case["yardstick"]["cpu_us"], case["startocr-mock"]["cpu_us"]
        own = {part: spent for part, spent in parts[name].items() if part != HTTP}
        largest = sorted(own, key=own.__getitem__, reverse=True)[:NAMED]
        yield (
            f"{name}: {limit:g} times the yardstick are {allowed:.0f} µs, and the server took {taken:.0f}. "
            f"In the profile HTTP takes {parts[name][HTTP]:.0f} of {sum(parts[name].values()):.0f} µs; the most of the "
            f"others: {', '.join(f'{part} {own[part]:.0f}' for part in largest)}."
        )


def _memory(flight: Mapping[str, float]) -> Iterator[str]:
    if flight["peak_bodies"] > BODIES_IN_FLIGHT:
        yield (
            f"Ten uploads: one alone has its peak at {flight['alone_bodies']:.2f} bodies, when its pieces are "
            "put together and then decoded. The ten come to that one after the other, and the images of those that "
            "were first are kept until they are recognised."
        )
