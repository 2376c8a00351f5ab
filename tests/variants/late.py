"""Deployments that are behind: what was done is known everywhere a moment later, or what was submitted has to wait."""

import asyncio
import time
from dataclasses import replace
from typing import Any

from mockserver.keys import IssuedKey, Key, Keys
from mockserver.ledger import Ledger
from mockserver.providers import recognise
from mockserver.queue import Queue
from mockserver.server import Server
from mockserver.tasks import Task, Tasks
from tests.variants.processing import LATE
from tests.variants.profiles import with_keys
from tests.variants.varying import Variant, add, varies

RECOGNITION = 0.05
OF_ONE_WORKER = 0.1
BETWEEN_PAGES = 0.02


@varies()
def late_revocations(server: Server) -> Server:
    """A revoked key works for another tenth of a second."""

    class Late(Keys):
        def revoke(self, account_id: str, key_id: str) -> bool:
            asyncio.get_running_loop().call_later(LATE, super().revoke, account_id, key_id)
            return True

    return replace(server, keys=Late(server.store))


@varies()
def late_further_keys(server: Server) -> Server:
    """A further key of an account works a tenth of a second after it was created."""
    since: dict[str, float] = {}
    opened: set[str] = set()

    class Late(Keys):
        def issue(self, account_id: str) -> IssuedKey:
            key = super().issue(account_id)
            since[key.secret] = time.monotonic() + LATE if account_id in opened else 0.0
            opened.add(account_id)
            return key

        def find(self, secret: str) -> Key | None:
            return super().find(secret) if time.monotonic() >= since.get(secret, 0.0) else None

    return replace(server, keys=Late(server.store))


@varies()
def late_tasks(server: Server) -> Server:
    """The task API tells what was true a tenth of a second ago, and recognition takes half as long."""
    told: dict[str, list[tuple[float, str]]] = {}

    class Late(Tasks):
        def create(self, **facts: Any) -> Task:
            task = super().create(**facts)
            told[task.id] = [(time.monotonic(), task.status)]
            return task

        def start_next(self, account_id: str, *, limit: int) -> list[Task]:
            tasks = super().start_next(account_id, limit=limit)
            for task in tasks:
                told[task.id].append((time.monotonic(), task.status))
            return tasks

        def _move(self, task_id: str, status: Any, **facts: Any) -> bool:
            told[task_id].append((time.monotonic(), status))
            return super()._move(task_id, status, **facts)

        def find(self, account_id: str, task_id: str) -> Task | None:
            task, early = super().find(account_id, task_id), time.monotonic() - LATE
            known: Any = [status for since, status in told.get(task_id, []) if since <= early]
            if task is None or not known:
                return None
            return task if known[-1] == task.status else replace(task, status=known[-1], result_json=None)

    settings = replace(server.settings, processing_seconds=RECOGNITION)
    return replace(server, tasks=Late(server.store), settings=settings)


class OneWorker(Queue):
    """One worker for all accounts, which takes up one task after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Semaphore()

    async def _work(self, server: Server, account_id: str) -> None:
        try:
            while not self._closing:
                async with self._turn:
                    paused = server.accounts.is_paused(account_id)
                    tasks = [] if paused else server.tasks.start_next(account_id, limit=1)
                    if not tasks:
                        return
                    await recognise(server, *tasks)
        finally:
            del self._workers[account_id]


@varies()
def one_worker(server: Server) -> Server:
    """One worker for all accounts takes a tenth of a second for each task, so that hundreds of them wait."""
    return replace(server, queue=OneWorker(), settings=replace(server.settings, processing_seconds=OF_ONE_WORKER))


def used_by_others(server: Server) -> Server:
    """Somebody else spends a page of every account all the time."""
    opened = time.monotonic()

    class Shared(Ledger):
        def balance(self, account_id: str) -> int:
            pages = super().balance(account_id)
            return pages and max(pages - int((time.monotonic() - opened) / BETWEEN_PAGES), 1)

    return replace(server, ledger=Shared(server.store))


add(
    Variant(
        name="account_used_by_others",
        says="There are three keys, and somebody else spends pages of the same account.",
        readings={},
        change=used_by_others,
        tell=with_keys,
        made_of=(used_by_others, with_keys),
    )
)
