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
    # Eight bytes more than characters, so that none is likelier than another one by anything that can be measured.
    count = length + 8
    number = int.from_bytes(os.urandom(count) if store.seed is None else _derived(store, prefix, count))
    characters = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        characters.append(alphabet[index])
    return prefix + "".join(characters)


def _derived(store: Store, prefix: str, count: int) -> bytes:
    [row] = store.rows(
        "INSERT INTO counters (prefix, used) VALUES (?, 1) ON CONFLICT (prefix) DO UPDATE SET used = used + 1 "
        "RETURNING used",
        prefix,
    )
    return shake_256(f"{store.seed} {prefix} {row['used']}".encode()).digest(count)
