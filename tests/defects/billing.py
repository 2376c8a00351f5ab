"""Faults of the balance: when pages are deducted, and when there are too few. Counts: see `page_counts`."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from mockserver import checks
from mockserver.documents import PDF
from mockserver.ledger import Ledger
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from tests.changing import When, answering, charged_at_once, checking, lending
from tests.defects.breaking import ANOTHER_STATUS, breaks, breaks_replies
from tests.rewriting import Reply


def deducting_later(server: Server, at_first: Callable[[int], int]) -> Server:
    """The server that deducts a part of the pages at first, and the rest when the task is processed.

    What is processed at once is deducted before others come.
    """

    class Later(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            return super().deduct(account_id, at_first(pages)) if self.balance(account_id) >= pages else None

    class Charging(Tasks):
        def start_next(self, account_id: str, *, limit: int) -> list[Task]:
            tasks = super().start_next(account_id, limit=limit)
            for task in tasks:
                server.ledger.deduct(account_id, task.pages - at_first(task.pages))
            return tasks

        def start(self, task_id: str) -> bool:
            row = server.store.row("SELECT account_id, pages FROM tasks WHERE id = ?", task_id)
            if row:
                server.ledger.deduct(row["account_id"], row["pages"] - at_first(row["pages"]))
            return super().start(task_id)

    later = replace(server, ledger=Later(server.store), tasks=Charging(server.store))
    return checking(later, checks.balance_covers_pages, charged_at_once)


@breaks("billing.before_processing")
def deducted_when_processed(server: Server) -> Server:
    """The pages are deducted when the task is processed."""
    return deducting_later(server, lambda pages: 0)


@breaks("billing.before_processing")
def rest_deducted_when_processed(server: Server) -> Server:
    """One page is deducted at first, and those that are found besides when the task is processed."""
    return deducting_later(server, lambda pages: 1)


def balance(submission: Submission) -> int:
    return submission.server.ledger.balance(submission.account_id)


def costs(submission: Submission) -> int:
    return submission.pages or 1


def is_synchronous(submission: Submission) -> bool:
    return submission.provider is not None and submission.provider.mode == "synchronous"


def demanding(server: Server, demands: Callable[[Submission], int]) -> Server:
    """The server that refuses a submission unless that many pages are there."""

    async def has_enough(submission: Submission) -> bool:
        return balance(submission) >= demands(submission) and await checks.balance_covers_pages(submission)

    return checking(server, checks.balance_covers_pages, has_enough)


@breaks("billing.last_page")
def last_page_kept(server: Server) -> Server:
    """A submission is refused unless a page is left after it."""
    return demanding(server, lambda submission: costs(submission) + 1)


@breaks("billing.last_page")
def last_page_of_a_document_kept(server: Server) -> Server:
    """A document of several pages is refused unless a page is left after it."""
    return demanding(server, lambda submission: costs(submission) + (costs(submission) > 1))


@breaks("billing.last_page")
def last_page_kept_from_one_provider(server: Server) -> Server:
    """The synchronous provider is refused the last page."""
    return demanding(server, lambda submission: costs(submission) + is_synchronous(submission))


@breaks("billing.last_page")
def last_page_kept_from_data_uris(server: Server) -> Server:
    """A data URI is refused the last page."""
    return demanding(server, lambda submission: costs(submission) + (submission.data_type is not None))


@breaks("billing.last_page")
def last_page_kept_from_photographs(server: Server) -> Server:
    """A JPEG is refused unless a page is left after it."""
    return demanding(server, lambda submission: costs(submission) + (submission.kind == "image/jpeg"))


@breaks("billing.last_page")
def five_pages_kept(server: Server) -> Server:
    """A submission is refused on an account that has fewer than five pages."""
    return demanding(server, lambda submission: max(costs(submission), 5))


@breaks("billing.insufficient_pages")
def exhausted_account_accepted(server: Server) -> Server:
    """The balance is never looked at."""
    return lending(server, lambda submission: True)


@breaks("billing.insufficient_pages")
def exhausted_account_gets_one_more(server: Server) -> Server:
    """A submission is accepted on a balance of zero, and refused on one below."""
    return lending(server, lambda submission: balance(submission) == 0)


@breaks("billing.insufficient_pages")
def account_in_debt_goes_on(server: Server) -> Server:
    """The last document may be had on credit, and a balance is used up at zero only, and not below it."""

    async def covered_or_in_debt(submission: Submission) -> bool:
        left, pages = balance(submission), costs(submission)
        lent = pages - left if left != 0 and left < pages else 0
        server.ledger.grant(submission.account_id, lent)
        enough = await checks.balance_covers_pages(submission)
        server.ledger.grant(submission.account_id, -lent)
        return enough

    return checking(server, checks.balance_covers_pages, covered_or_in_debt)


@breaks("billing.insufficient_pages")
def exhausted_account_may_submit_pdfs(server: Server) -> Server:
    """The balance is looked at for images only."""
    return lending(server, lambda submission: submission.kind == PDF)


@breaks("billing.insufficient_pages")
def exhausted_account_may_use_one_provider(server: Server) -> Server:
    """The synchronous provider does not look at the balance."""
    return lending(server, is_synchronous)


@breaks("billing.insufficient_pages")
def exhausted_account_may_leave_the_provider_out(server: Server) -> Server:
    """The balance is looked at only where a provider is named."""
    return lending(server, lambda submission: "provider" not in submission.members)


@breaks("billing.insufficient_pages")
def spent_account_accepted(server: Server) -> Server:
    """An account that had pages once may go on when they are spent."""
    return lending(server, lambda submission: "deduct" in dict(server.ledger.entries(submission.account_id)))


@breaks(
    "billing.insufficient_pages",
    besides={"billing.no_overdraft": "the same key of those that come together is not held to the balance"},
)
def further_key_goes_on(server: Server) -> Server:
    """The balance is looked at for the first key of an account only."""

    def is_further(submission: Submission) -> bool:
        first = server.store.row("SELECT id FROM keys WHERE account_id = ? ORDER BY rowid", submission.account_id)
        return first is not None and submission.key is not None and first["id"] != submission.key.id

    return lending(server, is_further)


@breaks("billing.insufficient_pages", besides=ANOTHER_STATUS)
def exhausted_account_is_forbidden(server: Server) -> Server:
    """An account without pages is refused with 403."""
    return answering(server, "billing.insufficient_pages", status=403)


@breaks("billing.insufficient_pages")
def exhausted_account_has_another_code(server: Server) -> Server:
    """The code for an account without pages is that of another API."""
    return answering(server, "billing.insufficient_pages", code="quota_exceeded")


@breaks_replies("billing.insufficient_pages", besides=ANOTHER_STATUS)
def exhausted_account_is_told_to_wait(reply: Reply) -> None:
    """An account without pages is answered with 429, as if it had only to wait."""
    if reply.status == 402:
        reply.status = 429
        reply.headers["retry-after"] = "0"


def racing(server: Server, when: When, seconds: float = 0.02) -> Server:
    """The server that looks at the balance, lets others pass for a moment, and deducts without looking again."""
    generous = lending(server, lambda submission: True)
    deduct = next(row.check for row in generous.decisions if row.rule == "billing.insufficient_pages")

    async def looks_then_deducts(submission: Submission) -> bool:
        if not when(submission):
            return await checks.balance_covers_pages(submission)
        enough = balance(submission) >= costs(submission)
        await asyncio.sleep(seconds)
        return enough and await deduct(submission)

    return checking(server, checks.balance_covers_pages, looks_then_deducts)


@breaks("billing.no_overdraft")
def balance_looked_at_too_early(server: Server) -> Server:
    """Between the look at the balance and the deduction others may pass."""
    return racing(server, lambda submission: True)


@breaks("billing.no_overdraft")
def balance_looked_at_too_early_by_one_provider(server: Server) -> Server:
    """Between the look at the balance and the deduction others may pass, if the synchronous provider is chosen."""
    return racing(server, is_synchronous)


@breaks("billing.no_overdraft")
def balance_looked_at_before_the_pages_are_counted(server: Server) -> Server:
    """While the pages of a PDF are counted, others may pass."""
    return racing(server, lambda submission: submission.kind == PDF)


@breaks("billing.no_overdraft")
def balance_locked_by_key(server: Server) -> Server:
    """Submissions wait for each other if they have the same key; those with another key of the account do not."""
    locks: dict[str, asyncio.Lock] = {}
    racy = racing(server, lambda submission: True, seconds=0.01)
    race = next(row.check for row in racy.decisions if row.rule == "billing.insufficient_pages")

    async def one_by_one(submission: Submission) -> bool:
        async with locks.setdefault(submission.token, asyncio.Lock()):
            return await race(submission)

    return checking(server, checks.balance_covers_pages, one_by_one)


@breaks("billing.no_overdraft")
def deduction_written_over_another(server: Server) -> Server:
    """A balance is read, and written back less the pages a moment later, whatever it has become."""

    async def read_then_written(submission: Submission) -> bool:
        before = balance(submission)
        await asyncio.sleep(0.01)
        server.ledger.grant(submission.account_id, before - balance(submission))
        return await checks.balance_covers_pages(submission)

    return checking(server, checks.balance_covers_pages, read_then_written)


@breaks("billing.image_page")
def small_account_pays_too(server: Server) -> Server:
    """Whoever submits, the account with fewer than ten pages that was opened last pays one as well."""
    small = "SELECT account_id FROM keys JOIN accounts ON accounts.id = account_id WHERE pages < 10"

    class Doubly(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            row = server.store.row(f"{small} ORDER BY keys.rowid DESC LIMIT 1")
            if row and row["account_id"] != account_id:
                super().deduct(row["account_id"], 1)
            return super().deduct(account_id, pages)

    return replace(server, ledger=Doubly(server.store))
