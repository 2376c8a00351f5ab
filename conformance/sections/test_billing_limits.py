"""Billing: what a balance covers and what it does not, and that nothing is deducted or given back a second time."""

from contextlib import suppress
from itertools import cycle, islice

import pytest

from conformance.outcomes import Unverified
from conformance.session.marks import costs, is_control, looks_back, verifies
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances, Settled, a_while_after
from conformance.target.control import task_id
from conformance.target.documents import document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control
from conformance.wire.hooks import ACCOUNTS, KEYS
from spec import Provider

TOGETHER, PAGES_FOR_THEM = 24, 5


@verifies("billing.last_page")
@costs(requests=3, pages=9)
@pytest.mark.parametrize("name", ["page.png", "three-pages.pdf"])
def test_the_last_pages_can_be_spent(
    accounts: Accounts, balances: Balances, target: Target, verify: Verify, provider: Provider, name: str
) -> None:
    file = document(name)
    usable = accounts.usable()
    with control("the document deducts its pages from an account that has more"):
        paid = balances.cost(usable.plain.of(file).with_members(provider=provider.name), usable)
        verify.equal(paid, file.pages, "a deduction of pages:")
    last = accounts.fresh(file.pages).plain.of(file)
    verify.accepted(target.send(last.with_members(provider=provider.name)))


