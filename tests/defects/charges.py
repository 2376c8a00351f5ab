"""Faults of what is paid for nothing: refused requests that are charged, and refunds that go wrong."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from mockserver import checks
from mockserver.decisions import Check
from mockserver.ledger import Ledger
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import checking
from tests.defects.breaking import breaks


def charging(server: Server, check: Check) -> Server:
    """The server that deducts a page where this check refuses."""

    async def check_and_charge(submission: Submission) -> bool:
        passed = await check(submission)
        if not passed:
            server.ledger.deduct(submission.account_id, 1)
        return passed

    return checking(server, check, check_and_charge)


@breaks("billing.refused_free")
def lacking_image_charged(server: Server) -> Server:
    """A body without imageBase64 is refused, and deducts a page."""

    async def object_is_charged(submission: Submission) -> bool:
        if "imageBase64" not in submission.members:
            server.ledger.deduct(submission.account_id, 1)
        return await checks.body_is_object(submission)

    return checking(server, checks.body_is_object, object_is_charged)


@breaks("billing.refused_free")
def empty_image_charged(server: Server) -> Server:
    """A body whose imageBase64 is empty is refused, and deducts a page."""

    async def object_is_charged(submission: Submission) -> bool:
        if submission.members.get("imageBase64") == "":
            server.ledger.deduct(submission.account_id, 1)
        return await checks.body_is_object(submission)

    return checking(server, checks.body_is_object, object_is_charged)


@breaks("billing.refused_free")
def null_image_charged(server: Server) -> Server:
    """A body whose imageBase64 is null is refused, and deducts a page."""

    async def object_is_charged(submission: Submission) -> bool:
        if submission.members.get("imageBase64", "") is None:
            server.ledger.deduct(submission.account_id, 1)
        return await checks.body_is_object(submission)

    return checking(server, checks.body_is_object, object_is_charged)


@breaks("billing.refused_free")
def number_as_image_charged(server: Server) -> Server:
    """An imageBase64 that is a number is refused, and deducts a page."""
    return charging(server, checks.image_is_string)


@breaks("billing.refused_free")
def list_charged(server: Server) -> Server:
    """JSON that is no object is refused, and deducts a page."""
    return charging(server, checks.body_is_object)


@breaks(
    "billing.refused_free",
    besides={"billing.no_overdraft": "of those that come together, the ones that are refused go on as a debt"},
)
def want_of_pages_is_a_debt(server: Server) -> Server:
    """A submission on an account without pages is refused, and its pages are put down as a debt."""

    async def covered_or_owed(submission: Submission) -> bool:
        has_none = server.ledger.balance(submission.account_id) <= 0
        enough = await checks.balance_covers_pages(submission)
        if has_none and not enough:
            server.ledger.grant(submission.account_id, -(submission.pages or 1))
        return enough

    return checking(server, checks.balance_covers_pages, covered_or_owed)


@breaks("billing.refused_free")
def undecodable_image_charged(server: Server) -> Server:
    """An image that cannot be decoded is refused, and deducts a page."""
    return charging(server, checks.image_is_decodable)


@breaks("billing.refused_free")
def other_media_type_charged(server: Server) -> Server:
    """A body of another media type is refused, and deducts a page."""
    return charging(server, checks.media_type_is_right)


@breaks("billing.refused_free")
def unknown_provider_charged(server: Server) -> Server:
    """A submission to an unknown provider is refused, and deducts a page."""
    return charging(server, checks.provider_is_known)


@breaks("billing.refused_free")
def too_large_body_charged(server: Server) -> Server:
    """A body above the limit is refused, and deducts a page."""
    return charging(server, checks.body_is_within_limit)


@breaks("billing.refused_free")
def revoked_key_charged(server: Server) -> Server:
    """A revoked key is refused, and deducts a page from its account."""
    return charging(server, checks.key_is_not_revoked)


@breaks("billing.refused_free")
def uncovered_document_takes_the_rest(server: Server) -> Server:
    """A document that the balance does not cover is refused, and takes what is left."""

    async def refusal_empties(submission: Submission) -> bool:
        passed = await checks.balance_covers_pages(submission)
        if not passed:
            server.ledger.deduct(submission.account_id, server.ledger.balance(submission.account_id))
        return passed

    return checking(server, checks.balance_covers_pages, refusal_empties)


@breaks("billing.refused_free")
def unreadable_pdf_charged(server: Server) -> Server:
    """A PDF whose pages cannot be counted is refused, and deducts a page."""
    return charging(server, checks.pages_are_counted)


@breaks("billing.refused_free")
def text_charged(server: Server) -> Server:
    """Bytes that are neither an image nor a PDF are refused, and deduct a page."""
    return charging(server, checks.kind_is_recognised)


def refunding(server: Server, refund: Callable[[Ledger, str, int], object]) -> Server:
    """The server that does something else than to refund the pages of an account."""

    class Other(Ledger):
        def refund(self, deduction: int) -> None:
            row = server.store.row("SELECT account_id, -pages AS pages FROM ledger WHERE id = ?", deduction)
            if row:
                refund(self, row["account_id"], row["pages"])

    return replace(server, ledger=Other(server.store))


@breaks("billing.refund")
def no_refund(server: Server) -> Server:
    """A task that cannot be created keeps its pages."""
    return refunding(server, lambda ledger, account, pages: None)


@breaks("billing.refund")
def refunded_twice(server: Server) -> Server:
    """A task that cannot be created gives its pages back twice."""
    return refunding(server, lambda ledger, account, pages: ledger.grant(account, 2 * pages))


@breaks("billing.refund")
def refunded_with_a_bonus(server: Server) -> Server:
    """A task that cannot be created gives one page more than it took."""
    return refunding(server, lambda ledger, account, pages: ledger.grant(account, pages + 1))


@breaks("billing.refund")
def one_page_refunded(server: Server) -> Server:
    """Of the pages of a document one comes back."""
    return refunding(server, lambda ledger, account, pages: ledger.grant(account, 1))


@breaks("billing.refund")
def no_refund_of_several_pages(server: Server) -> Server:
    """Only a submission of one page is refunded."""
    return refunding(server, lambda ledger, account, pages: ledger.grant(account, pages if pages == 1 else 0))


@breaks("billing.refund")
def refunded_to_another_account(server: Server) -> Server:
    """The pages come back to the account that was opened first."""
    return refunding(server, lambda ledger, account, pages: ledger.grant("acct_test_works", pages))


@breaks("billing.refund")
def deducted_again_instead(server: Server) -> Server:
    """A sign is wrong: the refund deducts the pages once more."""
    return refunding(server, lambda ledger, account, pages: ledger.grant(account, -pages))


@breaks("billing.refund")
def first_failure_refunded_only(server: Server) -> Server:
    """An account gets its pages back once, and keeps the damage the next time."""
    failures: Counter[str] = Counter()

    def once(ledger: Ledger, account: str, pages: int) -> None:
        failures[account] += 1
        if failures[account] == 1:
            ledger.grant(account, pages)

    return refunding(server, once)


@breaks("billing.refund")
def no_refund_by_one_provider(server: Server) -> Server:
    """The pages come back from the queue, but not from the synchronous provider."""

    async def created_or_charged_again(submission: Submission) -> bool:
        if submission.task is None and submission.provider == server.contract.providers["baidu"]:
            server.ledger.deduct(submission.account_id, submission.pages or 1)
        return submission.task is not None

    return checking(server, checks.task_is_created, created_or_charged_again)


@breaks("billing.refund")
def no_refund_where_none_was_named(server: Server) -> Server:
    """The pages come back only where the submission names its provider."""

    async def created_or_charged_again(submission: Submission) -> bool:
        if submission.task is None and "provider" not in submission.members:
            server.ledger.deduct(submission.account_id, submission.pages or 1)
        return submission.task is not None

    return checking(server, checks.task_is_created, created_or_charged_again)


@breaks("billing.refund")
def no_refund_of_a_data_uri(server: Server) -> Server:
    """The pages come back only where the file was plain Base64."""

    async def created_or_charged_again(submission: Submission) -> bool:
        if submission.task is None and submission.data_type:
            server.ledger.deduct(submission.account_id, submission.pages or 1)
        return submission.task is not None

    return checking(server, checks.task_is_created, created_or_charged_again)


@breaks("billing.refund")
def refund_written_over_another(server: Server) -> Server:
    """A refund reads the balance, and writes it with its pages a moment later, whatever it has become."""

    def read_then_write(ledger: Ledger, account: str, pages: int) -> None:
        after = ledger.balance(account) + pages
        asyncio.get_running_loop().call_later(0.05, lambda: ledger.grant(account, after - ledger.balance(account)))

    return refunding(server, read_then_write)


def refunding_and_then(server: Server, then: Callable[[Ledger, str, int], None]) -> Server:
    """The server that refunds the pages of an account, and does something else a moment later."""

    def refund(ledger: Ledger, account: str, pages: int) -> None:
        ledger.grant(account, pages)
        later = threading.Timer(0.4, then, (ledger, account, pages))
        later.daemon = True
        later.start()

    return refunding(server, refund)


@breaks("billing.refund")
def refunded_again_later(server: Server) -> Server:
    """A task that cleans up gives the pages back that were given back already."""
    return refunding_and_then(server, lambda ledger, account, pages: ledger.grant(account, pages))


@breaks("billing.refund")
def refund_taken_back_later(server: Server) -> Server:
    """A refund is taken for a mistake, and deducted again."""
    return refunding_and_then(server, lambda ledger, account, pages: ledger.grant(account, -pages))
