"""How a defect is declared: a change of the reference server or of its wire, and the rule that it breaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.types import ASGIApp

from mockserver.server import Server
from tests.changing import Change
from tests.rewriting import Reply, Request, Wrap, receiving, replying

Declared = TypeVar("Declared", bound=Callable[..., object])
Besides = Mapping[str, str]

ANOTHER_STATUS: Besides = {"errors.status": "its code is one of the table, and comes with another status"}


def unchanged(server: Server) -> Server:
    return server


def unwrapped(app: ASGIApp) -> ASGIApp:
    return app


@dataclass(frozen=True, kw_only=True)
class Defect:
    """A fault in a sentence, and the rule that it breaks.

    `besides` are the few other rules that cannot but fail with it, each with the reason. `made_of`: the function that
    was declared.
    """

    name: str
    says: str
    rule: str
    change: Change = unchanged
    wrap: Wrap = unwrapped
    besides: Besides = field(default_factory=dict)
    made_of: tuple[Callable[..., object], ...] = ()

    @property
    def blamed(self) -> set[str]:
        """The rules that fail where a suite is right."""
        return {self.rule, *self.besides}


DEFECTS: dict[str, Defect] = {}


def breaks(rule: str, *, besides: Besides | None = None) -> Callable[[Change], Change]:
    """Declare a function that makes a server break a rule."""
    return lambda change: _declared(change, rule, besides, change=change)


def breaks_wrapped(rule: str, *, besides: Besides | None = None) -> Callable[[Wrap], Wrap]:
    """Declare a function that wraps the application so that it breaks a rule."""
    return lambda wrap: _declared(wrap, rule, besides, wrap=wrap)


def breaks_replies(
    rule: str, *, besides: Besides | None = None
) -> Callable[[Callable[[Reply], None]], Callable[[Reply], None]]:
    """Declare a function that changes the answers of the application so that they break a rule."""
    return lambda change: _declared(change, rule, besides, wrap=replying(change))


def breaks_requests(
    rule: str, *, besides: Besides | None = None
) -> Callable[[Callable[[Request], None]], Callable[[Request], None]]:
    """Declare a function that changes the requests that reach the application, so that it breaks a rule."""
    return lambda change: _declared(change, rule, besides, wrap=receiving(change))


def _declared(
    function: Declared, rule: str, besides: Besides | None, *, change: Change = unchanged, wrap: Wrap = unwrapped
) -> Declared:
    name, says = function.__name__, (function.__doc__ or "").strip()
    if name in DEFECTS or not says or "\n" in says:
        raise ValueError(f"the defect {name} needs a name of its own, and one line that says what is wrong")
    DEFECTS[name] = Defect(
        name=name, says=says, rule=rule, change=change, wrap=wrap, besides=besides or {}, made_of=(function,)
    )
    return function
