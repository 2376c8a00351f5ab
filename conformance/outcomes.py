"""How a check can end other than well, and whose matter it is.

`Nonconformance`: the target breaks a rule. `Unverified`: nobody is to blame, it could not be seen. `TargetError`: the
wiring broke (network, hooks, profile), so nothing was learnt. Any other exception is a fault of the suite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _pytest.outcomes import Skipped

if TYPE_CHECKING:
    from conformance.wire.exchange import Answer, Request

LOST_ANSWER = "the answer to a submission was lost, which may have been charged"


class Nonconformance(Exception):  # noqa: N818 - the word of the trade; not an error of this program
    """The target does something else than its rule says: what was expected, what came, and the answer that shows it.

    `rule` is set where a test looks at several rules: the one that is broken.
    """

    def __init__(self, *, expected: str, got: str, answer: Answer | None = None) -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected = expected
        self.got = got
        self.answer = answer
        self.rule: str | None = None


class Unverified(Skipped):
    """The check could not look: why, and what would let it. Plain pytest reports it as skipped."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TargetError(Exception):
    """The target cannot be reached or its hooks do not work: one sentence, with what to do."""


class ConnectionLostError(TargetError):
    """No answer came to one request."""

    def __init__(self, sentence: str, request: Request | None = None) -> None:
        super().__init__(sentence)
        self.request = request
