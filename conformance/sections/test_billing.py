"""Billing: pages deducted by the document, before it is processed, and given back when no task comes of it."""

from collections.abc import Callable

import pytest
from hypothesis import given

from conformance.outcomes import Unverified
from conformance.session.marks import costs, verifies
from conformance.strategies.images import image, kind_named
from conformance.strategies.pdfs import PdfShape, intricate_pdfs, pdf, pdfs
from conformance.target.accounts import PLENTY, Account, Accounts
from conformance.target.balances import Balances
from conformance.target.control import task_id
from conformance.target.documents import Document, document, noise
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control
from spec import Provider

TOGETHER = 4

# The plain page is sent to each provider.
IMAGES = {
    "a photograph": document("page.jpg"),
    "a whole sheet": image(kind_named("black and white PNG of a whole sheet")),
}

# A file that waits, each in another form.
WAITING: dict[str, Callable[[Submission], Submission]] = {
    "page.png": lambda plain: plain,
    "page.jpg": lambda plain: plain.with_members(imageBase64=document("page.jpg").data_uri),
    "three-pages.pdf": lambda plain: plain.without("filename"),
}

INTRICACIES = {
    "compressed objects": PdfShape(pages=3, compressed=True),
    "earlier versions": PdfShape(pages=4, kids=2, removed=2),
    "decoys": PdfShape(pages=2, kids=2, decoys=True),
}


@verifies("billing.image_page")
@costs(requests=2, pages=2)
@pytest.mark.parametrize("name", IMAGES)
def test_an_image_costs_a_page(account: Account, balances: Balances, verify: Verify, name: str) -> None:
    verify.equal(balances.cost(account.plain.of(IMAGES[name]), account), 1, "a deduction of pages:")
    balances.leave(account)


@verifies("billing.image_page")
@costs(requests=2, pages=2)
def test_the_owner_is_told_that_it_costs_a_page(
    account: Account, balances: Balances, target: Target, verify: Verify
) -> None:
    if account.id is None or not target.has_balance:
        raise Unverified("needs hooks that offer accounts, and account_api.balance")
    before = balances.before(account)
    with control("the account API tells the balance of a new account, and a submission deducts a page"):
        verify.equal(balances.told(account, before), before, "pages")
        verify.equal(balances.cost(account.plain, account), 1, "pages")
    verify.equal(balances.told(account, before - 1), before - 1, "told by the account API, a balance of")


@verifies("billing.image_page")
@costs(requests=4, pages=4)
def test_the_same_image_costs_a_page_again(account: Account, balances: Balances, verify: Verify) -> None:
    with control("it costs a page at first"):
        verify.equal(balances.cost(account.plain, account), 1, "a deduction of pages:")
    verify.equal(balances.cost(account.plain, account), 1, "when it comes again, a deduction of pages:")


@verifies("billing.image_page")
@costs(requests=4, pages=4)
def test_nobody_else_pays_for_it(account: Account, accounts: Accounts, balances: Balances, verify: Verify) -> None:
    if account.id is None:
        raise Unverified("needs hooks that offer accounts")
    other = accounts.fresh(9)
    with control("the submission deducts a page"):
        verify.equal(balances.cost(account.plain, account), 1, "a deduction of pages:")
    verify.equal(balances.settled(other, 9), 9, "balance of an account that submitted nothing:")


