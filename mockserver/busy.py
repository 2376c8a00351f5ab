"""A database that cannot be used for a moment: it is asked again, while the event loop goes on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from mockserver.store import StoreBusy, StoreUnavailable

Outcome = TypeVar("Outcome")

PAUSE_SECONDS = 0.02
RETRY_SECONDS = 0.5

logger = logging.getLogger(__name__)


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


async def insist(step: Callable[[], Outcome]) -> Outcome:
    """Take a step on a task, again and again until the database can be used: what was accepted is not given up."""
    while True:
        try:
            return await _taken(step)
        except StoreUnavailable as problem:
            logger.warning("a task waits, since the database %s", problem)
            await asyncio.sleep(RETRY_SECONDS)


async def _taken(step: Callable[[], Outcome]) -> Outcome:
    try:
        return step()
    except StoreBusy:
        return await until_free(partial(_at_once, step), RETRY_SECONDS)


async def _at_once(step: Callable[[], Outcome]) -> Outcome:
    return step()
