"""Authentication: what becomes of a key after it was created.

It is never shown again, it can be revoked, and it pays for nobody but its account.
"""

from contextlib import suppress
from dataclasses import replace

import pytest

from conformance.outcomes import Unverified
from conformance.session.marks import costs, looks_back, verifies
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances, a_while_after
from conformance.target.control import task_id
from conformance.target.documents import document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.target.watch import place_of
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer
from conformance.wire.hooks import ACCOUNTS, KEYS
from spec import Provider

REFUSED = {
    "a field is lacking": lambda plain: plain.without("imageBase64"),
    "the image cannot be decoded": lambda plain: plain.with_members(imageBase64="%%%%"),
    "the media type is another": lambda plain: plain.faulty(content_type="text/plain"),
    "the method is another": lambda plain: plain.faulty(method="PUT"),
}


# What it costs where only keys are given: of `keys.revoked` nothing is accepted.
@verifies("auth.revoked_key")
@costs(requests=3)
def test_refuses_a_revoked_key(accounts: Accounts, target: Target, verify: Verify, provider: Provider) -> None:
    if not target.offers(ACCOUNTS, KEYS):
        revoked = accounts.revoked().plain.with_members(provider=provider.name)
        verify.refused(target.send(revoked.faulty()), "auth.revoked_key")
        return
    account = accounts.second_key(accounts.usable())
    submission = account.plain.with_members(provider=provider.name)
    with control("the key works before it is revoked"):
        verify.accepted(target.send(submission))
    accounts.revoke(account)
    verify.refused(_refusal(submission, accounts, target), "auth.revoked_key")


def _refusal(submission: Submission, accounts: Accounts, target: Target) -> Answer:
    """The answer to what is submitted with a key that was just revoked."""
    return accounts.since_revoked(lambda: target.send(submission.faulty()), lambda answer: answer.is_success)


@verifies("auth.revoked_key")
@costs(requests=1, pages=1)
def test_shows_no_task_to_a_revoked_key(accounts: Accounts, target: Target, tasks: Tasks, verify: Verify) -> None:
    if not target.offers(ACCOUNTS, KEYS) or not target.has_tasks:
        raise Unverified("needs hooks that offer accounts and keys, and account_api.task")
    account = accounts.usable()
    revoked = accounts.second_key(account)
    task = task_id(target.send(account.plain))
    with control("the task is found with a key before that is revoked"):
        tasks.status(revoked, task)
    accounts.revoke(revoked)
    answer = accounts.since_revoked(lambda: tasks.find(revoked, task), tasks.tells)
    verify.holds(not tasks.tells(answer), expected="no task for a revoked key", got=answer.summary, answer=answer)
    if target.has_balance and target.profile.account_api and (path := target.profile.account_api.balance):
        answer = accounts.since_revoked(lambda: target.get(path, revoked.api_key), accounts.tells)
        verify.holds(
            not accounts.tells(answer), expected="no balance for a revoked key", got=answer.summary, answer=answer
        )


@verifies("auth.revocation_scope", "auth.revoked_key")
@costs(requests=5, pages=3)
@pytest.mark.parametrize("revoked", ["the first", "the second"])
def test_a_revocation_leaves_the_other_key_working(
    accounts: Accounts, target: Target, tasks: Tasks, verify: Verify, revoked: str
) -> None:
    keys = [accounts.usable()]
    keys.append(accounts.second_key(keys[0]))
    for account in keys:
        with control("both keys work before one is revoked"):
            answer = verify.accepted(target.send(account.plain))
    gone, left = keys if revoked == "the first" else reversed(keys)
    accounts.revoke(gone)
    with target.running.judging("auth.revocation_scope"):
        verify.accepted(target.send(left.plain))
    with target.running.judging("auth.revoked_key"):
        verify.refused(_refusal(gone.plain, accounts, target), "auth.revoked_key")
    if target.has_tasks and gone == keys[-1]:  # It was the one that submitted last.
        with target.running.noticing("success.task_found"), suppress(Unverified):
            tasks.status(left, task_id(answer))


