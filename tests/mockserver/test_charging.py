"""Deduction, creation and refund are one transaction: whatever fails in it leaves all of it or nothing."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

import httpx
import pytest

from mockserver import Server
from mockserver.ledger import Ledger
from mockserver.server import OpenedAccount
from mockserver.store import Store, StoreUnavailable
from mockserver.tasks import Task, Tasks

pytestmark = pytest.mark.anyio

Connect = Callable[[Server], httpx.AsyncClient]
Submit = Callable[..., Awaitable[httpx.Response]]


class LateTasks(Tasks):
    """Fails once the row is there."""

    def create(self, **facts: Any) -> Task:
        super().create(**facts)
        raise ZeroDivisionError("too late")


class UnavailableTasks(Tasks):
    def create(self, **_facts: Any) -> Task:
        raise StoreUnavailable("cannot be written: the disk is full")


class UnavailableLedger(Ledger):
    def refund(self, deduction: int) -> None:
        raise StoreUnavailable("cannot be written: the disk is full")


async def test_a_creation_that_fails_late_leaves_no_task(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    answer = await submit(client=connect(replace(server, tasks=LateTasks(server.store))))
    assert (answer.status_code, answer.json()["error"]) == (500, "task_creation_failed")
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -1), ("refund", 1)]
    assert server.tasks.newest(account.account_id, limit=10) == []


async def test_a_database_that_fails_during_the_creation_charges_nothing(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    answer = await submit(client=connect(replace(server, tasks=UnavailableTasks(server.store))))
    assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
    assert server.ledger.entries(account.account_id) == [("grant", 10)]
    assert (await submit()).status_code == 200


async def test_a_database_that_fails_during_the_refund_charges_nothing_and_keeps_the_failure(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    server.accounts.fail_tasks(account.account_id, 1)
    answer = await submit(client=connect(replace(server, ledger=UnavailableLedger(server.store))))
    assert answer.status_code == 503
    assert server.ledger.entries(account.account_id) == [("grant", 10)]
    assert (await submit()).status_code == 500


class FlakyTasks(Tasks):
    """Each step that follows the creation fails the first time."""

    failed: ClassVar[list[str]]

    def start(self, task_id: str) -> bool:
        return self._second_time("start") and super().start(task_id)

    def content(self, task_id: str) -> bytes:
        self._second_time("content")
        return super().content(task_id)

    def finish(self, task_id: str, result: dict[str, Any]) -> bool:
        return self._second_time("finish") and super().finish(task_id, result)

    def is_unfinished(self, task_id: str) -> bool:
        return self._second_time("is_unfinished") and super().is_unfinished(task_id)

    def _second_time(self, step: str) -> bool:
        if step not in self.failed:
            self.failed.append(step)
            raise StoreUnavailable("is locked by another process")
        return True


async def test_a_database_that_fails_after_the_deduction_is_waited_for(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.busy.RETRY_SECONDS", 0.001)
    FlakyTasks.failed = []
    answer = await submit(client=connect(replace(server, tasks=FlakyTasks(server.store))), provider="baidu")
    assert answer.status_code == 200
    assert FlakyTasks.failed == ["start", "content", "finish", "is_unfinished"]
    assert [task.status for task in server.tasks.newest(account.account_id, limit=2)] == ["done"]
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -1)]


def test_a_transaction_keeps_all_or_nothing() -> None:
    store = Store()

    def add(name: str, *inner: str) -> None:
        """Accounts, one transaction inside the other; those whose name begins with a minus fail at the end."""
        with store.transaction():
            store.run("INSERT INTO accounts (id) VALUES (?)", name)
            if inner:
                with suppress(ZeroDivisionError):
                    add(*inner)
            if name.startswith("-"):
                raise ZeroDivisionError

    for names in (("a", "-b", "c"), ("-d", "e"), ("f", "g", "-h"), ("i", "-j", "-k"), ("l", "m")):
        with suppress(ZeroDivisionError):
            add(*names)
    assert [row["id"] for row in store.rows("SELECT id FROM accounts ORDER BY id")] == ["a", "f", "g", "i", "l", "m"]
