"""The accounts that a run submits with: fresh ones from the hooks, or those whose keys the profile names."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial

from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError, Unverified
from conformance.redaction import EXHAUSTED_KEY, FRESH_KEY, REVOKED_KEY, SECOND_KEY
from conformance.target.ahead import begun
from conformance.target.submissions import Submission, bearer, plain_submission
from conformance.target.target import Target
from conformance.wire.exchange import Answer, is_number, resolve, whole_pages
from conformance.wire.hooks import ACCOUNTS, KEYS, QUEUE, TASK_FAILURES, HookAccount, Hooks

PLENTY = 1000
SETTLING_SECONDS = 5.0
TIDYING = 8  # As many as the client keeps connections.


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who submits, with `plain` as control. `id` and `key_id` are known where the hooks created them."""

    plain: Submission
    api_key: str = field(repr=False)
    id: str | None = None
    key_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Revocation:
    """A key that was revoked, another one of the same account, and the monotonic clock of that moment."""

    gone: Account
    left: Account
    at: float


class Accounts:
    """Arranges accounts on a target. Where it cannot, the getters raise Unverified.

    `created` are the ids of those that are to be removed again.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self.created: list[str] = []
        self._nobody_tidies = False
        self._exhausted: Account | None = None
        self._refused: Account | None = None
        self._revocation: Revocation | None = None
        self._ahead: Future[HookAccount] | None = None
        self._resuming: list[Future[None]] = []
        self._revocation_lag: float | None = None

    def usable(self) -> Account:
        """An account that can pay: a fresh one where there are hooks, otherwise that of `keys.valid`."""
        if self._target.offers(ACCOUNTS):
            return self._taken_from_ahead()
        return self._named(self._target.profile.keys.valid, "keys.valid")

    def exhausted(self) -> Account:
        """An account whose balance is 0: the same for the whole run, since nobody can spend what it has not."""
        if self._target.offers(ACCOUNTS):
            self._exhausted = self._exhausted or self.fresh(0)
            return self._exhausted
        return self._named(self._target.profile.keys.exhausted, "keys.exhausted")

    def refused(self) -> Account:
        """An account that can pay: the same for all tests that send nothing but what is refused, and is free."""
        self._refused = self._refused or self.usable()
        return self._refused

    def revoked(self) -> Account:
        """The account of `keys.revoked`."""
        return self._named(self._target.profile.keys.revoked, "keys.revoked")

    def with_revoked_key(self) -> Account:
        """An account that submits with a key that the hooks revoked at some time, or that of `keys.revoked`."""
        return self.revocation().gone if self._target.offers(ACCOUNTS, KEYS) else self.revoked()

    def revocation(self) -> Revocation:
        """One that nobody has to undo: the same for the whole run, since a revoked key stays revoked."""
        self._revocation = self._revocation or self.revoke_beside(self.usable())
        return self._revocation

    def revoke_beside(self, account: Account) -> Revocation:
        """Revoke a further key of an account; its own one is left."""
        further = self.second_key(account)
        self.revoke(further)
        self._revocation = Revocation(gone=further, left=account, at=time.monotonic())
        return self._revocation

    def afford(self, pages: int) -> None:
        """Raises Unverified where somebody pays for these pages and the budget does not have them any more."""
        if not self._target.offers(ACCOUNTS):
            self._target.client.afford(pages)

    def fresh(self, pages: int) -> Account:
        """A new account with exactly this balance."""
        hooks = self._hooks(ACCOUNTS)
        self._wait_for_ahead()
        return self._noted(self._created(hooks, pages))

    def _taken_from_ahead(self) -> Account:
        """The account that was created while something else went on, and the next one is begun."""
        hooks = self._hooks(ACCOUNTS)
        create = partial(self._created, hooks, PLENTY)
        ahead = self._ahead or begun(create)
        wait([ahead])
        self._ahead = begun(create)
        return self._noted(ahead.result())

    def _wait_for_ahead(self) -> None:
        """Accounts and keys are created one after the other, so that the same run creates them in the same order."""
        if self._ahead:
            wait([self._ahead])

    def settle(self) -> None:
        """Take note of the account that was created ahead, in vain, and see every queue go on."""
        wait(self._resuming, SETTLING_SECONDS)
        if self._ahead:
            with suppress(TimeoutError, TargetError, Unverified):
                self._noted(self._ahead.result(SETTLING_SECONDS))
            self._ahead = None

    def _created(self, hooks: Hooks, pages: int) -> HookAccount:
        """A new account, whose key is a secret from its first moment on: the server may repeat it at any time."""
        created = hooks.create_account(pages)
        self._target.redactor.add(created.api_key, FRESH_KEY if pages else EXHAUSTED_KEY)
        self._target.trail.know(created.api_key, created.key_id, created.account_id, pages)
        return created

    def _noted(self, created: HookAccount) -> Account:
        self.created.append(created.account_id)
        self._target.running.balances[created.account_id] = created.pages
        account = self._account(created.api_key, metered=False)
        return replace(account, id=created.account_id, key_id=created.key_id)

    def second_key(self, account: Account) -> Account:
        """The same account, using a further key."""
        hooks = self._hooks(KEYS)
        self._wait_for_ahead()
        key_id, api_key = hooks.create_key(_known(account.id))
        self._target.redactor.add(api_key, SECOND_KEY)
        self._target.trail.know(api_key, key_id, _known(account.id))
        return replace(self._with_key(account, api_key), key_id=key_id)

    def revoke(self, account: Account) -> None:
        """Revoke the key with which the account submits."""
        self._hooks(KEYS).revoke_key(_known(account.id), _known(account.key_id))
        self._target.redactor.add(account.api_key, REVOKED_KEY)
        time.sleep(self._revocation_lag or 0)

    def since_revoked(self, ask: Callable[[], Answer], works: Callable[[Answer], bool]) -> Answer:
        """The answer to what is asked with a key that was just revoked, asked once more later if the key still works.

        Nothing documented says how soon all of a deployment knows. Once is enough: from then on every revocation is
        given that time where it helped, and none is where it did not.
        """
        answer = ask()
        if works(answer) and self._revocation_lag is None:
            seconds = self._target.profile.settling_seconds
            time.sleep(seconds)
            answer = ask()
            self._revocation_lag = 0 if works(answer) else seconds
        return answer

    def revokes_late(self, revoked: Account) -> bool:
        """Whether revocations take a while here, as that of this key does."""
        self.since_revoked(lambda: self._target.send(revoked.plain.faulty()), lambda answer: answer.is_success)
        return bool(self._revocation_lag)

    def fail_next_task(self, account: Account) -> None:
        self.fail_next_tasks(account, 1)

    def fail_next_tasks(self, account: Account, count: int) -> None:
        self._target.running.failing = True
        self._hooks(TASK_FAILURES).fail_next_tasks(_known(account.id), count)

    @contextmanager
    def paused_queue(self, account: Account) -> Iterator[None]:
        """Meanwhile no queued task of this account starts, if the hooks can see to that; soon afterwards they do."""
        if not self._target.offers(QUEUE):
            yield
            return
        self.resumed()
        self.set_paused(account, True)
        try:
            yield
        finally:
            self.resume(account)

    def resume(self, account: Account) -> None:
        """Soon, queued tasks of this account start; that is not waited for."""
        self._resuming.append(begun(partial(self.set_paused, account, False)))

    def resumed(self) -> None:
        """Wait until every queue goes on again. Raises TargetError where the hooks did not see to that."""
        while self._resuming:
            self._resuming.pop().result()

    def set_paused(self, account: Account, paused: bool) -> None:
        """From now on, queued tasks of this account start, or do not."""
        self._hooks(QUEUE).pause_queue(_known(account.id), paused=paused)

    def hook_view(self, account: Account) -> str:
        """All that the hooks tell of an account after it was created."""
        return repr(self._hooks(ACCOUNTS).account(_known(account.id)))

    def balance(self, account: Account) -> int:
        """The pages that an account has left. Raises Nonconformance where a part of one is told."""
        if account.id is not None:
            return self._hooks(ACCOUNTS).pages(account.id)
        return self.told(account)

    def told(self, account: Account) -> int:
        """The same by the account API, whatever the hooks say."""
        api = self._target.profile.account_api
        if api is None or api.balance is None:
            raise Unverified("the balance cannot be seen: add account_api.balance")
        answer = self._target.get(api.balance, account.api_key)
        pages = self._told(answer)
        if pages is None:
            raise TargetError(f"account_api.balance: GET {api.balance} answered {answer.summary}")
        return whole_pages(pages)

    def tells(self, answer: Answer) -> bool:
        """Whether an answer of the account API tells a balance."""
        return self._told(answer) is not None

    def _told(self, answer: Answer) -> int | float | None:
        api = self._target.profile.account_api
        try:
            pages = resolve(answer.json(), api.balance_pages if api else "")
        except (Nonconformance, Unverified, LookupError):
            return None
        return pages if answer.status == 200 and is_number(pages) else None

    def remove_created(self) -> None:
        """Delete the accounts of the run as long as that is answered. One that stays behind changes no verdict."""
        if self.created:
            with ThreadPoolExecutor(TIDYING) as pool:
                list(pool.map(self._remove, self.created))

    def _remove(self, account_id: str) -> None:
        if not self._nobody_tidies:
            with suppress(TargetError, Unverified):
                self._delete(account_id)

    def _delete(self, account_id: str) -> None:
        try:
            self._hooks(ACCOUNTS).delete_account(account_id)
        except ConnectionLostError:
            self._nobody_tidies = True

    def _named(self, api_key: str | None, name: str) -> Account:
        if not api_key:
            raise Unverified(f"needs {name}, or hooks that offer accounts")
        valid = self._target.profile.keys.valid
        if valid is None:
            account = self._account(api_key, metered=True)
            return replace(account, plain=replace(account.plain, control=None))
        return self._with_key(self._account(valid, metered=True), api_key)

    def _account(self, api_key: str, *, metered: bool) -> Account:
        target = self._target
        plain = plain_submission(target.contract, target.profile.base_url, api_key, metered=metered)
        return Account(plain=plain, api_key=api_key)

    def _with_key(self, account: Account, api_key: str) -> Account:
        """The same, submitting with another key; that is how its requests differ from the control."""
        authorization = bearer(self._target.contract, api_key)
        return replace(account, api_key=api_key, plain=replace(account.plain, authorization=authorization))

    def _hooks(self, group: str) -> Hooks:
        if self._target.hooks is None or not self._target.offers(ACCOUNTS, group):
            raise Unverified(f"needs hooks that offer {group}")
        return self._target.hooks


def _known(identifier: str | None) -> str:
    if identifier is None:
        raise Unverified("needs an account that the hooks created")
    return identifier