@verifies("auth.revocation_scope")
@costs(requests=2, pages=2)
def test_a_revocation_leaves_another_account_alone(accounts: Accounts, target: Target, verify: Verify) -> None:
    account, stranger = accounts.usable(), accounts.usable()
    with control("the other account's key works"):
        verify.accepted(target.send(stranger.plain))
    accounts.revoke_beside(account)
    verify.accepted(target.send(stranger.plain))


@looks_back
@verifies("auth.revocation_scope", "auth.revoked_key")
@costs(requests=4, pages=2)
def test_a_while_after_a_revocation_it_is_one_of_that_key(accounts: Accounts, target: Target, verify: Verify) -> None:
    if not target.offers(ACCOUNTS, KEYS):
        raise Unverified("needs hooks that offer accounts and keys")
    revocation = accounts.revocation()
    a_while_after(revocation.at)
    answer = target.send(revocation.left.plain)
    if not answer.is_success:
        with control("the key of another account is accepted"):
            verify.accepted(target.send(accounts.usable().plain))
    with target.running.judging("auth.revocation_scope"):
        verify.accepted(answer)
    with target.running.judging("auth.revoked_key"):
        verify.refused(_refusal(revocation.gone.plain, accounts, target), "auth.revoked_key")


@verifies("auth.every_request")
@costs(requests=3, pages=3)
def test_the_key_before_does_not_pay_for_the_next_request(
    account: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    if account.id is None:
        raise Unverified("needs hooks that offer accounts")
    with control("the request before carries a valid key of another account"):
        verify.accepted(target.send(account.plain))
    other = accounts.usable()
    paid = balances.cost(replace(other.plain, after=account.plain.request()), other)
    if paid != 1:
        third = accounts.usable()
        with control("on a connection of its own, the submission deducts a page"):
            verify.equal(balances.cost(replace(third.plain, alone=True), third), 1, "pages")
    verify.equal(paid, 1, "after a request with another key, a deduction of pages:")


@verifies("auth.key_shown_once")
@costs(requests=2, pages=1)
def test_no_answer_repeats_the_key(accounts: Accounts, target: Target, tasks: Tasks, verify: Verify) -> None:
    account = accounts.usable()
    with control("the plain submission is answered"):
        accepted = target.send(account.plain)
    _keeps_secret(account, accepted, verify)
    if target.has_tasks:
        _keeps_secret(account, tasks.find(account, task_id(accepted)), verify)
    if target.has_balance and target.profile.account_api and target.profile.account_api.balance:
        _keeps_secret(account, target.get(target.profile.account_api.balance, account.api_key), verify)
    shown = account.api_key in accounts.hook_view(account)
    verify.holds(not shown, expected="no key in what the hooks tell of an account", got="the key in full")


@verifies("auth.key_shown_once")
@costs(requests=1)
@pytest.mark.parametrize("fault", REFUSED)
def test_no_refusal_repeats_the_key(accounts: Accounts, target: Target, verify: Verify, fault: str) -> None:
    account = accounts.usable()
    with control("the request is answered"):
        answer = target.send(REFUSED[fault](account.plain).faulty())
    _keeps_secret(account, answer, verify)


@verifies("auth.key_shown_once")
@costs(requests=1)
def test_no_want_of_pages_repeats_the_key(accounts: Accounts, target: Target, verify: Verify) -> None:
    account = accounts.fresh(1)
    with control("the request is answered"):
        answer = target.send(account.plain.of(document("three-pages.pdf")).faulty())
    _keeps_secret(account, answer, verify)


def _keeps_secret(account: Account, answer: Answer, verify: Verify) -> None:
    place = place_of(account.api_key, answer)
    verify.holds(place is None, expected="no key in the answer", got=f"the key in full, in {place}", answer=answer)
