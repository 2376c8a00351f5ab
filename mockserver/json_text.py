"""JSON, read strictly and at a bounded cost. What the values mean is not looked at here.

A decoder makes an object of each value, which takes up to a hundred times the bytes of its text. So what stands outside
of strings is measured before anything is made of it. A string takes as much as its text, or up to six times that for a
moment, if there is a wide character in it.

RFC 8259 leaves limits to the reader: they are the questions `huge_integer` (the limit is msgspec's), `deep_nesting` and
`many_values`; `not_a_number` and `byte_order_mark` are no JSON.
"""

from typing import Any, Literal

import msgspec

from mockserver.payload import PayloadError

# What a body usually is; ten megabytes of it are read in a fifth of the time that the standard library takes.
USUAL = msgspec.json.Decoder(dict[Literal["imageBase64", "filename", "provider"], str | None])
# A number that is too large for a float is infinite, as the standard library has it.
ANY = msgspec.json.Decoder(float_hook=float)

# The bytes outside of strings, white space aside: at least one for each value (`many_values`).
MOST_BARE = 100_000
# Of lists and objects in each other (`deep_nesting`).
MOST_LEVELS = 500
WHITE_SPACE = b" \t\r\n"


def parse_json(body: bytes) -> object:
    """The value of a JSON text. Raises PayloadError for anything that RFC 8259 does not allow or leaves unclear."""
    try:
        members = USUAL.decode(body)
    except (msgspec.MsgspecError, UnicodeError):
        return _parse_any(body)
    return members if _is_whole(members, body) else _parse_any(body)


def _is_whole(members: dict[Any, str | None], body: bytes) -> bool:
    """Whether the members are all that stands in the body: of two with one name, the decoder keeps the last.

    Each string has two quotes: were there another one, or a quote in a string, there would be more of them.
    """
    strings = len(members) + sum(isinstance(value, str) for value in members.values())
    place = -1
    for _ in range(2 * strings):
        place = body.index(b'"', place + 1)
    return body.find(b'"', place + 1) == -1


def _parse_any(body: bytes) -> object:
    bare = _outside_of_strings(body)
    try:
        value = ANY.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as problem:
        raise PayloadError("the body is no JSON text in UTF-8") from problem
    if _count_members(value) != bare.count(b":"):
        raise PayloadError("a member occurs twice")
    return value


def _outside_of_strings(body: bytes) -> bytes:
    """What stands outside of strings, without white space. Raises PayloadError if it is more than MOST_BARE bytes."""
    text = body.translate(None, WHITE_SPACE)
    if b"\\" in text:
        # A quote that is escaped ends no string.
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Between two strings stands something.
    if text.count(b'"') <= 2 * MOST_BARE:
        pieces = text.split(b'"')[::2]
        if sum(map(len, pieces)) <= MOST_BARE:
            return b"".join(pieces)
    raise PayloadError("the body has too many values")


def _count_members(value: object) -> int:
    """The members of all objects at any level. Raises PayloadError if there are more than MOST_LEVELS."""
    count = 0
    containers: list[Any] = [value]
    for _ in range(MOST_LEVELS + 1):
        containers = [part for part in containers if isinstance(part, dict | list)]
        if not containers:
            return count
        count += sum(len(part) for part in containers if isinstance(part, dict))
        containers = [inner for part in containers for inner in (part.values() if isinstance(part, dict) else part)]
    raise PayloadError("the values of the body are nested too deep")
