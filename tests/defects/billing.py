"""Faults of billing."""

import asyncio
from dataclasses import replace

from mockserver.checks import balance_covers_pages
from mockserver.documents import PDF, Documents
from mockserver.ledger import Ledger
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from tests.defects.breaking import answering, breaks, checking


def keeping(server: Server, ledger: type[Ledger]) -> Server:
    return replace(server, ledger=ledger(server.store))


@breaks("billing.image_page")
def nothing_deducted(server: Server) -> Server:
    """A submission is accepted and deducts nothing."""

    class Generous(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            return super().deduct(account_id, 0) if self.balance(account_id) >= pages else None

    return keeping(server, Generous)


@breaks("billing.image_page")
def image_costs_two(server: Server) -> Server:
    """An image deducts two pages."""

    class Greedy(Documents):
        async def pages(self, content: bytes, kind: str) -> int:
            return await super().pages(content, kind) if kind == PDF else 2

    return replace(server, documents=Greedy(server.pdfs))


@breaks("billing.pdf_pages")
def pdf_costs_one(server: Server) -> Server:
    """A PDF deducts one page, however many it has."""

    class Flat(Documents):
        async def pages(self, content: bytes, kind: str) -> int:
            return 1

    return replace(server, documents=Flat(server.pdfs))


@breaks("billing.pdf_pages")
def pdf_in_a_data_uri_costs_one(server: Server) -> Server:
    """A PDF in a data URI deducts one page."""

    async def one_if_declared(submission: Submission) -> bool:
        if submission.data_type == PDF:
            submission.pages = 1
        return submission.pages is not None

    rows = list(server.decisions)
    index = next(index for index, row in enumerate(rows) if row.question == "broken_pdf")
    rows[index] = replace(rows[index], check=one_if_declared)
    return replace(server, decisions=tuple(rows))


@breaks("billing.before_processing")
def deducted_when_processed(server: Server) -> Server:
    """The pages are deducted when the task is done."""

    class Later(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            return super().deduct(account_id, 0) if self.balance(account_id) >= pages else None

    class Charging(Tasks):
        def start_next(self, account_id: str, *, limit: int) -> list[Task]:
            tasks = super().start_next(account_id, limit=limit)
            for task in tasks:
                server.ledger.deduct(account_id, task.pages)
            return tasks

        def start(self, task_id: str) -> bool:
            row = server.store.row("SELECT account_id, pages FROM tasks WHERE id = ?", task_id)
            if row:
                server.ledger.deduct(row["account_id"], row["pages"])
            return super().start(task_id)

    return replace(keeping(server, Later), tasks=Charging(server.store))


@breaks("billing.last_page")
def last_page_kept(server: Server) -> Server:
    """A submission is refused unless a page is left after it."""

    class Miserly(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            return super().deduct(account_id, pages) if self.balance(account_id) > pages else None

    return keeping(server, Miserly)


class Lending(Ledger):
    """Deducts whether or not there is enough."""

    def deduct(self, account_id: str, pages: int) -> int | None:
        self.grant(account_id, pages)
        deduction = super().deduct(account_id, pages)
        self.grant(account_id, -pages)
        return deduction


@breaks("billing.insufficient_pages")
def exhausted_account_accepted(server: Server) -> Server:
    """The balance is never looked at."""
    return keeping(server, Lending)


@breaks("billing.insufficient_pages")
def exhausted_account_is_forbidden(server: Server) -> Server:
    """An account without pages is refused with 403."""
    return answering(server, "billing.insufficient_pages", status=403)


@breaks("billing.no_overdraft")
def balance_checked_too_early(server: Server) -> Server:
    """Between the check of the balance and the deduction others may pass."""
    broken = keeping(server, Lending)

    async def checked_then_deducted(submission: Submission) -> bool:
        enough = submission.server.ledger.balance(submission.account_id) >= (submission.pages or 1)
        await asyncio.sleep(0.02)
        return enough and await balance_covers_pages(submission)

    return checking(broken, "billing.insufficient_pages", checked_then_deducted)


@breaks("billing.refused_free")
def refused_request_charged(server: Server) -> Server:
    """A body that lacks the image, or holds none, deducts a page."""

    async def charges(submission: Submission) -> bool:
        if not isinstance(submission.payload, dict) or "imageBase64" not in submission.members:
            submission.server.ledger.deduct(submission.account_id, 1)
        return isinstance(submission.payload, dict)

    rows = list(server.decisions)
    index = next(index for index, row in enumerate(rows) if row.question == "non_object_json")
    rows[index] = replace(rows[index], check=charges)
    return replace(server, decisions=tuple(rows))


@breaks("billing.refund")
def no_refund(server: Server) -> Server:
    """A task that cannot be created keeps its pages."""

    class Keeping(Ledger):
        def refund(self, deduction: int) -> None:
            return None

    return keeping(server, Keeping)


@breaks("billing.refund")
def refunded_twice(server: Server) -> Server:
    """A task that cannot be created gives its pages back twice."""

    class Twice(Ledger):
        def refund(self, deduction: int) -> None:
            super().refund(deduction)
            row = server.store.row("SELECT account_id, pages FROM ledger WHERE id = ?", deduction)
            if row:
                self.grant(row["account_id"], -row["pages"])

    return keeping(server, Twice)


@breaks("billing.refund")
def one_page_refunded(server: Server) -> Server:
    """Of the pages of a document one comes back."""

    class Partial(Ledger):
        def refund(self, deduction: int) -> None:
            row = server.store.row("SELECT account_id FROM ledger WHERE id = ?", deduction)
            if row:
                self.grant(row["account_id"], 1)

    return keeping(server, Partial)


@breaks("success.task_id_unique")
def account_has_one_task_id(server: Server) -> Server:
    """Every submission of an account is answered with the id of its first task."""

    class Repeating(Tasks):
        def create(self, *, account_id: str, provider: str, pages: int, filename: str | None, content: bytes) -> Task:
            task = super().create(
                account_id=account_id, provider=provider, pages=pages, filename=filename, content=content
            )
            oldest = self.newest(account_id, limit=1000)[-1]
            return replace(task, id=oldest.id)

    return replace(server, tasks=Repeating(server.store))


@breaks("billing.image_page")
def synchronous_provider_is_free(server: Server) -> Server:
    """A submission to a synchronous provider deducts nothing."""
    decide = next(row.check for row in server.decisions if row.rule == "billing.insufficient_pages")

    async def given_back(submission: Submission) -> bool:
        enough = await decide(submission)
        if submission.task and submission.provider and submission.provider.mode == "synchronous":
            submission.server.ledger.grant(submission.account_id, submission.pages or 1)
        return enough

    return checking(server, "billing.insufficient_pages", given_back)


@breaks("billing.refused_free")
def unknown_provider_charged(server: Server) -> Server:
    """A submission to an unknown provider is refused, and deducts a page."""
    decide = next(row.check for row in server.decisions if row.rule == "body.provider")

    async def charging(submission: Submission) -> bool:
        known = await decide(submission)
        if not known:
            submission.server.ledger.deduct(submission.account_id, 1)
        return known

    return checking(server, "body.provider", charging)
