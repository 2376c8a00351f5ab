"""What went over the wire, in bounded memory: how long each kind of request took.

It only listens to the client. It judges nothing, and what it keeps of an answer does not grow with the run.
"""

import random
import threading
from collections import defaultdict
from dataclasses import dataclass, field

from conformance.exchange import Answer, Request

SAMPLE = 10_000


def kind_of(request: Request, answer: Answer) -> str:
    """What the time of an answer is told under: what was asked for and, for a submission, what became of it."""
    if request.kind == "submission":
        return "accepted submission" if answer.is_success else "refused submission"
    return request.kind


@dataclass(kw_only=True)
class Latency:
    """Seconds of the answers of one kind: exact while they are few, then a fair sample of at most `SAMPLE`."""

    count: int = 0
    longest: float = 0.0
    sample: list[float] = field(default_factory=list)
    _chance: random.Random = field(default_factory=lambda: random.Random(0), repr=False)  # noqa: S311 - no secret

    def add(self, seconds: float) -> None:
        self.count += 1
        self.longest = max(self.longest, seconds)
        if len(self.sample) < SAMPLE:
            self.sample.append(seconds)
        elif (place := self._chance.randrange(self.count)) < SAMPLE:
            self.sample[place] = seconds


class Traffic:
    """Listens to a client. Safe to use from several threads."""

    def __init__(self) -> None:
        self.latency: dict[str, Latency] = defaultdict(Latency)
        self._lock = threading.Lock()

    def record(self, request: Request, answer: Answer) -> None:
        """An answer to a request came."""
        with self._lock:
            self.latency[kind_of(request, answer)].add(answer.seconds)
