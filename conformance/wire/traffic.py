"""What went over the wire, in bounded memory: each exchange in short, and how long each kind of request took.

It only listens to the client, and judges nothing. What it keeps may hold secrets: they go where it is written, since a
key that the hooks make is known only after the answer that brings it.
"""

import hashlib
import random
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.wire.exchange import Answer, Request

SAMPLE = 10_000
MOST_EXCHANGES = 5_000
MOST_BYTES = 8_000_000
LONGEST_BODY = 500


@dataclass(frozen=True, kw_only=True)
class Body:
    """A body: whole if it is short, otherwise its size and digest. Never cut, which might leave half a secret."""

    size: int
    content: bytes | None
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request; its headers are those that the suite sets."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Body


@dataclass(frozen=True, kw_only=True)
class Received:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: Body


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One exchange; `received` is None where no answer came, and `rule` names what was looked at."""

    started: datetime
    seconds: float
    rule: str
    sent: Sent
    received: Received | None

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep it."""
        messages: list[Sent | Received] = [self.sent, *([self.received] if self.received else [])]
        texts = [self.sent.url, *(text for message in messages for pair in message.headers.items() for text in pair)]
        return sum(map(len, texts)) + sum(len(message.body.content or b"") for message in messages)


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

    def merge(self, others: "Latency") -> None:
        """Add those of another process; each of its sample stands for as many as it does there."""
        count, longest = self.count + others.count, max(self.longest, others.longest)
        for seconds in others.sample:
            self.add(seconds)
        self.count, self.longest = count, longest


class Traffic:
    """Listens to a client. Safe to use from several threads. Of what has no room, `left_out` is the number."""

    def __init__(self) -> None:
        self.latency: dict[str, Latency] = defaultdict(Latency)
        self.exchanges: list[Exchange] = []
        self.left_out = 0
        self._bytes = 0
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=threading.Lock())

    def add(self, others: "Traffic") -> None:
        """Add what another process of the same run heard."""
        self.left_out += others.left_out
        for exchange in others.exchanges:
            self._keep(exchange)
        for kind, latency in others.latency.items():
            self.latency[kind].merge(latency)

    def record(self, request: Request, answer: Answer | None, rule: str) -> None:
        """A request was sent for a rule, and an answer came or did not."""
        exchange = _exchange(request, answer, rule)
        with self._lock:
            if answer:
                self.latency[kind_of(request, answer)].add(answer.seconds)
            self._keep(exchange)

    def _keep(self, exchange: Exchange) -> None:
        if len(self.exchanges) < MOST_EXCHANGES and self._bytes + exchange.size <= MOST_BYTES:
            self.exchanges.append(exchange)
            self._bytes += exchange.size
        else:
            self.left_out += 1


def kind_of(request: Request, answer: Answer) -> str:
    """What the time of an answer is told under: what was asked for and, for a submission, what became of it."""
    if request.kind == "submission":
        return "accepted submission" if answer.is_success else "refused submission"
    return request.kind


def _exchange(request: Request, answer: Answer | None, rule: str) -> Exchange:
    seconds = answer.seconds if answer else 0.0
    return Exchange(
        started=datetime.now(UTC) - timedelta(seconds=seconds),
        seconds=seconds,
        rule=rule,
        sent=Sent(method=request.method, url=request.url, headers=request.headers, body=_body(request.content)),
        received=_received(answer) if answer else None,
    )


def _received(answer: Answer) -> Received:
    return Received(status=answer.status, headers=answer.headers, body=_body(answer.content))


def _body(content: bytes) -> Body:
    kept = content if len(content) <= LONGEST_BODY else None
    return Body(size=len(content), content=kept, sha256=hashlib.sha256(content).hexdigest())
