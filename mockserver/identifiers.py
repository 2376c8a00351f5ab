"""Names of accounts, keys and tasks: such that nobody can guess them, or under a seed such that they come again."""

import os
import string
from hashlib import shake_256

from mockserver.store import Store

LOWER = string.ascii_lowercase + string.digits
LETTERS = string.ascii_letters + string.digits


def new_name(store: Store, prefix: str, length: int, alphabet: str = LOWER) -> str:
    """The prefix and that many characters; without a seed 25 of `LOWER` are 129 bits, 32 of `LETTERS` are 190.

    Under a seed they follow from it and from how many names with this prefix the database has seen.
    """
    # Twice as many bytes as characters: those that are left out do not make a name short.
    drawn = os.urandom(2 * length) if store.seed is None else _derived(store, prefix, 2 * length)
    return prefix + drawn.translate(*ALPHABETS[alphabet])[:length].decode("ascii")


def _alphabet(characters: str) -> tuple[bytes, bytes]:
    """The character for each byte, and the bytes to leave out so that no character is likelier than another one."""
    shared = 256 // len(characters) * len(characters)
    return bytes(ord(characters[byte % len(characters)]) for byte in range(256)), bytes(range(shared, 256))


ALPHABETS = {characters: _alphabet(characters) for characters in (LOWER, LETTERS)}


def _derived(store: Store, prefix: str, count: int) -> bytes:
    [row] = store.rows(
        "INSERT INTO counters (prefix, used) VALUES (?, 1) ON CONFLICT (prefix) DO UPDATE SET used = used + 1 "
        "RETURNING used",
        prefix,
    )
    return shake_256(f"{store.seed} {prefix} {row['used']}".encode()).digest(count)