@verifies("billing.image_page")
@costs(requests=2 * TOGETHER + 2, pages=2 * TOGETHER + 2)
def test_each_pays_for_its_own_when_many_arrive_together(
    paying: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    if paying.id is None:
        raise Unverified("needs hooks that offer accounts")
    both = accounts.fresh(9), accounts.fresh(9)
    answers = target.send_together([account.plain for account in both] * TOGETHER)
    for account, own in zip(both, (answers[::2], answers[1::2]), strict=True):
        expected = 9 - sum(answer.is_success for answer in own)
        left = balances.settled(account, expected)
        # Whether it pays for all of its own is another rule's matter.
        verify.holds(left >= expected, expected=f"beside another account, a balance of {expected}", got=left)


@verifies("billing.image_page")
@costs(requests=2, pages=2)
def test_a_large_image_costs_a_page(account: Account, balances: Balances, target: Target, verify: Verify) -> None:
    scan = account.plain.of(noise(target.contract.limit.decimal_bytes // 4))
    verify.equal(balances.cost(scan, account), 1, "a deduction of pages:")


@verifies("billing.image_page")
@costs(requests=2, pages=2)
def test_an_image_in_a_data_uri_costs_a_page(account: Account, balances: Balances, verify: Verify) -> None:
    file = document("page.png")
    in_uri = account.plain.of(file).with_members(imageBase64=file.data_uri)
    verify.equal(balances.cost(in_uri, account), 1, "a deduction of pages:")


@verifies("billing.image_page")
@costs(requests=2, pages=2)
def test_an_image_costs_a_page_with(account: Account, balances: Balances, verify: Verify, provider: Provider) -> None:
    chosen = account.plain.with_members(provider=provider.name)
    verify.equal(balances.cost(chosen, account), 1, "a deduction of pages:")


@verifies("billing.pdf_pages")
@costs(requests=4, pages=42)
@pytest.mark.parametrize("name", ["one-page.pdf", "three-pages.pdf", "twenty-pages.pdf", "scanned.pdf"])
def test_a_pdf_costs_its_pages(paying: Account, balances: Balances, verify: Verify, name: str) -> None:
    file = document(name)
    verify.equal(balances.cost(paying.plain.of(file), paying), file.pages, "a deduction of pages:")


# More than a server would stop counting at.
LONG = 101


@verifies("billing.pdf_pages")
@costs(requests=2)
def test_a_long_pdf_costs_its_pages(accounts: Accounts, balances: Balances, verify: Verify) -> None:
    account, file = accounts.fresh(PLENTY), pdf(PdfShape(pages=LONG))
    paid = balances.cost(account.plain.of(file), account)
    if paid != file.pages:
        with control("the plain submission deducts a page"):
            verify.equal(balances.cost(account.plain, account), 1, "pages")
    verify.equal(paid, file.pages, "a deduction of pages:")


@verifies("billing.pdf_pages")
@costs(requests=3, pages=12, each=True)
@given(file=pdfs())
def test_any_pdf_costs_its_pages(paying: Account, balances: Balances, verify: Verify, file: Document) -> None:
    verify.equal(balances.cost(paying.plain.of(file), paying), file.pages, "a deduction of pages:")


@verifies("billing.page_tree")
@costs(requests=3, pages=12)
@pytest.mark.parametrize("intricacy", INTRICACIES)
def test_a_pdf_costs_its_pages_for_all_its(
    paying_for_pdfs: Account, balances: Balances, verify: Verify, intricacy: str
) -> None:
    file = pdf(INTRICACIES[intricacy])
    paid = balances.cost(paying_for_pdfs.plain.of(file), paying_for_pdfs)
    verify.equal(paid, file.pages, "a deduction of pages:")


@verifies("billing.page_tree")
@costs(requests=3, pages=12, each=True)
@given(file=intricate_pdfs())
def test_an_intricate_pdf_costs_its_pages(
    paying_for_pdfs: Account, balances: Balances, verify: Verify, file: Document
) -> None:
    paid = balances.cost(paying_for_pdfs.plain.of(file), paying_for_pdfs)
    verify.equal(paid, file.pages, "a deduction of pages:")


@verifies("billing.pdf_pages")
@costs(requests=6, pages=10)
def test_a_pdf_costs_its_pages_with(paying: Account, balances: Balances, verify: Verify, provider: Provider) -> None:
    file = document("three-pages.pdf")
    chosen = paying.plain.with_members(provider=provider.name)
    paid = balances.cost(chosen.of(file), paying)
    if paid != file.pages:
        with control("an image deducts a page with this provider"):
            verify.equal(balances.cost(chosen, paying), 1, "pages")
    verify.equal(paid, file.pages, "a deduction of pages:")


@verifies("billing.pdf_pages")
@costs(requests=6, pages=14)
def test_the_same_pdf_costs_its_pages_again_whatever_its_name(
    paying: Account, balances: Balances, verify: Verify
) -> None:
    file = document("three-pages.pdf")
    nameless = paying.plain.of(file).without("filename")
    verify.equal(balances.cost(nameless, paying), file.pages, "without a name, a deduction of pages:")
    in_capitals = nameless.with_members(filename=file.name.upper())
    verify.equal(balances.cost(in_capitals, paying), file.pages, "with a name in capitals, a deduction of pages:")


@verifies("billing.pdf_pages")
@costs(requests=4, pages=8)
def test_a_pdf_in_a_data_uri_costs_its_pages(paying: Account, balances: Balances, verify: Verify) -> None:
    file = document("three-pages.pdf")
    in_uri = paying.plain.of(file).with_members(imageBase64=file.data_uri)
    verify.equal(balances.cost(in_uri, paying), file.pages, "a deduction of pages:")


@verifies("billing.before_processing")
@costs(requests=4, pages=4)
@pytest.mark.parametrize("name", WAITING)
def test_deducts_while_the_file_waits(
    account: Account, accounts: Accounts, balances: Balances, verify: Verify, name: str
) -> None:
    pages = document(name).pages
    with accounts.paused_queue(account):
        paid = balances.cost_in_queue(WAITING[name](account.plain.of(document(name))), account)
    if paid != pages:
        other = accounts.usable()  # What waits may still be deducted from the first one.
        with control("the document deducts its pages in the end"):
            verify.equal(balances.cost(WAITING[name](other.plain.of(document(name))), other), pages, "pages")
    verify.equal(paid, pages, "while the file waits, a deduction of pages:")


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
    answer = target.send(paying.plain.of(document(name)).with_members(provider=provider.name))
    if answer.is_success and target.has_tasks and tasks.find(paying, task_id(answer)).status == 200:
        raise Unverified("needs a task that cannot be created, but the hook task-failures has no effect")
    verify.equal(balances.refunded_to(paying, answer, before), before, "after the refund, a balance of", answer)


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
@costs(requests=2 * TOGETHER + 2, pages=2 * TOGETHER + 2)
def test_refunds_all_that_fail_together(
    paying_at_once: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    before = balances.before(paying_at_once)
    accounts.fail_next_tasks(paying_at_once, TOGETHER)
    answers = target.send_together([paying_at_once.plain] * TOGETHER)
    if any(answer.is_success for answer in answers):
        raise Unverified("needs tasks that cannot be created, but the hook task-failures has no effect on some")
    left = balances.refunded(paying_at_once, before)
    if left < before:
        other = accounts.usable()
        with control("as many that are accepted together deduct a page each"):
            paid = balances.before(other) - sum(it.is_success for it in target.send_together([other.plain] * TOGETHER))
            verify.equal(balances.settled(other, paid), paid, "balance")
    # What is deducted too little is another rule's matter.
    verify.holds(
        left >= before, expected=f"after {TOGETHER} refunds, a balance of {before}", got=left, answer=answers[0]
    )
