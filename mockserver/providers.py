"""How a task comes to be processed: by the mode of its provider, as the documentation has it in its table.

No provider is named here; a new row of that table is served by its mode and its word positions.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from mockserver.busy import insist
from mockserver.outcomes import Outcomes, Step
from mockserver.recognition import Page, as_result
from mockserver.tasks import Task

if TYPE_CHECKING:  # a server has modes, and modes are handed a server
    from mockserver.server import Server

Handover = Callable[["Server", Task], Awaitable[None]]

POLL_SECONDS = 0.005
MANY_WORDS = 1000

logger = logging.getLogger(__name__)


async def hand_over(server: "Server", task: Task) -> None:
    """Give a new task to its provider; returns when the submission may be answered."""
    await server.modes[server.contract.providers[task.provider].mode](server, task)


async def enqueue(server: "Server", task: Task) -> None:
    """Queued: the task waits its turn among those of its account."""
    server.queue.wake(server, task.account_id)


async def process_now(server: "Server", task: Task) -> None:
    """Synchronous: the result is stored when this returns, even if another process of the server was quicker.

    The pages are deducted already, so a database that cannot be used now is waited for.
    """
    if await insist(lambda: server.tasks.start(task.id)):
        await recognise(server, task)
    while await insist(lambda: server.tasks.is_unfinished(task.id)):
        await asyncio.sleep(POLL_SECONDS)


MODES: Mapping[str, Handover] = {"queued": enqueue, "synchronous": process_now}


async def recognise(server: "Server", *tasks: Task) -> None:
    """Recognise tasks that were started, one after the other."""
    await asyncio.sleep(server.settings.processing_seconds)
    outcomes = Outcomes(server.store)
    with server.memory:
        for task in tasks:
            outcomes.put(await _outcome(server, task))
        await outcomes.stored()


async def _outcome(server: "Server", task: Task) -> Step:
    """The step that stores what comes of a task. The pages stay deducted either way."""
    content = await insist(partial(server.tasks.content, task.id))
    try:
        pages = await server.engine.recognise(content, pages=task.pages)
    except Exception as problem:  # whatever an engine fails with, it is this task that failed
        logger.warning("task %s failed: %s", task.id, type(problem).__name__)
        return partial(server.tasks.fail, task.id, "recognition failed")
    result = await _shaped(pages, server.contract.providers[task.provider].word_positions)
    return partial(server.tasks.finish, task.id, result)


async def _shaped(pages: Sequence[Page], word_positions: bool) -> dict[str, Any]:
    """The result; one that takes longer to be put together than a thread to be started is made in a thread."""
    shape = partial(as_result, pages, word_positions=word_positions)
    return await to_thread.run_sync(shape) if sum(len(page.words) for page in pages) > MANY_WORDS else shape()
