"""The queues of the accounts: one worker for each account that has something to do, one task after the other.

What waits stands in the table of tasks, not here. A paused account keeps its tasks waiting.
"""

import asyncio
from typing import TYPE_CHECKING

from mockserver.providers import process
from mockserver.tasks import Task

if TYPE_CHECKING:  # a server has a queue, and the queue is handed a server
    from mockserver.server import Server


class Queue:
    def __init__(self) -> None:
        self._workers: dict[str, asyncio.Task[None]] = {}

    def wake(self, server: "Server", account_id: str) -> None:
        """Something is waiting, or may start again. Starts a worker unless the account has one."""
        if account_id not in self._workers:
            self._workers[account_id] = asyncio.create_task(self._work(server, account_id))

    async def close(self) -> None:
        """Stop all workers; what they had not begun stays queued."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, server: "Server", account_id: str) -> None:
        try:
            # A client that asks at once is to see the task queued.
            await asyncio.sleep(server.settings.queued_seconds)
            while task := _startable(server, account_id):
                await process(server, task)
        finally:
            del self._workers[account_id]


def _startable(server: "Server", account_id: str) -> Task | None:
    return None if server.accounts.is_paused(account_id) else server.tasks.next_queued(account_id)
