"""How long the server waits for a client, and what it reads of a request that is answered already."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Patience:
    """One without a request is closed after `idle_seconds`. A request has `head_seconds` for its head, and then
    `request_seconds` for its body. What is still sent after the answer is read and forgotten, `drain_seconds` long and
    `drain_bytes` at most. All of it is looked at every `tick_seconds`.
    """

    idle_seconds: float = 5.0
    head_seconds: float = 10.0
    request_seconds: float = 120.0
    drain_seconds: float = 30.0
    drain_bytes: int = 100 * 2**20
    tick_seconds: float = 0.5
