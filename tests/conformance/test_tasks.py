"""Tasks are waited for as long as the profile says, until one was in vain."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.outcomes import Nonconformance, Unverified
from conformance.profile.profile import AccountApi
from conformance.target import tasks as waiting
from conformance.target.accounts import Account
from conformance.target.tasks import IMPATIENT_SECONDS, Tasks
from conformance.wire.exchange import Answer, Request

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

    def _has_ended(self, api_key: str, task_id: str) -> bool:
        return self.status(ACCOUNT, task_id) == "done"

    def status(self, account: Account, task_id: str) -> str:
        return "done" if CLOCK.now >= float(task_id) else "queued"


CLOCK = Clock()
BEFORE: list[tuple[str, str]] = []


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Tasks:
    CLOCK.now = 0.0
    monkeypatch.setattr(waiting, "time", CLOCK)
    watch = SimpleNamespace(queued_before=lambda task: BEFORE)
    BEFORE.clear()
    return Served(cast(Any, SimpleNamespace(profile=SimpleNamespace(task_seconds=30.0), watch=watch)))


def test_a_task_is_waited_for_as_long_as_the_profile_says(tasks: Tasks) -> None:
    assert tasks.wait(ACCOUNT, "29") == "done"
    assert tasks.patience == 30


def test_once_one_was_in_vain_others_are_not_given_as_long(tasks: Tasks) -> None:
    assert tasks.wait(ACCOUNT, "1000") == "queued"
    assert 30 < CLOCK.now < 31
    assert tasks.wait(ACCOUNT, "1000") == "queued"
    assert CLOCK.now < 31 + IMPATIENT_SECONDS + 1


def test_while_others_before_it_are_worked_off_patience_begins_anew(tasks: Tasks) -> None:
    BEFORE.extend(("key", str(seconds)) for seconds in range(0, 90, 10))
    assert tasks.wait(ACCOUNT, "95") == "done"


@pytest.mark.parametrize("before", [[1000, 2000], [10, 20], [10, 2000]], ids=["none ends", "all ended", "it stops"])
def test_but_not_where_those_are_not_what_it_waits_for(tasks: Tasks, before: list[int]) -> None:
    BEFORE.extend(("key", str(seconds)) for seconds in before)
    assert tasks.wait(ACCOUNT, "3000") == "queued"
    assert CLOCK.now < 62


def test_a_queue_that_never_comes_to_it_is_not_waited_for_for_ever(tasks: Tasks) -> None:
    BEFORE.extend(("key", str(seconds)) for seconds in range(0, 9000, 10))
    with pytest.raises(Unverified, match=r"keeps up with spend\.requests_per_second"):
        tasks.wait(ACCOUNT, "9000")


def test_what_shows_late_is_given_time(tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks._target.profile, "settling_seconds", 3.0, raising=False)
    monkeypatch.setattr(tasks, "_shows_late", False)
    assert tasks.status_at_once(ACCOUNT, "2") == "queued"
    monkeypatch.setattr(tasks, "_shows_late", True)
    assert tasks.status_at_once(ACCOUNT, "2") == "done"
    assert tasks.status_at_once(ACCOUNT, "20") == "queued"


def test_but_twice_as_long_as_the_longest_that_was_done(tasks: Tasks) -> None:
    tasks.wait(ACCOUNT, "8")
    tasks.wait(ACCOUNT, "1000")
    assert 16 <= tasks.patience < 18


def test_the_answer_that_tells_that_a_task_is_done_tells_its_result_as_well() -> None:
    asked: list[str] = []
    told = iter([b'{"status": "queued"}', b'{"status": "done", "result": {"text": "a"}}', b'{"status": "done"}'])

    def get(path: str, api_key: str | None, **more: object) -> Answer:
        asked.append(path)
        request = Request(method="GET", url=path)
        return Answer(request=request, status=200, headers={}, content=next(told), seconds=0.0)

    profile = SimpleNamespace(account_api=AccountApi(), settling_seconds=0.0)
    tasks = Tasks(cast(Any, SimpleNamespace(profile=profile, get=get)))
    assert [tasks.status(ACCOUNT, "one"), tasks.status(ACCOUNT, "one")] == ["queued", "done"]
    assert tasks.result(ACCOUNT, "one") == {"text": "a"}
    assert len(asked) == 2
    with pytest.raises(Nonconformance):
        tasks.result(ACCOUNT, "two")
    assert len(asked) == 3


def test_where_results_were_told_one_that_is_not_there_is_missed() -> None:
    told = iter([b'{"status": "done"}', b'{"status": "done", "result": []}', b'{"status": "done"}'])

    def get(path: str, api_key: str | None, **more: object) -> Answer:
        return Answer(request=Request(method="GET", url=path), status=200, headers={}, content=next(told), seconds=0.0)

    profile = SimpleNamespace(account_api=AccountApi(stated=False, result_stated=False), settling_seconds=0.0)
    tasks = Tasks(cast(Any, SimpleNamespace(profile=profile, get=get)))
    with pytest.raises(Unverified):
        tasks.result(ACCOUNT, "one")
    assert tasks.result(ACCOUNT, "two") == []
    with pytest.raises(Nonconformance):
        tasks.result(ACCOUNT, "three")