@verifies("billing.last_page")
@costs(requests=3, pages=3)
def test_the_last_page_can_be_spent_on_a_data_uri(
    accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    file = document("page.jpg")

    def bare(account: Account) -> Submission:
        return account.plain.of(file).with_members(imageBase64=file.data_uri).without("filename", "provider")

    answer = target.send(bare(accounts.fresh(1)))
    if not answer.is_success:
        usable = accounts.usable()
        with control("such a data URI deducts a page from an account that has more"):
            verify.equal(balances.cost(bare(usable), usable), 1, "a deduction of pages:")
    verify.accepted(answer)


@is_control
@verifies("billing.last_page")
@costs(requests=1, pages=1)
def test_an_account_with_pages_is_not_told_that_it_has_none(accounts: Accounts, target: Target, verify: Verify) -> None:
    verify.spared(target.send(accounts.fresh(2).plain), "billing.insufficient_pages")


@verifies("billing.insufficient_pages")
@costs(requests=3, pages=2)
def test_refuses_an_account_without_pages(
    accounts: Accounts, balances: Balances, target: Target, verify: Verify, provider: Provider
) -> None:
    account = accounts.exhausted()
    if account.id is not None:
        usable = accounts.usable()
        with control("the plain submission deducts a page"):
            verify.equal(balances.cost(usable.plain.with_members(provider=provider.name), usable), 1, "pages")
    submission = account.plain.faulty().with_members(provider=provider.name)
    verify.refused(target.send(submission), "billing.insufficient_pages")


@verifies("billing.insufficient_pages")
@costs(requests=2, pages=1)
def test_refuses_an_account_without_pages_that_names_no_provider(
    accounts: Accounts, target: Target, verify: Verify
) -> None:
    account = accounts.exhausted()
    if account.id is not None:
        with control("a submission without a provider is accepted on an account that has pages"):
            verify.accepted(target.send(accounts.usable().plain.without("provider")))
    verify.refused(target.send(account.plain.without("provider").faulty()), "billing.insufficient_pages")


@verifies("billing.insufficient_pages")
@costs(requests=2)
def test_refuses_a_pdf_on_an_account_without_pages(accounts: Accounts, target: Target, verify: Verify) -> None:
    account = accounts.exhausted()
    if account.id is not None:
        with control("a PDF is accepted on an account that has pages"):
            verify.accepted(target.send(accounts.usable().plain.of(document("three-pages.pdf"))))
    verify.refused(target.send(account.plain.of(document("three-pages.pdf")).faulty()), "billing.insufficient_pages")


@verifies("billing.insufficient_pages")
@costs(requests=5, pages=5)
def test_refuses_an_account_that_has_spent_its_pages(
    accounts: Accounts, balances: Balances, target: Target, tasks: Tasks, verify: Verify
) -> None:
    account = accounts.fresh(1)
    with control("the only page is deducted"):
        verify.equal(balances.cost(account.plain, account), 1, "pages")
    _still_finds_its_task(account, target, tasks)
    verify.refused(target.send(account.plain.faulty()), "billing.insufficient_pages")
    if target.offers(KEYS):
        further = target.send(accounts.second_key(account).plain.faulty())
        verify.holds(not further.is_success, expected="a refusal of a further key", got=further.summary, answer=further)
    _refuses_an_account_in_debt(accounts.fresh(1), balances, target, verify)


def _still_finds_its_task(account: Account, target: Target, tasks: Tasks) -> None:
    """To look a task up costs nothing, so an account that has spent its pages may."""
    if target.has_tasks and target.running.last:
        with target.running.noticing("success.task_found"), suppress(Unverified):
            tasks.status(account, task_id(target.running.last))


def _refuses_an_account_in_debt(account: Account, balances: Balances, target: Target, verify: Verify) -> None:
    """Where a document is accepted that the balance does not cover, it is the last one."""
    file = document("three-pages.pdf")
    answer = target.send(account.plain.of(file))
    if not answer.is_success:
        return
    with control("the document takes all that was left, be it to zero or below"):
        left = balances.left(account, answer, 1 - file.pages, until_processed=True)
        verify.holds(left <= 0, expected="no page left", got=left)
    verify.refused(target.send(account.plain.faulty()), "billing.insufficient_pages")


@verifies("billing.no_overdraft")
@costs(requests=TOGETHER + 7, pages=PAGES_FOR_THEM + 4)
@pytest.mark.parametrize("name", ["page.png", "three-pages.pdf"])
def test_submissions_together_spend_no_more_than_there_is(
    paying_at_once: Account,
    accounts: Accounts,
    balances: Balances,
    target: Target,
    verify: Verify,
    provider: Provider,
    name: str,
) -> None:
    file = document(name)
    spent = accounts.fresh(file.pages)
    single = spent.plain.of(file).with_members(provider=provider.name)
    with control("one of these deducts its pages while the queue stands still"), accounts.paused_queue(spent):
        verify.equal(balances.cost_in_queue(single, spent), file.pages, "pages")
    with control("the next one, on an account that has spent its pages, is refused"):
        verify.refused(target.send(single), "billing.insufficient_pages")
    account = accounts.fresh(PAGES_FOR_THEM * file.pages)
    submission = account.plain.of(file).with_members(provider=provider.name)
    answers = target.send_together([submission] * TOGETHER)
    accepted = sum(answer.is_success for answer in answers)
    verify.holds(accepted <= PAGES_FOR_THEM, expected=f"at most {PAGES_FOR_THEM} accepted", got=f"{accepted}")
    expected = (PAGES_FOR_THEM - accepted) * file.pages
    verify.equal(balances.settled(account, expected), expected, f"after {accepted} accepted submissions, a balance of")


@verifies("billing.no_overdraft")
@costs(requests=TOGETHER + 12, pages=PAGES_FOR_THEM + 8)
def test_keys_and_providers_together_spend_no_more_than_there_is(
    paying_at_once: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    if not target.offers(ACCOUNTS, KEYS):
        raise Unverified("needs hooks that offer accounts and keys")
    spent = accounts.fresh(len(target.contract.providers))
    each = [spent.plain.with_members(provider=name) for name in target.contract.providers]
    with control("each provider deducts a page, and refuses an account that has spent its pages"):
        for one in each:
            verify.equal(balances.cost(one, spent), 1, "pages")
        for one in each:
            verify.refused(target.send(one.faulty()), "billing.insufficient_pages")
    account = accounts.fresh(PAGES_FOR_THEM)
    further = accounts.second_key(account)
    chosen = cycle(target.contract.providers)  # A lock for each key, or for each provider, is none for the account.
    keys = cycle([account.plain, account.plain, further.plain, further.plain])
    together = [plain.with_members(provider=name) for plain, name in islice(zip(keys, chosen, strict=False), TOGETHER)]
    answers = target.send_together(together)
    accepted = sum(answer.is_success for answer in answers)
    verify.holds(accepted <= PAGES_FOR_THEM, expected=f"at most {PAGES_FOR_THEM} accepted", got=f"{accepted}")
    left = balances.settled(account, PAGES_FOR_THEM - accepted)
    verify.equal(left, PAGES_FOR_THEM - accepted, f"after {accepted} accepted submissions, a balance of")


@verifies("http.client_error")
@costs(requests=TOGETHER + 1, pages=PAGES_FOR_THEM)
def test_takes_no_want_of_pages_for_a_fault_of_its_own(accounts: Accounts, target: Target, verify: Verify) -> None:
    account = accounts.fresh(PAGES_FOR_THEM)
    with control("a want of pages is answered with a 4xx status where one submission comes alone"):
        alone = target.send(accounts.exhausted().plain.faulty())
        verify.holds(400 <= alone.status <= 499, expected="a 4xx status", got=alone.summary)
    for answer in target.send_together([account.plain] * TOGETHER):
        # A server may say that it is too busy for so many (503).
        verify.holds(answer.status != 500, expected="success or a refusal", got=answer.summary, answer=answer)


@looks_back
@verifies("billing.refund")
@costs(requests=1, pages=1)
def test_leaves_it_at_a_refund(accounts: Accounts, balances: Balances, target: Target, verify: Verify) -> None:
    if not balances.refunds:
        account = accounts.usable()
        before = balances.before(account)
        accounts.fail_next_task(account)
        answer = target.send(account.plain)
        with control("the page comes back"):
            verify.equal(balances.refunded_to(account, answer, before), before, "balance")
    if not balances.refunds:
        raise Unverified("needs an account that has what it was given")
    _stays(balances.refunds[0], "a refund", balances, verify)


@looks_back
@verifies("billing.image_page")
@costs(requests=2, pages=2)
def test_leaves_it_at_a_deduction(
    paying: Account, balances: Balances, target: Target, tasks: Tasks, verify: Verify
) -> None:
    if paying.id is None:
        raise Unverified("needs hooks that offer accounts")
    paid = balances.deductions[0]
    a_while_after(paid.at)
    if target.has_tasks:  # The end of the task may deduct as well.
        with target.running.noticing("success.task_found"), suppress(Unverified):
            tasks.wait(paid.account, task_id(paid.answer))
    _stays(paid, "a deduction", balances, verify)


@looks_back
@verifies("billing.refused_free")
@costs(requests=1)
def test_leaves_it_at_a_refusal(account: Account, balances: Balances, target: Target, verify: Verify) -> None:
    if account.id is None:
        raise Unverified("needs hooks that offer accounts")
    if not balances.refusals:
        broken = account.plain.with_members(imageBase64="%%%%").faulty()
        with control("the refusal deducts nothing"):
            verify.equal(balances.cost_of_refusal(broken, account), 0, "pages")
        balances.leave(account, balances.refusals)
    _stays(balances.refusals[0], "a refusal", balances, verify)


def _stays(settled: Settled, told: str, balances: Balances, verify: Verify) -> None:
    a_while_after(settled.at)
    left = balances.settled(settled.account, settled.pages)
    verify.equal(left, settled.pages, f"a while after {told}, a balance of", settled.answer)
