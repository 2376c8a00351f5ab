"""Memory that large documents have left free: kept for the next ones, given back once nothing has needed any.

By itself the allocator of glibc does both by halves. What lies at the end of its heap it gives back at once, and takes
it again for the next document: 2500 page faults for an upload of 9.9 MB, a quarter of its time. What lies before small
things that live on it keeps for ever: 45 MB after a few uploads of 4 MB. With another allocator nothing is done.
"""

import asyncio
import ctypes
import time
from functools import cache
from typing import Any

QUIET_SECONDS = 0.1

# What may lie free at the end of the heap (mallopt(3)): as much as sixteen documents of ten megabytes need.
TRIM_THRESHOLD, MOST_FREE = -1, 256 * 2**20
# What is larger has a mapping of its own, and is never kept; glibc allows no more.
MMAP_THRESHOLD, LARGEST_KEPT = -3, 32 * 2**20


class Memory:
    """`with memory:` needs memory meanwhile. It is given back when nobody has needed any for `QUIET_SECONDS`."""

    def __init__(self) -> None:
        self._users = 0
        self._left = 0.0
        self._is_awaited = False

    def __enter__(self) -> None:
        self._users += 1

    def __exit__(self, *_: object) -> None:
        self._users -= 1
        self._left = time.monotonic()
        if not (self._users or self._is_awaited):
            self._await(QUIET_SECONDS)

    def _await(self, seconds: float) -> None:
        self._is_awaited = True
        asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        self._is_awaited = False
        remaining = self._left + QUIET_SECONDS - time.monotonic()
        if self._users:
            return  # Who leaves last looks again.
        if remaining > 0:
            self._await(remaining)
        else:
            give_back()


def keep() -> None:
    """From now on what is free is kept until it is given back."""
    set_option = getattr(_c_library(), "mallopt", None)
    if set_option is not None:
        set_option(TRIM_THRESHOLD, MOST_FREE)
        set_option(MMAP_THRESHOLD, LARGEST_KEPT)


def give_back() -> None:
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _c_library() -> Any:
    return ctypes.CDLL(None)
