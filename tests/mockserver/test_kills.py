"""SIGKILL at random moments, while clients submit: nothing that was accepted is lost, and no page."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mockserver.load import Account, Load, call, open_account
from tests.mockserver.processes import Process, copied, free_port
from tests.mockserver.reconcile import reconcile

SEED = 20260401
KILLS = 50
SHARED_KILLS = 4


class Rig:
    """A database, a port, and whichever server has them at the moment."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.database = folder / "mock.db"
        self._copies = folder / "copies"
        self._options = ("--port", str(self.port), "--database", str(self.database), *options)
        self.process = self.start()

    def start(self) -> Process:
        self.process = Process(*self._options)
        return self.process

    def killed(self) -> Path:
        """Kill the server; a copy of what it left."""
        self.process.kill()
        return copied(self.database, self._copies)

    def accounts(self) -> list[Account]:
        """Three accounts, one of which runs out of pages, for five clients."""
        self.process.ready()
        many, some, few = (open_account(self.port, pages) for pages in (1_000_000, 1_000_000, 20))
        return [many, many, some, some, few]

    def wait_until_all_is_done(self, accounts: list[Account]) -> None:
        deadline = time.monotonic() + 30
        for account in set(accounts):
            while _unfinished(self.port, account):
                assert time.monotonic() < deadline
                time.sleep(0.05)


def _unfinished(port: int, account: Account) -> bool:
    """Whether the newest task, or any of a hundred, is not done: tasks of an account are done in their order."""
    _, answer = call(port, "GET", "/api/tasks?limit=100", key=account.key)
    return any(task["status"] != "done" for task in answer["tasks"])


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    yield rig
    rig.process.kill()


@pytest.fixture
def shared_rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path, "--workers", "2")
    yield rig
    rig.process.kill()


def test_no_kill_loses_a_task_or_a_page(rig: Rig) -> None:
    chance = random.Random(SEED)
    accounts = rig.accounts()
    found: Counter[str] = Counter()
    with Load(rig.port, accounts, SEED) as load:
        for number in range(KILLS):
            if number % 5 < 4:
                # Of a server that is starting, the moment is counted from the start.
                if number:
                    rig.process.ready()
                time.sleep(chance.uniform(0, 0.3))
            else:
                time.sleep(chance.uniform(0, 0.4))
            left, seen = rig.killed(), load.seen
            # The next one starts meanwhile, which takes longer.
            rig.start()
            found += reconcile(left, accounts, seen)
        rig.process.ready()
    rig.wait_until_all_is_done(accounts)
    assert rig.process.terminate() == (0, "")
    statuses = reconcile(rig.database, accounts, load.seen)
    assert set(statuses) == {"done"}
    answers = Counter(seen.status for seen in load.seen)
    print(f"{KILLS} kills, answers {dict(answers)}, tasks {dict(statuses)}, found after kills {dict(found)}")
    # Otherwise it was not under load that the server was killed.
    assert min(answers[402], answers[500]) > 0
    assert min(answers[200], answers[None]) > KILLS
    assert found["processing"] > KILLS / 2
    assert found["queued"] > KILLS


@pytest.mark.parametrize("victim", ["worker", "supervisor"])
def test_no_kill_among_several_processes_loses_a_task_or_a_page(shared_rig: Rig, victim: str) -> None:
    rig = shared_rig
    chance = random.Random(SEED)
    accounts = rig.accounts()
    with Load(rig.port, accounts, SEED) as load:
        for _ in range(SHARED_KILLS):
            time.sleep(chance.uniform(0.1, 0.5))
            if victim == "worker":
                os.kill(chance.choice(rig.process.children()), signal.SIGKILL)
                time.sleep(0.3)
            else:
                rig.process.kill()
                rig.start().ready()
    rig.wait_until_all_is_done(accounts)
    status, log = rig.process.terminate()
    assert status == 0
    assert log.count("is replaced") == (SHARED_KILLS if victim == "worker" else 0)
    assert set(reconcile(rig.database, accounts, load.seen)) == {"done"}
    answers = Counter(seen.status for seen in load.seen)
    print(f"{SHARED_KILLS} kills of a {victim}, answers {dict(answers)}")
    assert min(answers[200], answers[None]) > SHARED_KILLS
