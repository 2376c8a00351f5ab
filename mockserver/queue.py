"""The queues of the accounts: one worker for each account that has something to do, one task after the other.

What waits stands in the table of tasks, not here. A paused account keeps its tasks waiting. Where several processes
serve one database, each may take up what waits: a task is claimed in a transaction, by one of them.
"""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from mockserver.busy import insist
from mockserver.providers import recognise
from mockserver.tasks import Task

if TYPE_CHECKING:  # a server has a queue, and the queue is handed a server
    from mockserver.server import Server

# How many tasks of an account are begun together, so that a queue can be emptied faster than it is filled.
AT_ONCE = 64

# How long a server that is told to end waits for the tasks that it has begun.
CLOSING_SECONDS = 5


class Queue:
    def __init__(self) -> None:
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    def resume(self, server: "Server") -> None:
        """Take up all that waits."""
        self._closing = False
        for account_id in server.tasks.waiting_accounts():
            self.wake(server, account_id)

    def wake(self, server: "Server", account_id: str) -> None:
        """Something is waiting, or may start again. Starts a worker unless the account has one."""
        if account_id not in self._workers:
            self._workers[account_id] = asyncio.create_task(self._work(server, account_id))

    async def close(self) -> None:
        """Finish what was begun; what was not stays queued."""
        self._closing = True
        workers = list(self._workers.values())
        if workers:
            await asyncio.wait(workers, timeout=CLOSING_SECONDS)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, server: "Server", account_id: str) -> None:
        try:
            # A client that asks at once is to see the task queued.
            await asyncio.sleep(server.settings.queued_seconds)
            while not self._closing and (tasks := await insist(partial(_claim, server, account_id))):
                await recognise(server, *tasks)
        finally:
            del self._workers[account_id]


def _claim(server: "Server", account_id: str) -> list[Task]:
    """Begin the tasks that wait longest, unless the account is paused."""
    with server.store.transaction():
        if server.accounts.is_paused(account_id):
            return []
        return server.tasks.start_next(account_id, limit=AT_ONCE)
