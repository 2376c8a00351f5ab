"""What a rule may need before it can be seen, and what in a profile opens it.

The needs stand beside the rules in the documentation; this table says, for each, when a target has it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.profile.profile import AccountApi
from conformance.wire.hooks import ACCOUNTS, KEYS, QUEUE, TASK_FAILURES

if TYPE_CHECKING:
    from conformance.target.target import Target


@dataclass(frozen=True, kw_only=True)
class Capability:
    """`opens` completes the sentence "To verify it, add …"."""

    opens: str
    present: Callable[["Target"], bool]


CAPABILITIES: dict[str, Capability] = {
    "key": Capability(
        opens="keys.valid, or hooks that offer accounts",
        present=lambda target: bool(target.profile.keys.valid) or target.offers(ACCOUNTS),
    ),
    "revoked key": Capability(
        opens="keys.revoked, or hooks that offer accounts and keys",
        present=lambda target: bool(target.profile.keys.revoked) or target.offers(ACCOUNTS, KEYS),
    ),
    "second key": Capability(
        opens="hooks that offer accounts and keys",
        present=lambda target: target.offers(ACCOUNTS, KEYS),
    ),
    "exhausted key": Capability(
        opens="keys.exhausted, or hooks that offer accounts",
        present=lambda target: bool(target.profile.keys.exhausted) or target.offers(ACCOUNTS),
    ),
    "fresh accounts": Capability(
        opens="hooks that offer accounts",
        present=lambda target: target.offers(ACCOUNTS),
    ),
    "balance": Capability(
        opens="hooks that offer accounts, or account_api.balance with keys.valid",
        present=lambda target: target.offers(ACCOUNTS) or (bool(target.profile.keys.valid) and target.has_balance),
    ),
    "task failures": Capability(
        opens="hooks that offer accounts and task-failures",
        present=lambda target: target.offers(ACCOUNTS, TASK_FAILURES),
    ),
    "paused queue": Capability(
        opens="hooks that offer accounts and queue",
        present=lambda target: target.offers(ACCOUNTS, QUEUE),
    ),
    "task API": Capability(
        opens="account_api.task, with keys.valid or hooks that offer accounts",
        present=lambda target: target.has_tasks and (bool(target.profile.keys.valid) or target.offers(ACCOUNTS)),
    ),
    "allowed origin": Capability(
        opens="cors.allowed_origin",
        present=lambda target: target.profile.allowed_origin is not None,
    ),
}


# What a profile that does not mention the account API leaves to be assumed: the call, and what it did not show.
ASSUMED: dict[str, Callable[[AccountApi], str]] = {
    "balance": lambda api: f"GET {api.balance}, which is assumed, was tried and told no balance",
    "task API": lambda api: f"GET {api.task}, which is assumed, was tried and did not show a task just accepted",
}


def missing(target: "Target", needs: tuple[str, ...]) -> list[str]:
    """What would have to be added to the profile so that the target has all these needs; empty if nothing."""
    return [_opens(need, target) for need in needs if not CAPABILITIES[need].present(target)]


def _opens(need: str, target: "Target") -> str:
    opens, api = CAPABILITIES[need].opens, target.profile.account_api
    if need not in ASSUMED or api is None or api.stated:
        return opens
    if target.untried:
        return f"{opens}; the call that is assumed could not be tried: {target.untried}"
    return f"{opens}; {ASSUMED[need](api)}"
