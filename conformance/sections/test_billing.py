"""Billing: pages deducted by the document, before it is processed, and given back when no task comes of it."""

import time
from collections.abc import Callable

import pytest

from conformance.accounts import Account, Accounts
from conformance.control import task_id
from conformance.documents import Document, document
from conformance.marks import verifies
from conformance.outcomes import Unverified
from conformance.submissions import Submission
from conformance.target import Target
from conformance.tasks import Tasks
from conformance.verify import Verify, control
from spec import Provider

# A balance may take a tenth of the time that a task may take. That it shows a deduction at once one rule alone judges.
SETTLING_SHARE = 0.1
# A refund comes by itself, but nobody says how soon.
REFUND_SECONDS = 5.0
PAUSE = 0.05

TOGETHER, PAGES_FOR_THEM = 24, 5

FAULTS: dict[str, Callable[[Submission], Submission]] = {
    "a required field is lacking": lambda plain: plain.without("imageBase64").faulty(),
    "imageBase64 cannot be decoded": lambda plain: plain.with_members(imageBase64="%%%%").faulty(),
    "the media type is another": lambda plain: plain.faulty(content_type="text/plain"),
    "the provider is unknown": lambda plain: plain.with_members(provider="no-such-provider"),
}


def settled(accounts: Accounts, account: Account, target: Target, expected: int, seconds: float | None = None) -> int:
    """The balance, as soon as it is the expected one, at the latest after the time it may take to settle."""
    deadline = time.monotonic() + (seconds or target.profile.task_seconds * SETTLING_SHARE)
    balance = accounts.balance(account)
    while balance != expected and time.monotonic() < deadline:
        time.sleep(PAUSE)
        balance = accounts.balance(account)
    return balance


def cost(
    accounts: Accounts,
    account: Account,
    target: Target,
    verify: Verify,
    file: Document,
    provider: Provider | None = None,
) -> int:
    """How many pages a document takes from the balance. It is accepted, or the test cannot tell."""
    chosen = provider or target.contract.default_provider
    before = accounts.balance(account)
    with control(f"{file.name} is accepted"):
        verify.accepted(target.send(account.plain.of(file).with_members(provider=chosen.name)))
    return before - settled(accounts, account, target, before - file.pages)


@pytest.fixture
def paying(account: Account, accounts: Accounts, target: Target, verify: Verify) -> Account:
    """An account whose balance is seen to pay for the plain submission."""
    with control("the plain submission deducts a page"):
        verify.equal(cost(accounts, account, target, verify, document("page.png")), 1, "a deduction of pages:")
    return account


@pytest.fixture
def paying_at_once(paying: Account, accounts: Accounts, target: Target, verify: Verify) -> Account:
    """An account that has paid for a submission by the time it is answered."""
    with control("pages are deducted by the time of the answer"), accounts.paused_queue(paying):
        before = accounts.balance(paying)
        verify.accepted(target.send(paying.plain))
        verify.equal(accounts.balance(paying), before - 1, "balance")
    return paying


@verifies("billing.image_page")
@pytest.mark.parametrize("name", ["page.png", "page.jpg"])
def test_an_image_costs_a_page(account: Account, accounts: Accounts, target: Target, verify: Verify, name: str) -> None:
    verify.equal(cost(accounts, account, target, verify, document(name)), 1, "a deduction of pages:")


@verifies("billing.image_page")
def test_an_image_costs_a_page_with(
    account: Account, accounts: Accounts, target: Target, verify: Verify, provider: Provider
) -> None:
    verify.equal(cost(accounts, account, target, verify, document("page.png"), provider), 1, "a deduction of pages:")


@verifies("billing.pdf_pages")
@pytest.mark.parametrize("name", ["one-page.pdf", "three-pages.pdf", "twenty-pages.pdf", "scanned.pdf"])
def test_a_pdf_costs_its_pages(paying: Account, accounts: Accounts, target: Target, verify: Verify, name: str) -> None:
    file = document(name)
    verify.equal(cost(accounts, paying, target, verify, file), file.pages, "a deduction of pages:")


@verifies("billing.pdf_pages")
def test_a_pdf_costs_its_pages_with(
    paying: Account, accounts: Accounts, target: Target, verify: Verify, provider: Provider
) -> None:
    file = document("three-pages.pdf")
    with control("an image deducts a page with this provider"):
        verify.equal(cost(accounts, paying, target, verify, document("page.png"), provider), 1, "pages")
    paid = cost(accounts, paying, target, verify, file, provider)
    verify.equal(paid, file.pages, "a deduction of pages:")


