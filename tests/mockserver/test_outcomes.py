"""Outcomes of tasks: stored together where they are found together, and none waits for what takes long."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest

from mockserver import Server
from mockserver.outcomes import Outcomes
from mockserver.recognition import Page
from mockserver.server import OpenedAccount
from mockserver.store import Store, StoreUnavailable, Transaction

pytestmark = pytest.mark.anyio


class CountingStore(Store):
    transactions = 0

    def transaction(self) -> Transaction:
        self.transactions += 1
        return super().transaction()


async def test_what_is_found_before_the_loop_turns_is_stored_in_one_transaction() -> None:
    store, taken = CountingStore(), list[int]()
    outcomes = Outcomes(store)
    for number in range(3):
        outcomes.put(partial(taken.append, number))
    await outcomes.stored()
    outcomes.put(partial(taken.append, 3))
    await outcomes.stored()
    assert (taken, store.transactions) == ([0, 1, 2, 3], 2)


async def test_nothing_comes_between_what_is_found_last_and_its_storing() -> None:
    taken: list[int] = []
    outcomes = Outcomes(Store())
    outcomes.put(partial(taken.append, 0))
    storing = outcomes.stored()
    with pytest.raises(StopIteration):
        storing.send(None)
    assert taken == [0]


async def test_a_step_that_fails_is_taken_again_with_all_of_its_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.busy.RETRY_SECONDS", 0.01)
    store, tries = Store(), list[str]()
    outcomes = Outcomes(store)

    def second() -> None:
        tries.append("second")
        if tries.count("second") == 1:
            raise StoreUnavailable("is full")

    outcomes.put(lambda: store.run("INSERT INTO accounts (id) VALUES ('a')"))
    outcomes.put(second)
    waiting = asyncio.create_task(outcomes.stored())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    # What is found meanwhile is not forgotten.
    outcomes.put(lambda: store.run("INSERT INTO accounts (id) VALUES ('b')"))
    await waiting
    assert tries == ["second", "second"]
    assert [row["id"] for row in store.rows("SELECT id FROM accounts ORDER BY id")] == ["a", "b"]


async def test_a_task_that_is_recognised_does_not_wait_for_the_next_one(
    server: Server, account: OpenedAccount, wait_until_finished: Callable[[str, str], Awaitable[object]]
) -> None:
    open_end = asyncio.Event()

    class Slow:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            if content == b"slow":
                await open_end.wait()
            return ()

    slow = replace(server, engine=Slow())
    quick, late = (
        server.tasks.create(account_id=account.account_id, provider="paddle", pages=1, filename=None, content=content)
        for content in (b"quick", b"slow")
    )
    slow.queue.wake(slow, account.account_id)
    await wait_until_finished(account.api_key, quick.id)
    found = server.tasks.find(account.account_id, late.id)
    assert found is not None
    assert found.status == "processing"
    open_end.set()
    await wait_until_finished(account.api_key, late.id)
