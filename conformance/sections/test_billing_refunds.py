"""Billing: the pages come back when no task comes of a submission, and the answer blames nobody for it."""

import pytest

from conformance.outcomes import Unverified
from conformance.sections.refusals import names_no_fault
from conformance.session.marks import costs, verifies
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances
from conformance.target.control import task_id
from conformance.target.documents import document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control
from spec import Provider

TOGETHER = 4


@verifies("billing.refund")
@costs(requests=5, pages=7)
@pytest.mark.parametrize("name", ["page.png", "three-pages.pdf"])
def test_refunds_when_the_task_cannot_be_created(
    paying_at_once: Account,
    accounts: Accounts,
    balances: Balances,
    target: Target,
    tasks: Tasks,
    verify: Verify,
    name: str,
    provider: Provider,
) -> None:
    paying = paying_at_once
    before = balances.before(paying)
    accounts.fail_next_task(paying)
    submission = paying.plain.of(document(name)).with_members(provider=provider.name)
    answer = target.send(submission)
    # A server may create the task at its second attempt, which is no failure any more.
    if answer.is_success and (not target.has_tasks or tasks.find(paying, task_id(answer)).status == 200):
        raise Unverified("needs a task that cannot be created, but the hook task-failures has no effect")
    verify.equal(balances.refunded_to(paying, answer, before), before, "after the refund, a balance of", answer)
    if not answer.is_success:
        names_no_fault(answer, submission, accounts, target, verify)


@verifies("billing.refund")
@costs(requests=4, pages=4)
def test_refunds_a_data_uri_when_no_provider_is_named(
    paying_at_once: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    paying, file = paying_at_once, document("page.jpg")
    unsaid = paying.plain.of(file).with_members(imageBase64=file.data_uri).without("provider", "filename")
    with control("a data URI without a name, to no provider by name, deducts a page"):
        verify.equal(balances.cost(unsaid, paying), 1, "a deduction of pages:")
    before = balances.before(paying)
    accounts.fail_next_task(paying)
    answer = target.send(unsaid)
    if answer.is_success:
        raise Unverified("needs a task that cannot be created, but the hook task-failures has no effect")
    verify.equal(balances.refunded_to(paying, answer, before), before, "after the refund, a balance of", answer)


@verifies("billing.refund")
@costs(requests=4, pages=4)
def test_refunds_the_last_page(
    paying_at_once: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    account = accounts.fresh(1)
    accounts.fail_next_task(account)
    answer = target.send(account.plain)
    if answer.is_success:
        raise Unverified("needs a task that cannot be created, but the hook task-failures has no effect")
    verify.equal(balances.refunded(account, 1), 1, "after the refund, a balance of", answer)
    # What came back is to be spent like any other.
    again = target.send(account.plain)
    if not again.is_success:
        with control("another account can spend its last page"):
            verify.accepted(target.send(accounts.fresh(1).plain))
    verify.spared(again, "billing.insufficient_pages")


@verifies("billing.refund")
@costs(requests=2 * TOGETHER + 2, pages=4 * TOGETHER + 2)
def test_refunds_all_that_fail_together(
    paying_at_once: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    before = balances.before(paying_at_once)
    accounts.fail_next_tasks(paying_at_once, TOGETHER)
    answers = target.send_together(_some_of_each(paying_at_once))
    if any(answer.is_success for answer in answers):
        raise Unverified("needs tasks that cannot be created, but the hook task-failures has no effect on some")
    left = balances.refunded(paying_at_once, before)
    if left != before:
        other = accounts.usable()
        with control("as many that are accepted together deduct their pages"):
            had, sent = balances.before(other), _some_of_each(other)
            accepted = zip(target.send_together(sent), sent, strict=True)
            expected = had - sum(one.pages for answer, one in accepted if answer.is_success)
            verify.equal(balances.settled(other, expected), expected, "balance")
    verify.equal(left, before, f"after {TOGETHER} refunds, a balance of", answers[0])


def _some_of_each(account: Account) -> list[Submission]:
    """Documents of one page and of several, by which a refund may be taken for another one's."""
    return [account.plain.of(document(name)) for name in ("page.png", "three-pages.pdf")] * (TOGETHER // 2)