@verifies("billing.pdf_pages")
def test_a_pdf_in_a_data_uri_costs_its_pages(
    paying: Account, accounts: Accounts, target: Target, verify: Verify
) -> None:
    file = document("three-pages.pdf")
    before = accounts.balance(paying)
    answer = target.send(paying.plain.of(file).with_members(imageBase64=file.data_uri))
    if not answer.is_success:
        raise Unverified("the target does not take a PDF in a data URI, and need not")
    paid = before - settled(accounts, paying, target, before - file.pages)
    verify.equal(paid, file.pages, "a deduction of pages:", answer)


@verifies("billing.before_processing")
def test_deducts_while_the_file_waits(paying: Account, accounts: Accounts, target: Target, verify: Verify) -> None:
    before = accounts.balance(paying)
    with accounts.paused_queue(paying), control("the plain submission is accepted while the queue is paused"):
        answer = verify.accepted(target.send(paying.plain))
        paid = before - accounts.balance(paying)
    verify.equal(paid, 1, "while the file waits, a deduction of pages:", answer)


@verifies("billing.last_page")
@pytest.mark.parametrize("name", ["page.png", "three-pages.pdf"])
def test_the_last_pages_can_be_spent(accounts: Accounts, target: Target, verify: Verify, name: str) -> None:
    file = document(name)
    with control("the document deducts its pages from an account that has more"):
        paid = cost(accounts, accounts.usable(), target, verify, file)
        verify.equal(paid, file.pages, "a deduction of pages:")
    verify.accepted(target.send(accounts.fresh(file.pages).plain.of(file)))


@verifies("billing.insufficient_pages")
def test_refuses_an_account_without_pages(accounts: Accounts, target: Target, verify: Verify) -> None:
    account = accounts.exhausted()
    if account.id is not None:
        with control("the plain submission deducts a page"):
            verify.equal(cost(accounts, accounts.usable(), target, verify, document("page.png")), 1, "pages")
    verify.refused(target.send(account.plain.faulty()), "billing.insufficient_pages")


@verifies("billing.insufficient_pages")
def test_refuses_an_account_that_has_spent_its_pages(accounts: Accounts, target: Target, verify: Verify) -> None:
    account = accounts.fresh(1)
    with control("the only page is deducted"):
        verify.accepted(target.send(account.plain))
        verify.equal(settled(accounts, account, target, 0), 0, "balance")
    verify.refused(target.send(account.plain.faulty()), "billing.insufficient_pages")


@verifies("billing.no_overdraft")
def test_submissions_together_spend_no_more_than_there_is(
    paying_at_once: Account, accounts: Accounts, target: Target, verify: Verify
) -> None:
    with control("an account without pages is refused"):
        verify.refused(target.send(accounts.fresh(0).plain), "billing.insufficient_pages")
    account = accounts.fresh(PAGES_FOR_THEM)
    answers = target.send_together([account.plain] * TOGETHER)
    accepted = sum(answer.is_success for answer in answers)
    verify.holds(accepted <= PAGES_FOR_THEM, expected=f"at most {PAGES_FOR_THEM} accepted", got=f"{accepted}")
    left = settled(accounts, account, target, PAGES_FOR_THEM - accepted)
    verify.equal(left, PAGES_FOR_THEM - accepted, f"after {accepted} accepted submissions, a balance of")


@verifies("billing.refused_free")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_refused_request_costs_nothing(
    account: Account, accounts: Accounts, target: Target, verify: Verify, fault: str
) -> None:
    before = accounts.balance(account)
    answer = target.send(FAULTS[fault](account.plain))
    if answer.is_success:
        raise Unverified("needs a request that is refused, and this one was accepted")
    verify.equal(accounts.balance(account), before, "after a refusal, a balance of", answer)


@verifies("billing.refund")
@pytest.mark.parametrize("name", ["page.png", "three-pages.pdf"])
def test_refunds_when_the_task_cannot_be_created(
    paying_at_once: Account,
    accounts: Accounts,
    target: Target,
    tasks: Tasks,
    verify: Verify,
    name: str,
    provider: Provider,
) -> None:
    paying = paying_at_once
    before = accounts.balance(paying)
    accounts.fail_next_task(paying)
    answer = target.send(paying.plain.of(document(name)).with_members(provider=provider.name))
    if answer.is_success and target.has_tasks and tasks.find(paying, task_id(answer)).status == 200:
        raise Unverified("needs a task that cannot be created, but the hook task-failures has no effect")
    settled(accounts, paying, target, before, seconds=min(REFUND_SECONDS, target.profile.task_seconds))
    time.sleep(PAUSE)  # A second refund would come right after the first.
    verify.equal(accounts.balance(paying), before, "after the refund, a balance of", answer)
