"""Faults that mix up what belongs to different submissions, accounts or pages."""

import asyncio
from dataclasses import replace
from itertools import chain

from mockserver import checks
from mockserver.answers import Answers
from mockserver.providers import MODES, process_now, recognise
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from tests.changing import checking, telling
from tests.defects.breaking import breaks
from tests.defects.tasks import finding


@breaks("success.provider")
def provider_of_the_last_to_come(server: Server) -> Server:
    """The provider is kept in a variable that all submissions share, so that under load another one is named."""
    came: list[str] = []

    async def known(submission: Submission) -> bool:
        is_known = await checks.provider_is_known(submission)
        came[:] = [submission.provider.name] if submission.provider else came
        return is_known

    async def covered(submission: Submission) -> bool:
        await asyncio.sleep(0.005)
        return await checks.balance_covers_pages(submission)

    class Sharing(Answers):
        def success(self, task: Task) -> dict[str, object]:
            return {**super().success(task), "provider": came[0]}

    noting = checking(server, checks.provider_is_known, known)
    slow = checking(noting, checks.balance_covers_pages, covered)
    return replace(slow, answers=Sharing(contract=server.contract))


@breaks("providers.synchronous")
def busy_synchronous_provider_answers_first(server: Server) -> Server:
    """A synchronous provider that is busy with another file answers first and processes later."""
    busy: list[Task] = []
    background: set[asyncio.Task[None]] = set()

    async def process_later(server: Server, task: Task) -> None:
        await asyncio.sleep(0.5)
        await recognise(server, task)

    async def process(server: Server, task: Task) -> None:
        if busy:
            server.tasks.start(task.id)
            background.add(asyncio.create_task(process_later(server, task)))
            return
        busy.append(task)
        await asyncio.sleep(0.01)
        await process_now(server, task)
        busy.clear()

    return replace(server, modes={**MODES, "synchronous": process})


@breaks("success.task_found")
def first_result_for_all_tasks(server: Server) -> Server:
    """The results of an account are kept under its id, so that each of its tasks has the first one."""
    first: dict[str, str] = {}

    class Kept(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            task = super().find(account_id, task_id)
            if task is None or task.result_json is None:
                return task
            return replace(task, result_json=first.setdefault(account_id, task.result_json))

    return replace(server, tasks=Kept(server.store))


@breaks("success.task_found")
def last_result_for_all_tasks(server: Server) -> Server:
    """An account has room for one result, so that each of its tasks has the one that was stored last."""
    latest = "SELECT result FROM tasks WHERE account_id = ? AND result IS NOT NULL ORDER BY number DESC LIMIT 1"

    class Kept(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            task, row = super().find(account_id, task_id), server.store.row(latest, account_id)
            return replace(task, result_json=row["result"]) if task and task.result_json and row else task

    return replace(server, tasks=Kept(server.store))


@breaks("success.task_found")
def tasks_end_with_their_key(server: Server) -> Server:
    """A task belongs to the key that it was submitted with, and is not found when that is revoked."""
    keys: dict[str, str] = {}

    async def created(submission: Submission) -> bool:
        if submission.task and submission.key:
            keys[submission.task.id] = submission.key.id
        return submission.task is not None

    def is_left(task: Task) -> bool:
        row = server.store.row("SELECT revoked FROM keys WHERE id = ?", keys.get(task.id, ""))
        return row is None or not row["revoked"]

    return finding(checking(server, checks.task_is_created, created), is_left)


@breaks("success.task_private")
def tasks_listed_for_everybody(server: Server) -> Server:
    """The list of tasks has those of all accounts."""

    class Open(Tasks):
        def newest(self, account_id: str, *, limit: int, before: int | None = None) -> list[Task]:
            rows = server.store.rows("SELECT id FROM accounts")
            of_each = (super(Open, self).newest(row["id"], limit=limit, before=before) for row in rows)
            return sorted(chain.from_iterable(of_each), key=lambda task: -task.number)

    return replace(server, tasks=Open(server.store))


@breaks("success.task_found")
def result_found_by_the_name_of_its_file(server: Server) -> Server:
    """Results are kept by the names of their files, so that another file of the same name has the first one."""
    kept: dict[tuple[str, str | None], str] = {}

    def tell(task: Task) -> Task:
        if task.result_json is None or task.filename is None:
            return task
        return replace(task, result_json=kept.setdefault((task.provider, task.filename), task.result_json))

    return telling(server, tell)
