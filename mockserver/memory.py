"""Memory that large documents have left free goes back to the system, once nothing has needed any for a moment.

By itself the allocator of glibc keeps it, since small things that live on lie behind it: 45 MB after a few uploads of
4 MB, of which nothing is used any more. With another allocator nothing is done.
"""

import asyncio
import time
from functools import cache
from typing import Any

QUIET_SECONDS = 0.1


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


def give_back() -> None:
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _c_library() -> Any:
    # Not needed before a document was taken.
    import ctypes

    return ctypes.CDLL(None)
