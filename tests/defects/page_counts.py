"""Faults of how many pages a document is said to have, and so of its price."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.types import ASGIApp

from mockserver import checks
from mockserver.documents import PDF, Documents
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Tasks
from tests.changing import checking, pricing
from tests.defects.breaking import breaks, breaks_wrapped
from tests.rewriting import Reply, replying

ALSO_INTRICATE = {"billing.page_tree": "a tree that is not followed is not followed in intricate files either"}
LEAF = re.compile(rb"/Type\s*/Page\b(?!s)")


def counting(server: Server, count: Callable[[bytes, int], int], *, of: str = PDF) -> Server:
    """The server that counts the pages of one kind of document in another way: by content and true count."""

    class Counting(Documents):
        async def pages(self, content: bytes, kind: str, *, account_id: str = "") -> int:
            pages = await super().pages(content, kind)
            return count(content, pages) if kind == of else pages

    return replace(server, documents=Counting(server.pdfs))


def giving_away(server: Server, when: Callable[[Submission], object]) -> Server:
    """The server that gives the pages of some submissions back right after it has deducted them."""

    async def deducted_and_given_back(submission: Submission) -> bool:
        enough = await checks.balance_covers_pages(submission)
        if submission.task and when(submission):
            server.ledger.grant(submission.account_id, submission.pages or 1)
        return enough

    return checking(server, checks.balance_covers_pages, deducted_and_given_back)


@breaks("billing.image_page")
def nothing_deducted(server: Server) -> Server:
    """A submission is accepted and deducts nothing."""
    return giving_away(server, lambda submission: True)


@breaks("billing.image_page")
def synchronous_provider_is_free(server: Server) -> Server:
    """An image deducts nothing if the synchronous provider takes it."""
    return giving_away(server, lambda submission: submission.provider == server.contract.providers["baidu"])


@breaks(
    "billing.image_page",
    besides={
        "billing.pdf_pages": "a PDF is a document, too",
        "billing.no_overdraft": "those who submit one document together pay for one",
    },
)
def document_paid_once(server: Server) -> Server:
    """A document that the account has submitted before deducts nothing."""
    paid: set[tuple[str, bytes]] = set()

    def paid_before(submission: Submission) -> bool:
        document = submission.account_id, submission.content
        known = document in paid
        paid.add(document)
        return known

    return giving_away(server, paid_before)


@breaks("billing.image_page")
def png_costs_two(server: Server) -> Server:
    """A PNG deducts two pages."""
    return counting(server, lambda content, pages: 2, of="image/png")


@breaks("billing.image_page")
def jpeg_is_free(server: Server) -> Server:
    """A JPEG deducts nothing."""
    return giving_away(server, lambda submission: submission.kind == "image/jpeg")


@breaks("billing.image_page")
def image_in_a_data_uri_is_free(server: Server) -> Server:
    """An image in a data URI deducts nothing."""
    return giving_away(server, lambda submission: (submission.data_type or "").startswith("image/"))


@breaks("billing.image_page")
def nameless_image_is_free(server: Server) -> Server:
    """An image without a file name deducts nothing."""
    return giving_away(server, lambda submission: submission.kind != PDF and not submission.filename)


@breaks("billing.image_page")
def image_costs_by_its_bytes(server: Server) -> Server:
    """An image deducts a page for every thirty kilobytes."""
    return counting(server, lambda content, pages: 1 + len(content) // 30_000, of="image/png")


@breaks("billing.image_page")
def large_image_costs_two(server: Server) -> Server:
    """A PNG of more than two megapixels costs two pages."""

    def price(submission: Submission, pages: int) -> int:
        width, height = submission.content[16:20], submission.content[20:24]
        is_large = int.from_bytes(width) * int.from_bytes(height) > 2_000_000
        return 2 if submission.kind == "image/png" and is_large else pages

    return pricing(server, price)


@breaks("billing.image_page")
def last_one_to_come_pays(server: Server) -> Server:
    """Who submits is kept in a variable that all submissions share, so that under load another account pays."""
    came: list[Submission] = []

    async def known(submission: Submission) -> bool:
        came[:] = [submission]
        return await checks.key_is_not_revoked(submission)

    async def paid_by_the_last(submission: Submission) -> bool:
        await asyncio.sleep(0.005)
        submission.key = came[0].key
        return await checks.balance_covers_pages(submission)

    noting = checking(server, checks.key_is_not_revoked, known)
    return checking(noting, checks.balance_covers_pages, paid_by_the_last)


@breaks("billing.image_page")
def deducted_again_after_the_end(server: Server) -> Server:
    """A page is deducted when a submission comes, and again some time after its task is done."""

    class Charging(Tasks):
        def finish(self, task_id: str, result: dict[str, Any]) -> bool:
            row = server.store.row("SELECT account_id, pages FROM tasks WHERE id = ?", task_id)
            if row:
                asyncio.get_running_loop().call_later(0.8, server.ledger.deduct, row["account_id"], row["pages"])
            return super().finish(task_id, result)

    return replace(server, tasks=Charging(server.store))


@breaks_wrapped("billing.image_page")
def balance_told_from_a_cache(app: ASGIApp) -> ASGIApp:
    """The balance that the account API tells is the one of the first time that it was asked."""
    told: dict[str, bytes] = {}

    def change(reply: Reply) -> None:
        if reply.path == "/api/account" and reply.status == 200:
            reply.body = told.setdefault(reply.request["authorization"], reply.body)

    return replying(change)(app)


@breaks("billing.pdf_pages")
def pdf_costs_one(server: Server) -> Server:
    """A PDF deducts one page, however many it has."""
    return counting(server, lambda content, pages: 1)


@breaks("billing.pdf_pages")
def pdf_costs_one_too_many(server: Server) -> Server:
    """A PDF deducts a page for its cover."""
    return counting(server, lambda content, pages: pages + 1)


@breaks("billing.pdf_pages")
def pdf_costs_one_too_few(server: Server) -> Server:
    """The pages of a PDF are counted from 0."""
    return counting(server, lambda content, pages: max(pages - 1, 1))


@breaks("billing.pdf_pages")
def pdf_costs_ten_at_most(server: Server) -> Server:
    """A PDF deducts ten pages at most."""
    return counting(server, lambda content, pages: min(pages, 10))


@breaks("billing.pdf_pages")
def pdf_costs_twenty_at_most(server: Server) -> Server:
    """A PDF deducts twenty pages at most, however many more it has."""
    return counting(server, lambda content, pages: min(pages, 20))


@breaks("billing.pdf_pages")
def pdf_costs_by_its_bytes(server: Server) -> Server:
    """A PDF deducts a page for every kilobyte."""
    return counting(server, lambda content, pages: 1 + len(content) // 1000)


@breaks("billing.pdf_pages")
def pdf_costs_its_images(server: Server) -> Server:
    """A PDF deducts a page for every image in it, as if it were a scan."""
    return counting(server, lambda content, pages: content.count(b"/Subtype /Image") or pages)


@breaks("billing.page_tree")
def pages_found_by_a_pattern(server: Server) -> Server:
    """The pages are what a pattern finds in the bytes of the file."""
    return counting(server, lambda content, pages: len(LEAF.findall(content)) or 1)


@breaks("billing.pdf_pages", besides=ALSO_INTRICATE)
def pages_told_by_the_first_count(server: Server) -> Server:
    """The pages are the first /Count in the bytes of the file."""

    def first(content: bytes, pages: int) -> int:
        found = re.search(rb"/Count (\d+)", content)
        return int(found[1]) if found else pages

    return counting(server, first)


@breaks("billing.page_tree")
def pages_told_by_the_largest_count(server: Server) -> Server:
    """The pages are the largest /Count in the bytes of the file."""
    return counting(server, lambda content, pages: max(map(int, re.findall(rb"/Count (\d+)", content)), default=pages))


@breaks("billing.page_tree")
def removed_pages_counted(server: Server) -> Server:
    """Pages that a later version of the file has removed are counted, too."""
    return counting(server, lambda content, pages: max(pages, len(LEAF.findall(content))))


@breaks("billing.page_tree")
def object_streams_not_read(server: Server) -> Server:
    """Pages in object streams are not seen, and one is taken for granted."""
    return counting(server, lambda content, pages: 1 if b"/ObjStm" in content else pages)


@breaks("billing.pdf_pages", besides=ALSO_INTRICATE)
def page_tree_not_descended(server: Server) -> Server:
    """Only what stands at the root of the page tree is counted, be it a page or a branch."""

    def at_the_root(content: bytes, pages: int) -> int:
        roots = re.findall(rb"/Type /Pages(?! /Parent)[^>]*/Kids \[([^\]]*)\]", content)
        return roots[-1].count(b" R") if roots else pages

    return counting(server, at_the_root)


@breaks("billing.pdf_pages")
def pdf_in_a_data_uri_costs_one(server: Server) -> Server:
    """A PDF in a data URI deducts one page."""
    return pricing(server, lambda submission, pages: 1 if submission.data_type == PDF else pages)


@breaks("billing.pdf_pages")
def pdf_known_by_its_name_in_small_letters(server: Server) -> Server:
    """A PDF whose name ends in .PDF deducts one page."""
    return pricing(server, lambda submission, pages: 1 if (submission.filename or "").endswith(".PDF") else pages)


@breaks("billing.pdf_pages")
def pdf_known_by_its_name(server: Server) -> Server:
    """A PDF whose name does not say so deducts one page."""
    return pricing(server, lambda submission, pages: pages if (submission.filename or "").endswith(".pdf") else 1)


@breaks("billing.pdf_pages")
def one_provider_charges_a_pdf_once(server: Server) -> Server:
    """The synchronous provider deducts one page for a PDF."""
    return pricing(
        server,
        lambda submission, pages: 1 if submission.provider and submission.provider.name == "baidu" else pages,
    )
