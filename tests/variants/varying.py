"""How a variant is declared: a server for which every rule holds, and the open questions that it reads otherwise."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import reduce
from typing import TypeVar

from starlette.types import ASGIApp

from conformance.profile.profile import Profile
from mockserver.server import Server
from tests.changing import Change
from tests.rewriting import Reply, Wrap, replying

# Leads to a server by another way: given its URL, a context in which another URL does.
Way = Callable[[str], AbstractContextManager[str]]
Told = Callable[[Server, Profile], Profile]
Declared = TypeVar("Declared", bound=Callable[..., object])


def unchanged(server: Server) -> Server:
    return server


def unwrapped(app: ASGIApp) -> ASGIApp:
    return app


def as_it_is(server: Server, profile: Profile) -> Profile:
    return profile


def direct(url: str) -> AbstractContextManager[str]:
    return nullcontext(url)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """`readings`: of the questions that it reads in another way than the reference server; each has to come out, but
    for those `unseen`, of which no run can tell there, and why.

    `tell` makes the profile of the deployment, given that of one that offers everything. `made_of`: the functions that
    were declared, of a combined variant those of its parts.
    """

    name: str
    says: str
    readings: Mapping[str, str]
    unseen: Mapping[str, str] = field(default_factory=dict)
    change: Change = unchanged
    wrap: Wrap = unwrapped
    way: Way = direct
    tell: Told = as_it_is
    made_of: tuple[Callable[..., object], ...] = ()


VARIANTS: dict[str, Variant] = {}


def varies(**readings: str) -> Callable[[Change], Change]:
    """Declare a change of the reference server that breaks no rule."""
    return lambda change: _declared(change, readings, change=change)


def varies_wrapped(**readings: str) -> Callable[[Wrap], Wrap]:
    """Declare an application around that of the server that breaks no rule."""
    return lambda wrap: _declared(wrap, readings, wrap=wrap)


def varies_replies(**readings: str) -> Callable[[Callable[[Reply], None]], Callable[[Reply], None]]:
    """Declare a change of the answers that breaks no rule."""
    return lambda change: _declared(change, readings, wrap=replying(change))


def varies_way(**readings: str) -> Callable[[Way], Way]:
    """Declare another way to the server, over which every rule holds."""
    return lambda way: _declared(way, readings, way=way)


def varies_profile(**readings: str) -> Callable[[Told], Told]:
    """Declare another profile of the reference server: a deployment that offers less."""
    return lambda tell: _declared(tell, readings, tell=tell)


def combine(name: str, says: str, *parts: str, unseen: Mapping[str, str] | None = None) -> None:
    """Declare a variant that is all of these at once, each around the one before it; `unseen` as of a variant."""
    chosen = [VARIANTS[part] for part in parts]
    ways = [variant.way for variant in chosen if variant.way is not direct]
    if len(ways) > 1:
        raise ValueError(f"the variant {name} has two ways")
    add(
        Variant(
            name=name,
            says=says,
            readings={question: reading for variant in chosen for question, reading in variant.readings.items()},
            unseen={question: why for variant in chosen for question, why in variant.unseen.items()}
            | dict(unseen or {}),
            change=lambda server: reduce(lambda changed, variant: variant.change(changed), chosen, server),
            wrap=lambda app: reduce(lambda wrapped, variant: variant.wrap(wrapped), chosen, app),
            way=ways[0] if ways else direct,
            tell=lambda server, profile: reduce(lambda told, variant: variant.tell(server, told), chosen, profile),
            made_of=tuple(part for variant in chosen for part in variant.made_of),
        )
    )


def _declared(
    function: Declared,
    readings: Mapping[str, str],
    *,
    change: Change = unchanged,
    wrap: Wrap = unwrapped,
    way: Way = direct,
    tell: Told = as_it_is,
) -> Declared:
    name, says = function.__name__, (function.__doc__ or "").strip()
    made_of = (function,)
    add(Variant(name=name, says=says, readings=readings, change=change, wrap=wrap, way=way, tell=tell, made_of=made_of))
    return function


def add(variant: Variant) -> None:
    """Declare a variant that no function by itself is."""
    if variant.name in VARIANTS or not variant.says or "\n" in variant.says:
        raise ValueError(f"the variant {variant.name} needs a name of its own, and one line that says what differs")
    if not variant.unseen.keys() <= variant.readings.keys() or not all(variant.unseen.values()):
        raise ValueError(f"the variant {variant.name} has to say of a reading of its own why it is not seen")
    VARIANTS[variant.name] = variant
