"""Tasks are waited for as long as the profile says, until one was in vain."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.target import tasks as waiting
from conformance.target.accounts import Account
from conformance.target.tasks import IMPATIENT_SECONDS, Tasks

ACCOUNT = Account(plain=cast(Any, None), api_key="key", id="account")


class Clock:
    """Time that passes only while somebody sleeps."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Served(Tasks):
    """Each task is done after so many seconds, by its id."""

    def status(self, account: Account, task_id: str) -> str:
        return "done" if CLOCK.now >= float(task_id) else "queued"


CLOCK = Clock()


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Tasks:
    CLOCK.now = 0.0
    monkeypatch.setattr(waiting, "time", CLOCK)
    return Served(cast(Any, SimpleNamespace(profile=SimpleNamespace(task_seconds=30.0))))


def test_a_task_is_waited_for_as_long_as_the_profile_says(tasks: Tasks) -> None:
    assert tasks.wait(ACCOUNT, "29") == "done"
    assert tasks.patience == 30


def test_once_one_was_in_vain_others_are_not_given_as_long(tasks: Tasks) -> None:
    assert tasks.wait(ACCOUNT, "1000") == "queued"
    assert 30 < CLOCK.now < 31
    assert tasks.wait(ACCOUNT, "1000") == "queued"
    assert CLOCK.now < 31 + IMPATIENT_SECONDS + 1


def test_but_twice_as_long_as_the_longest_that_was_done(tasks: Tasks) -> None:
    tasks.wait(ACCOUNT, "8")
    tasks.wait(ACCOUNT, "1000")
    assert 16 <= tasks.patience < 18
