"""The bodies of the hooks: small JSON objects with one member. Says what is wrong with any other."""

from mockserver.json_text import parse_json
from mockserver.payload import PayloadError

LARGEST_NUMBER = 10**9


class HookBodyError(Exception):
    """The body of a hook is not what it should be: the message says what it should."""


def parse_body(body: bytes) -> dict[str, object]:
    """The members of a body."""
    try:
        value = parse_json(body)
    except PayloadError:
        value = None
    if not isinstance(value, dict):
        raise HookBodyError("The body is a small JSON object")
    return value


def number(members: dict[str, object], name: str) -> int:
    """A whole number from 0 on."""
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_NUMBER:
        raise HookBodyError(f'The body is {{"{name}": N}} with a whole number N from 0 to {LARGEST_NUMBER}')
    return value


def flag(members: dict[str, object], name: str) -> bool:
    value = members.get(name)
    if not isinstance(value, bool):
        raise HookBodyError(f'The body is {{"{name}": true}} or {{"{name}": false}}')
    return value
