"""How a reference server is broken: a part replaced, or the application wrapped. The server knows nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.types import ASGIApp

from mockserver.decisions import Check
from mockserver.server import Server

Wrap = Callable[[ASGIApp], ASGIApp]
Change = Callable[[Server], Server]


@dataclass(frozen=True, kw_only=True)
class Defect:
    """A fault, the rule that it breaks, and, for the few that break another one with it, which and why."""

    name: str
    rule: str
    change: Change = lambda server: server
    wrap: Wrap = lambda app: app
    besides: tuple[str, ...] = ()


DEFECTS: dict[str, Defect] = {}


def breaks(rule: str, *, besides: tuple[str, ...] = ()) -> Callable[[Change], Change]:
    """Declare a function that makes a server break a rule."""

    def declare(change: Change) -> Change:
        DEFECTS[change.__name__] = Defect(name=change.__name__, rule=rule, change=change, besides=besides)
        return change

    return declare


def breaks_wrapped(rule: str, *, besides: tuple[str, ...] = ()) -> Callable[[Wrap], Wrap]:
    """Declare a function that wraps the application so that it breaks a rule."""

    def declare(wrap: Wrap) -> Wrap:
        DEFECTS[wrap.__name__] = Defect(name=wrap.__name__, rule=rule, wrap=wrap, besides=besides)
        return wrap

    return declare


def without(server: Server, *rules: str) -> Server:
    """The server without the decisions of these rules."""
    return replace(server, decisions=tuple(row for row in server.decisions if row.rule not in rules))


def answering(server: Server, rule: str, *, status: int | None = None, code: str | None = None) -> Server:
    """The server that refuses with another status or code where this rule is broken."""
    rows = (
        replace(row, error=replace(row.error, status=status or row.error.status, code=code or row.error.code))
        if row.rule == rule
        else row
        for row in server.decisions
    )
    return replace(server, decisions=tuple(rows))


def checking(server: Server, rule: str, check: Check) -> Server:
    """The server that asks something else where it decides about this rule."""
    rows = (replace(row, check=check) if row.rule == rule else row for row in server.decisions)
    return replace(server, decisions=tuple(rows))
