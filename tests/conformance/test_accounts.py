"""Accounts come from the hooks, one of them ahead of time, and whatever key there is is a secret at once."""

import time
from collections.abc import Iterator
from concurrent.futures import wait
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError
from conformance.profile.profile import AccountApi
from conformance.redaction import EXHAUSTED_KEY, FRESH_KEY, Redactor
from conformance.target.accounts import TIDYING, Account, Accounts
from conformance.target.running import Running
from conformance.target.submissions import plain_submission
from conformance.wire.exchange import Answer, Request
from conformance.wire.hooks import HookAccount
from conformance.wire.trail import Trail
from spec import load_contract


class Opening:
    """Hooks that open accounts, and take their time to let a queue go on."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)
        self.paused: list[bool] = []

    def pause_queue(self, account_id: str, *, paused: bool) -> None:
        time.sleep(0 if paused else 0.05)
        self.paused.append(paused)

    def create_account(self, pages: int) -> HookAccount:
        number = next(self._numbers)
        return HookAccount(account_id=f"a{number}", key_id=f"k{number}", api_key=f"sk_fresh_{number:08}", pages=pages)


def accounts_and_redactor() -> tuple[Accounts, Redactor]:
    redactor = Redactor()
    target = SimpleNamespace(
        contract=load_contract(),
        profile=SimpleNamespace(base_url="http://ocr.example"),
        hooks=Opening(),
        offers=lambda *groups: True,
        redactor=redactor,
        trail=Trail(),
        running=Running(),
    )
    return Accounts(cast(Any, target)), redactor


def test_the_key_of_an_account_that_nobody_has_taken_yet_is_a_secret() -> None:
    accounts, redactor = accounts_and_redactor()
    assert accounts.usable().api_key == "sk_fresh_00000001"
    wait([cast(Any, accounts._ahead)])
    assert redactor.secrets == {"sk_fresh_00000001": FRESH_KEY, "sk_fresh_00000002": FRESH_KEY}


def test_keys_go_by_what_their_account_has() -> None:
    accounts, redactor = accounts_and_redactor()
    accounts.fresh(0)
    accounts.fresh(3)
    assert list(redactor.secrets.values()) == [EXHAUSTED_KEY, FRESH_KEY]


def test_no_queue_goes_on_after_it_was_paused_again() -> None:
    accounts, _ = accounts_and_redactor()
    account = accounts.usable()
    for _ in range(2):
        with accounts.paused_queue(account):
            pass
    accounts.settle()
    assert cast(Any, accounts)._target.hooks.paused == [True, False, True, False]


def test_a_hook_that_does_not_let_a_queue_go_on_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts, _ = accounts_and_redactor()
    account = accounts.usable()

    def stuck(self: Opening, account_id: str, *, paused: bool) -> None:
        if not paused:
            raise TargetError("the hook PUT …/queue answered 500")

    monkeypatch.setattr(Opening, "pause_queue", stuck)
    with accounts.paused_queue(account):
        pass
    with pytest.raises(TargetError, match="500"):
        accounts.resumed()


def balance_of_its_key(told: str) -> int:
    """What the account API tells of an account that the hooks did not create."""
    answer = Answer(
        request=Request(method="GET", url="http://ocr.example/api/account"),
        status=200,
        headers={},
        content=f'{{"pages": {told}}}'.encode(),
        seconds=0,
    )
    profile = SimpleNamespace(base_url="http://ocr.example", account_api=AccountApi(stated=True))
    target = SimpleNamespace(contract=load_contract(), profile=profile, get=lambda path, key: answer)
    plain = plain_submission(target.contract, profile.base_url, "sk_valid_00000001", metered=True)
    return Accounts(cast(Any, target)).balance(Account(plain=plain, api_key="sk_valid_00000001"))


@pytest.mark.parametrize(("told", "problem"), [("9.5", Nonconformance), ('"9"', TargetError), ("true", TargetError)])
def test_half_a_page_is_a_fault_of_the_target(told: str, problem: type[Exception]) -> None:
    assert balance_of_its_key("9") == 9
    with pytest.raises(problem, match="page"):
        balance_of_its_key(told)


def test_tidies_up_no_further_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts, _ = accounts_and_redactor()
    asked: list[str] = []

    def delete_account(account_id: str) -> None:
        asked.append(account_id)
        raise ConnectionLostError("no answer", Request(method="DELETE", url="http://ocr.example"))

    monkeypatch.setattr(Opening, "delete_account", staticmethod(delete_account), raising=False)
    accounts.created.extend(f"a{number}" for number in range(100))
    accounts.remove_created()
    assert len(asked) <= TIDYING


@pytest.mark.parametrize(("told", "seen"), [([True, False, True], [False, True]), ([True, True, True], [True, True])])
def test_a_revocation_that_is_known_late_is_waited_for_once(told: list[bool], seen: list[bool]) -> None:
    accounts, _ = accounts_and_redactor()
    cast(Any, accounts)._target.profile.settling_seconds = 0.0
    ask: Any = iter(told).__next__
    assert [bool(accounts.since_revoked(ask, bool)) for _ in seen] == seen
