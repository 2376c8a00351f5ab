"""How a task comes to be processed: by the mode of its provider, as the documentation has it in its table.

No provider is named here; a new row of that table is served by its mode and its word positions.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from mockserver.recognition import as_result
from mockserver.tasks import Task

if TYPE_CHECKING:  # a server has modes, and modes are handed a server
    from mockserver.server import Server

Handover = Callable[["Server", Task], Awaitable[None]]

logger = logging.getLogger(__name__)


async def hand_over(server: "Server", task: Task) -> None:
    """Give a new task to its provider; returns when the submission may be answered."""
    await server.modes[server.contract.providers[task.provider].mode](server, task)


async def enqueue(server: "Server", task: Task) -> None:
    """Queued: the task waits its turn among those of its account."""
    server.queue.wake(server, task.account_id)


async def process_now(server: "Server", task: Task) -> None:
    """Synchronous: the result is stored when this returns."""
    await process(server, task)


MODES: Mapping[str, Handover] = {"queued": enqueue, "synchronous": process_now}


async def process(server: "Server", task: Task) -> None:
    """Recognise a queued task and store what came of it. The pages stay deducted either way."""
    if not server.tasks.start(task.id):
        return
    await asyncio.sleep(server.settings.processing_seconds)
    try:
        pages = await server.engine.recognise(server.tasks.content(task.id), pages=task.pages)
    except Exception as problem:  # whatever an engine fails with, it is this task that failed
        logger.warning("task %s failed: %s", task.id, type(problem).__name__)
        server.tasks.fail(task.id, "recognition failed")
    else:
        word_positions = server.contract.providers[task.provider].word_positions
        server.tasks.finish(task.id, as_result(pages, word_positions=word_positions))
