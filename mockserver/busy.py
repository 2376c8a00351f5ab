"""A database that another process has locked for a moment: it is asked again, while the event loop goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mockserver.store import StoreBusy

Outcome = TypeVar("Outcome")

PAUSE_SECONDS = 0.02


async def until_free(step: Callable[[], Awaitable[Outcome]], seconds: float) -> Outcome:
    """Take a step until nobody keeps it from the database, so long at most. Raises StoreBusy."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            return await step()
        except StoreBusy:
            if asyncio.get_running_loop().time() >= deadline:
                raise
        await asyncio.sleep(PAUSE_SECONDS)
