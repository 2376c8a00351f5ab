"""Submissions that come together share a transaction, and nothing else: each is charged or refused by itself."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from mockserver import Server, Settings, build_server
from mockserver.charging import MOST_TOGETHER
from mockserver.keys import Key
from mockserver.ledger import Ledger
from mockserver.server import OpenedAccount
from mockserver.store import Store, StoreBusy, Transaction
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from spec import Contract

pytestmark = pytest.mark.anyio

Submissions = Callable[..., list[Submission]]


class FussyTasks(Tasks):
    """Cannot create a task for a document of this name."""

    def create(self, **facts: Any) -> Task:
        task = super().create(**facts)
        if facts["filename"] == "fails":
            raise RuntimeError("no task")
        return task


class BrokenLedger(Ledger):
    def deduct(self, account_id: str, pages: int) -> int | None:
        raise LookupError("no ledger")


@pytest.fixture
def submissions(server: Server, account: OpenedAccount) -> Submissions:
    """Submissions of a page each, by the names of their documents, that have passed every other decision."""

    def make(*names: str, server: Server = server, account: OpenedAccount = account) -> list[Submission]:
        request = Request({"type": "http", "headers": []})
        key = Key(id=account.key_id, account_id=account.account_id, revoked=False)
        return [
            Submission(server=server, request=request, key=key, payload={"filename": name}, pages=1, content=b"content")
            for name in names
        ]

    return make


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[Store]:
    """Grows with each transaction that is begun."""
    begun: list[Store] = []
    transaction = Store.transaction

    def noting(store: Store) -> Transaction:
        begun.append(store)
        return transaction(store)

    monkeypatch.setattr(Store, "transaction", noting)
    return begun


async def charge(*submissions: Submission) -> list[BaseException | None]:
    """All of them at once; what each of them failed with."""
    steps = (submission.server.charging.charge(submission) for submission in submissions)
    return await asyncio.gather(*steps, return_exceptions=True)


def names(server: Server, account: OpenedAccount) -> list[str | None]:
    """Of the documents of the tasks that there are, oldest first."""
    return [task.filename for task in reversed(server.tasks.newest(account.account_id, limit=100))]


async def test_they_share_a_transaction(
    server: Server, account: OpenedAccount, submissions: Submissions, transactions: list[Store]
) -> None:
    await charge(*submissions("a", "b", "c"))
    assert len(transactions) == 1
    assert server.ledger.entries(account.account_id) == [("grant", 10), *[("deduct", -1)] * 3]
    assert names(server, account) == ["a", "b", "c"]


async def test_what_comes_later_has_another_one(submissions: Submissions, transactions: list[Store]) -> None:
    for submission in submissions("a", "b"):
        await charge(submission)
    assert len(transactions) == 2


async def test_no_transaction_is_for_more_than_can_be_waited_for(
    server: Server, submissions: Submissions, transactions: list[Store]
) -> None:
    account = server.open_account(1000)
    transactions.clear()
    many = submissions(*map(str, range(2 * MOST_TOGETHER + 1)), account=account)
    await charge(*many)
    assert len(transactions) == 3
    assert [task.filename for submission in many if (task := submission.task)] == [str(n) for n in range(len(many))]


async def test_large_documents_are_not_kept_waiting_for_each_other(
    submissions: Submissions, transactions: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of each the content has seven bytes.
    monkeypatch.setattr("mockserver.charging.ENOUGH_BYTES", 14)
    await charge(*submissions("a", "b", "c", "d", "e"))
    assert len(transactions) == 3


async def test_no_page_is_spent_twice(server: Server, submissions: Submissions) -> None:
    account = server.open_account(2)
    three = submissions("a", "b", "c", account=account)
    await charge(*three)
    assert [submission.deduction is None for submission in three] == [False, False, True]
    assert [submission.task is None for submission in three] == [False, False, True]
    assert server.ledger.balance(account.account_id) == 0
    assert names(server, account) == ["a", "b"]


async def test_the_failure_that_was_arranged_is_that_of_the_first(
    server: Server, account: OpenedAccount, submissions: Submissions
) -> None:
    server.accounts.fail_tasks(account.account_id, 1)
    await charge(*submissions("a", "b"))
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -1), ("refund", 1), ("deduct", -1)]
    assert names(server, account) == ["b"]


async def test_a_creation_that_fails_is_refunded_once_and_touches_no_other(
    server: Server, account: OpenedAccount, submissions: Submissions
) -> None:
    fussy = replace(server, tasks=FussyTasks(server.store))
    three = submissions("a", "fails", "c", server=fussy)
    assert await charge(*three) == [None, None, None]
    entries = [("grant", 10), ("deduct", -1), ("deduct", -1), ("refund", 1), ("deduct", -1)]
    assert server.ledger.entries(account.account_id) == entries
    assert names(server, account) == ["a", "c"]
    assert [submission.task and submission.task.filename for submission in three] == ["a", None, "c"]
    assert server.store.held is not None
    assert server.store.held.keys() == {submission.task.id for submission in three if submission.task}


async def test_of_a_try_before_nothing_is_left(
    server: Server, account: OpenedAccount, submissions: Submissions
) -> None:
    [submission] = submissions("a")
    await charge(submission)
    server.accounts.fail_tasks(account.account_id, 1)
    await charge(submission)
    assert submission.task is None


async def test_whoever_is_cancelled_before_is_not_charged(
    server: Server, account: OpenedAccount, submissions: Submissions
) -> None:
    gone, stays = (asyncio.create_task(server.charging.charge(one)) for one in submissions("gone", "stays"))
    asyncio.get_running_loop().call_soon(gone.cancel)
    await stays
    assert gone.cancelled()
    assert server.ledger.balance(account.account_id) == 9
    assert names(server, account) == ["stays"]


async def test_whoever_is_cancelled_afterwards_hears_of_it(
    server: Server, account: OpenedAccount, submissions: Submissions
) -> None:
    [submission] = submissions("late")
    late = asyncio.create_task(server.charging.charge(submission))
    await asyncio.sleep(0)
    # Behind the charge, and before the one who waits for it goes on.
    asyncio.get_running_loop().call_soon(late.cancel)
    await late
    assert submission.task is not None
    assert names(server, account) == ["late"]


async def test_a_database_that_is_locked_charges_none_and_is_asked_once(
    settings: Settings, contract: Contract, tmp_path: Path, submissions: Submissions, transactions: list[Store]
) -> None:
    database = tmp_path / "mock.db"
    kept = build_server(replace(settings, database=database, busy_seconds=0.01), contract)
    account = kept.open_account(10)
    two = submissions("a", "b", server=kept, account=account)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        transactions.clear()
        assert [type(problem) for problem in await charge(*two)] == [StoreBusy, StoreBusy]
        assert len(transactions) == 1
    assert kept.ledger.entries(account.account_id) == [("grant", 10)]
    assert await charge(*two) == [None, None]
    assert kept.ledger.balance(account.account_id) == 8
    kept.store.close()


async def test_what_is_no_failure_of_a_creation_is_heard(submissions: Submissions, server: Server) -> None:
    broken = replace(server, ledger=BrokenLedger(server.store))
    problems = await charge(*submissions("a", "b", server=broken))
    assert [type(problem) for problem in problems] == [LookupError, LookupError]
