"""Keys that were never issued: those that resemble another key, by name or drawn, and a few that resemble none."""

import base64
import re
import string
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from hypothesis import strategies as st

NEVER_ISSUED = "never-issued-0123456789"
# Where keys are members of such an object, this one is found in it.
INHERITED_NAME = "constructor"
PARTS_OF_A_JWT = 3


def _with_another(key: str, index: int) -> str:
    return key[:index] + ("A" if key[index] != "A" else "B") + key[index + 1 :]


def _ending_in(key: str, character: str) -> str:
    return key[:-1] + character


def _transposed(key: str) -> str:
    pairs = (at for at in range(len(key) // 2, len(key) - 1) if key[at : at + 2].isalnum() and key[at] != key[at + 1])
    at = next(pairs, None)
    return key if at is None else key[:at] + key[at + 1] + key[at] + key[at + 2 :]


ALMOST_THE_KEY: dict[str, Callable[[str], str]] = {
    "another character in the middle": lambda key: _with_another(key, len(key) // 2),
    "another first character": lambda key: _with_another(key, 0),
    "cut short": lambda key: key[:-1],
    "another last character": lambda key: _with_another(key, len(key) - 1),
    "a wildcard at its end": lambda key: _ending_in(key, "_"),
    "made longer": lambda key: key + "A",
    "made much longer": lambda key: key + "0123456789",
    "without its punctuation": lambda key: re.sub(r"[^A-Za-z0-9]", "", key),
    "in other letter case": str.swapcase,
    "two characters in each other's place": _transposed,
    "nothing alike": lambda key: NEVER_ISSUED,
    "a name that objects of JavaScript inherit": lambda key: INHERITED_NAME,
}


def resembling(key: str) -> st.SearchStrategy[str]:
    """A key that differs from this one in a character, a piece, or its letter case."""
    places = st.integers(0, len(key) - 1)
    characters = st.sampled_from(string.ascii_letters + string.digits)
    changed = st.one_of(
        st.builds(lambda at, character: key[:at] + character + key[at + 1 :], places, characters),
        st.builds(lambda at, character: key[:at] + character + key[at:], places, characters),
        places.map(lambda at: key[:at] + key[at + 1 :]),
        places.map(lambda at: key[:at] + key[at:].swapcase()),
        st.integers(len(key) // 2, len(key) - 1).map(lambda end: key[:end]),
    )
    return changed.filter(lambda other: other not in ("", key))


def is_the_same(one: str, other: str) -> bool:
    """Whether two texts are one key: the same, the same UUID (RFC 9562 section 4), or the same JWT but for bits of its
    Base64 that belong to no byte (RFC 4648 section 3.5)."""
    return _meant(one) == _meant(other)


def _meant(key: str) -> object:
    with suppress(ValueError):
        return UUID(key)
    parts = key.split(".")
    if len(parts) == PARTS_OF_A_JWT:
        with suppress(ValueError):
            return [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts]
    return key
