"""Faults that show only a while after a right answer: what was stored is lost, what was revoked comes back."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from mockserver import checks
from mockserver.keys import Keys
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task
from tests.changing import checking, telling
from tests.defects.breaking import breaks

SOON = 0.7  # Seconds.


def after_a_revocation(server: Server, statement: str) -> Server:
    """The server that changes the keys soon after one was revoked; the statement knows it and its account."""

    class Late(Keys):
        def revoke(self, account_id: str, key_id: str) -> bool:
            is_known = super().revoke(account_id, key_id)
            named = {"account": account_id, "key": key_id}
            later = threading.Timer(SOON, server.store.run, (statement, *(named[name] for name in ("key", "account"))))
            later.daemon = True
            later.start()
            return is_known

    return replace(server, keys=Late(server.store))


@breaks("auth.revocation_scope")
def revocation_takes_the_other_keys_along(server: Server) -> Server:
    """A task that cleans up revokes the other keys of the account as well, soon after the first one."""
    return after_a_revocation(server, "UPDATE keys SET revoked = 1 WHERE id <> ? AND account_id = ?")


@breaks("auth.revoked_key")
def revocation_is_undone(server: Server) -> Server:
    """What a cache knew of a key is written back soon after it was revoked."""
    return after_a_revocation(server, "UPDATE keys SET revoked = 0 WHERE id = ? AND account_id = ?")


def telling_later(server: Server, tell: Callable[[Task], Task | None]) -> Server:
    """The server that tells something else of a task, or nothing, soon after it has told of it."""
    first: dict[str, float] = {}

    def told(task: Task) -> Task | None:
        is_late = time.monotonic() - first.setdefault(task.id, time.monotonic()) > SOON
        return tell(task) if is_late else task

    return telling(server, told)


@breaks("success.task_found")
def task_forgotten(server: Server) -> Server:
    """A task is kept for less than a second after it was asked for."""
    return telling_later(server, lambda task: None)


@breaks("success.task_found")
def ten_tasks_kept(server: Server) -> Server:
    """There is room for ten tasks of all accounts, and an older one is not found any more."""
    newer = "SELECT count(*) AS tasks FROM tasks WHERE rowid > (SELECT rowid FROM tasks WHERE id = ?)"

    def kept(task: Task) -> Task | None:
        row = server.store.row(newer, task.id)
        return task if row and row["tasks"] < 10 else None

    return telling(server, kept)


@breaks("providers.synchronous")
def stored_result_forgotten(server: Server) -> Server:
    """The result of the synchronous provider is kept for less than a second after it was asked for."""
    return telling_later(server, lambda task: replace(task, result_json=None) if task.provider == "baidu" else task)


@breaks("providers.synchronous")
def finished_task_taken_up_again(server: Server) -> Server:
    """A task of the synchronous provider is taken for one that was left behind, and is processed again."""

    def tell(task: Task) -> Task:
        return replace(task, status="processing", result_json=None) if task.provider == "baidu" else task

    return telling_later(server, tell)


@breaks("billing.refused_free")
def undecodable_image_charged_later(server: Server) -> Server:
    """What was sent is counted when it comes, and paid soon after, even if it could not be decoded."""

    async def decodable_or_paid(submission: Submission) -> bool:
        is_decodable = await checks.image_is_decodable(submission)
        if not is_decodable:
            asyncio.get_running_loop().call_later(SOON, server.ledger.deduct, submission.account_id, 1)
        return is_decodable

    return checking(server, checks.image_is_decodable, decodable_or_paid)
