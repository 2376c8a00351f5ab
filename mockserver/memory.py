"""Memory that large documents have left free goes back to the system, once nothing has been recognised for a moment.

By itself the allocator of glibc keeps it, since small things that live on lie behind it: 45 MB after a few uploads of
4 MB, of which nothing is used any more. With another allocator nothing is done.
"""

import asyncio
from functools import cache
from typing import Any

QUIET_SECONDS = 0.1


class FreeMemory:
    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def return_soon(self) -> None:
        """Return it, unless this is called again before the moment is over."""
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, return_now)


def return_now() -> None:
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _c_library() -> Any:
    # Not needed before a document was recognised.
    import ctypes

    return ctypes.CDLL(None)
