"""Providers by mode: a queued one answers first, a synchronous one stores first; queues stand still when paused."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

import httpx
import pytest

from fixtures import fixture
from mockserver import Server
from mockserver.recognition import Page, Word
from mockserver.server import OpenedAccount
from mockserver.tasks import Task

pytestmark = pytest.mark.anyio

Submit = Callable[..., Awaitable[httpx.Response]]
Poll = Callable[[str, str], Awaitable[Any]]
Connect = Callable[[Server], httpx.AsyncClient]


class FailingEngine:
    async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
        raise ZeroDivisionError("a secret of the engine")


class Noting(tuple[Page, ...]):
    """Pages that note in which threads they are looked at."""

    threads: ClassVar[set[int]] = set()

    def __iter__(self) -> Iterator[Page]:
        self.threads.add(threading.get_ident())
        return super().__iter__()


class NotingEngine:
    def __init__(self, words: int) -> None:
        word = Word(text="word", left=0, top=0, width=1, height=1)
        self._page = Page(text="word " * words, width=1, height=1, words=(word,) * words)

    async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
        Noting.threads.clear()
        return Noting((self._page,))


def task_of(server: Server, account: OpenedAccount, answer: httpx.Response) -> Task:
    task = server.tasks.find(account.account_id, answer.json()["taskId"])
    assert task is not None
    return task


async def test_a_queued_task_is_queued_when_the_submission_is_answered(
    server: Server, account: OpenedAccount, submit: Submit
) -> None:
    task = task_of(server, account, await submit(provider="paddle"))
    assert (task.status, task.result) == ("queued", None)


async def test_a_queued_task_reaches_done_without_words(
    account: OpenedAccount, submit: Submit, wait_until_finished: Poll
) -> None:
    task = await wait_until_finished(account.api_key, (await submit(provider="paddle")).json()["taskId"])
    assert task["status"] == "done"
    assert task["result"]["text"] == fixture("page.png").page_details[0].text
    assert task["result"]["pages"][0]["words"] == []


async def test_a_synchronous_task_is_done_with_words_when_the_submission_is_answered(
    server: Server, account: OpenedAccount, submit: Submit
) -> None:
    task = task_of(server, account, await submit(provider="baidu"))
    assert task.status == "done"
    assert task.result is not None
    words = task.result["pages"][0]["words"]
    assert [word["text"] for word in words] == fixture("page.png").page_details[0].text.split()
    assert words[0] == {
        "text": "INVOICE",
        "confidence": 1.0,
        "box": {"left": 44, "top": 49, "width": 137, "height": 27},
    }


async def test_a_paused_queue_starts_nothing_and_holds_nobody_else_up(
    server: Server, account: OpenedAccount, submit: Submit, wait_until_finished: Poll
) -> None:
    server.accounts.pause(account.account_id, True)
    waiting = await submit(provider="paddle")
    other = server.open_account(1)
    theirs = await submit(key=other.api_key, provider="paddle")
    synchronous = await submit(provider="baidu")
    assert (await wait_until_finished(other.api_key, theirs.json()["taskId"]))["status"] == "done"
    assert task_of(server, account, synchronous).status == "done"
    assert task_of(server, account, waiting).status == "queued"
    assert server.ledger.balance(account.account_id) == 8


async def test_a_queue_that_goes_on_starts_what_waited(
    server: Server, account: OpenedAccount, submit: Submit, wait_until_finished: Poll
) -> None:
    server.accounts.pause(account.account_id, True)
    waiting = [(await submit()).json()["taskId"] for _ in range(3)]
    await asyncio.sleep(0.01)
    server.accounts.pause(account.account_id, False)
    server.queue.wake(server, account.account_id)
    for task_id in waiting:
        assert (await wait_until_finished(account.api_key, task_id))["status"] == "done"


async def test_a_queue_that_ran_empty_starts_the_next_task(
    account: OpenedAccount, submit: Submit, wait_until_finished: Poll
) -> None:
    for _ in range(3):
        task_id = (await submit()).json()["taskId"]
        assert (await wait_until_finished(account.api_key, task_id))["status"] == "done"


async def test_tasks_of_an_account_are_done_in_their_order(server: Server, account: OpenedAccount) -> None:
    seen: list[bytes] = []

    class NotingEngine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            seen.append(content)
            return ()

    noting = replace(server, engine=NotingEngine())
    for content in (b"1", b"2", b"3"):
        server.tasks.create(account_id=account.account_id, provider="paddle", pages=1, filename=None, content=content)
        noting.queue.wake(noting, account.account_id)
    async with asyncio.timeout(5):
        while len(seen) < 3:
            await asyncio.sleep(0)
    assert seen == [b"1", b"2", b"3"]


@pytest.mark.parametrize("provider", ["paddle", "baidu"])
async def test_a_failed_recognition_fails_the_task_and_costs_its_pages(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit, wait_until_finished: Poll, provider: str
) -> None:
    client = connect(replace(server, engine=FailingEngine()))
    answer = await submit(client=client, provider=provider)
    assert answer.status_code == 200
    task = await wait_until_finished(account.api_key, answer.json()["taskId"])
    assert (task["status"], task["result"], task["error"]) == ("failed", None, "recognition failed")
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -1)]


async def test_the_document_is_kept_no_longer_than_needed(server: Server, account: OpenedAccount) -> None:
    task = server.tasks.create(
        account_id=account.account_id, provider="paddle", pages=1, filename=None, content=b"document"
    )
    assert server.tasks.content(task.id) == b"document"
    server.tasks.start(task.id)
    assert server.tasks.content(task.id) == b"document"
    server.tasks.finish(task.id, {})
    assert server.tasks.content(task.id) == b""


async def test_a_task_whose_account_is_deleted_disturbs_nobody(
    server: Server, account: OpenedAccount, submit: Submit
) -> None:
    await submit()
    server.accounts.delete(account.account_id)
    await asyncio.sleep(0.01)
    other = server.open_account(1)
    assert (await submit(key=other.api_key)).status_code == 200


@pytest.mark.parametrize(("words", "threads"), [(10, 1), (50_000, 2)])
async def test_a_long_result_is_put_together_beside_the_loop(
    server: Server, account: OpenedAccount, submit: Submit, connect: Connect, words: int, threads: int
) -> None:
    served = replace(server, engine=NotingEngine(words))
    task = task_of(served, account, await submit(client=connect(served), provider="baidu"))
    assert task.result is not None
    assert len(task.result["pages"][0]["words"]) == words
    assert len(Noting.threads) == threads
