"""How long an answer is waited for: as long as any may take, until several requests of a kind had none.

A server may never answer what it stumbles over. That fails with the first request, and would make a run take an hour
with all of them: from then on the suite waits for many times what the slowest answer to their like took.
"""

from collections import Counter, defaultdict
from threading import Lock

from conformance.wire.exchange import Request

SILENCES = 2
A_WHILE = 1.0
MANY_TIMES = 10
LARGE = 100_000

Like = tuple[str, bool, bool]


class Patience:
    """Remembers how long answers took, and how many did not come, for requests of a kind. Safe to use from several
    threads.

    What a conforming server refuses is another kind than what it accepts, and needs an engine for; so is what is large.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._slowest: defaultdict[Like, float] = defaultdict(float)
        self._silences: Counter[Like] = Counter()
        self._lock = Lock()

    def seconds(self, request: Request) -> float:
        """For how long this request is given a sign of life."""
        if self._silences[_like(request)] < SILENCES:
            return self._seconds
        return min(max(MANY_TIMES * self._slowest[_like(request)], A_WHILE), self._seconds)

    def answered(self, request: Request, seconds: float) -> None:
        with self._lock:
            self._slowest[_like(request)] = max(self._slowest[_like(request)], seconds)

    def unanswered(self, request: Request) -> None:
        with self._lock:
            self._silences[_like(request)] += 1


def _like(request: Request) -> Like:
    return request.kind, request.faulty, len(request.content) > LARGE
