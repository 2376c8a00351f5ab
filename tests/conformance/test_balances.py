"""Balances are asked for only where they are not known, and known only as long as nothing is submitted."""

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.outcomes import Unverified
from conformance.target.accounts import Account
from conformance.target.balances import Balances
from conformance.target.running import Running
from conformance.wire.exchange import Answer, Request

ACCOUNT = Account(plain=cast(Any, None), api_key="key", id="account")
SUBMISSION = Request(method="POST", url="http://ocr.example", kind="submission")
HOOK = Request(method="PUT", url="http://ocr.example", kind="hook")


class Bank:
    """Accounts that all have `pages`, and notes how often somebody asks."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.looks = 0

    def balance(self, account: Account) -> int:
        self.looks += 1
        return self.pages


@pytest.fixture
def bank() -> Bank:
    return Bank(9)


@pytest.fixture
def running() -> Running:
    return Running()


@pytest.fixture
def balances(bank: Bank, running: Running) -> Balances:
    target = SimpleNamespace(running=running, profile=SimpleNamespace(settling_seconds=0))
    return Balances(cast(Any, target), cast(Any, bank), cast(Any, None))


def test_what_hooks_tell_is_believed_once_it_was_seen_to_be_true(
    balances: Balances, bank: Bank, running: Running
) -> None:
    running.balances["account"] = 9
    assert [balances.before(ACCOUNT) for _ in range(3)] == [9, 9, 9]
    assert bank.looks == 1


def test_the_pages_of_a_new_account_may_take_a_while_to_show(
    balances: Balances, bank: Bank, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def later(seconds: float) -> None:
        bank.pages = 9

    cast(Any, balances)._target.profile.settling_seconds = 1
    monkeypatch.setattr(time, "sleep", later)
    running.balances["account"], bank.pages = 9, 0
    assert balances.before(ACCOUNT) == 9


def test_hooks_that_tell_something_else_are_never_believed(balances: Balances, bank: Bank, running: Running) -> None:
    running.balances["account"] = 1000
    assert [balances.before(ACCOUNT) for _ in range(3)] == [9, 9, 9]
    assert bank.looks == 3


def test_what_came_to_the_expected_pages_is_known_until_something_is_submitted(
    balances: Balances, bank: Bank, running: Running
) -> None:
    balances.settled(ACCOUNT, 9)
    balances.before(ACCOUNT)
    running.sending(HOOK)
    assert (balances.before(ACCOUNT), bank.looks) == (9, 2)
    running.sending(SUBMISSION)
    bank.pages = 8
    assert (balances.before(ACCOUNT), bank.looks) == (8, 3)


def test_what_did_not_come_to_the_expected_pages_is_asked_for_again(balances: Balances, bank: Bank) -> None:
    balances.settled(ACCOUNT, 9)
    balances.before(ACCOUNT)
    balances.settled(ACCOUNT, 5)
    bank.pages = 5
    assert balances.before(ACCOUNT) == 5


def test_an_account_of_a_profile_is_always_asked(balances: Balances, bank: Bank) -> None:
    named = Account(plain=cast(Any, None), api_key="key")
    balances.settled(named, 9)
    assert [balances.before(named) for _ in range(3)] == [9, 9, 9]
    assert bank.looks == 4


def test_an_account_is_left_with_what_it_has_since_its_last_submission(
    balances: Balances, bank: Bank, running: Running
) -> None:
    running.last = Answer(request=SUBMISSION, status=200, headers={}, content=b"", seconds=0)
    balances.leave(ACCOUNT, balances.deductions)
    assert balances.deductions == []
    assert balances.settled(ACCOUNT, 9) == 9
    balances.leave(ACCOUNT, balances.deductions)
    assert [(left.account, left.pages) for left in balances.deductions] == [(ACCOUNT, 9)]


@pytest.mark.parametrize("is_steady", [True, False])
def test_what_was_sent_twice_by_chance_says_nothing_of_what_it_costs(
    balances: Balances, bank: Bank, is_steady: bool
) -> None:
    def send(submission: Any) -> Answer:
        bank.pages -= 6
        return Answer(request=SUBMISSION, status=200, headers={}, content=b"", seconds=0, uncertain=True)

    target = cast(Any, balances)._target
    target.send, target.client = send, SimpleNamespace(is_steady=is_steady)
    file = cast(Any, SimpleNamespace(pages=3))
    if is_steady:
        with pytest.raises(Unverified, match="was lost"):
            balances.cost_in_queue(file, ACCOUNT)
    else:
        assert balances.cost_in_queue(file, ACCOUNT) == 6
