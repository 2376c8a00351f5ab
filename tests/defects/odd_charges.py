"""Further faults of what is paid for nothing: odd refusals, a refund that is none, and a balance without a sign.

Others: see `charges`.
"""

from dataclasses import replace

from mockserver import checks
from mockserver.ledger import Ledger
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import checking, lending, pricing
from tests.defects.breaking import breaks
from tests.defects.charges import charging
from tests.defects.page_counts import counting


@breaks("billing.refused_free")
def long_name_charged(server: Server) -> Server:
    """A file name that is too long is refused, and deducts a page."""
    return charging(server, checks.filename_is_short)


@breaks("billing.refused_free")
def number_as_name_charged(server: Server) -> Server:
    """A file name that is a number is refused, and deducts a page."""
    return charging(server, checks.filename_is_text)


@breaks("billing.refused_free")
def null_provider_charged(server: Server) -> Server:
    """A provider that is null or a list is refused, and deducts a page."""
    return charging(
        server, checks.provider_is_known, lambda submission: not isinstance(submission.members.get("provider"), str)
    )


@breaks("billing.refused_free")
def named_text_charged(server: Server) -> Server:
    """Bytes that are no image are refused, and deduct a page if their name says that they are one."""

    def is_image(submission: Submission) -> bool:
        return submission.content != b"" and (submission.kind or "").startswith("image/")

    return charging(server, checks.pages_are_counted, is_image)


@breaks("billing.refused_free")
def empty_data_uri_charged(server: Server) -> Server:
    """A data URI of an image with nothing in it is refused, and deducts a page."""
    return charging(server, checks.pages_are_counted, lambda submission: not submission.content)


@breaks("billing.refund")
def refund_cannot_be_spent(server: Server) -> Server:
    """A refund is told with the balance, and not counted when a document is to be paid."""

    async def covered_without_refunds(submission: Submission) -> bool:
        entries = server.ledger.entries(submission.account_id)
        refunds = sum(pages for kind, pages in entries if kind == "refund")
        left = server.ledger.balance(submission.account_id) - refunds
        return left >= (submission.pages or 1) and await checks.balance_covers_pages(submission)

    return checking(server, checks.balance_covers_pages, covered_without_refunds)


@breaks("billing.pdf_pages")
def balance_has_no_sign(server: Server) -> Server:
    """A document of more pages than are left is accepted, and a balance below zero wraps around to four billion."""

    class Unsigned(Ledger):
        def balance(self, account_id: str) -> int:
            return super().balance(account_id) % 2**32

    on_credit = lending(
        server, lambda submission: 0 < server.ledger.balance(submission.account_id) < (submission.pages or 1)
    )
    return replace(on_credit, ledger=Unsigned(server.store))


@breaks("billing.pdf_pages")
def pages_counted_in_a_byte(server: Server) -> Server:
    """The pages of a PDF are kept in a byte, which begins again after 255."""
    return counting(server, lambda content, pages: pages % 256)


@breaks("billing.pdf_pages")
def pdf_costs_250_at_most(server: Server) -> Server:
    """A PDF deducts 250 pages at most."""
    return counting(server, lambda content, pages: min(pages, 250))


@breaks("billing.pdf_pages")
def one_provider_charges_ten_at_most(server: Server) -> Server:
    """The synchronous provider deducts ten pages for a PDF at most."""
    is_other = server.contract.providers["baidu"]
    return pricing(server, lambda submission, pages: min(pages, 10) if submission.provider == is_other else pages)
