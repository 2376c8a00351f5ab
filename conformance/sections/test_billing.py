"""Billing: pages deducted by the document, and before it is processed."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given

from conformance.outcomes import Unverified
from conformance.session.marks import costs, verifies
from conformance.strategies.images import image, kind_named
from conformance.strategies.pdfs import PdfShape, intricate_pdfs, pdf, pdfs
from conformance.target.accounts import PLENTY, Account, Accounts
from conformance.target.balances import Balances
from conformance.target.documents import Document, document, noise
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.verdicts.verify import Verify, control
from conformance.wire.hooks import QUEUE
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
    balances.leave(account, balances.deductions)


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


# More pages than a server would stop counting at: first as many as no byte holds, which nobody need read, since they
# wait in a paused queue for good.
LONG, SHORTER = 301, 101


@verifies("billing.pdf_pages")
@costs(requests=3)
def test_a_long_pdf_costs_its_pages(accounts: Accounts, balances: Balances, target: Target, verify: Verify) -> None:
    account, pages = accounts.fresh(PLENTY), SHORTER
    paid: int | None = None
    if target.offers(QUEUE):
        accounts.set_paused(account, True)
        with suppress(Unverified):  # How long a document may be is not documented.
            paid = balances.cost_in_queue(account.plain.of(pdf(PdfShape(pages=LONG))), account)
            pages = LONG
    if paid is None:
        paid = balances.cost_in_queue(account.plain.of(pdf(PdfShape(pages=SHORTER))), account)
    if paid != pages:
        file = document("three-pages.pdf")
        with control("a shorter one deducts its pages as soon"):
            verify.equal(balances.cost_in_queue(account.plain.of(file), account), file.pages, "pages")
    verify.equal(paid, pages, "a deduction of pages:")


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
@costs(requests=6, pages=28)
def test_a_pdf_costs_its_pages_with(paying: Account, balances: Balances, verify: Verify, provider: Provider) -> None:
    file = pdf(PdfShape(pages=12))  # Three pages are sent where forms meet.
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
