"""Faults of what comes back when no task can be created."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from mockserver import checks
from mockserver.ledger import Ledger
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import When, checking
from tests.defects.breaking import breaks


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


def keeping_some(server: Server, when: When) -> Server:
    """The server that deducts again what some failed creations gave back."""

    async def created_or_charged_again(submission: Submission) -> bool:
        if submission.task is None and when(submission):
            server.ledger.deduct(submission.account_id, submission.pages or 1)
        return submission.task is not None

    return checking(server, checks.task_is_created, created_or_charged_again)


@breaks("billing.refund")
def no_refund_by_one_provider(server: Server) -> Server:
    """The pages come back from the queue, but not from the synchronous provider."""
    return keeping_some(server, lambda submission: submission.provider == server.contract.providers["baidu"])


@breaks("billing.refund")
def no_refund_where_none_was_named(server: Server) -> Server:
    """The pages come back only where the submission names its provider."""
    return keeping_some(server, lambda submission: "provider" not in submission.members)


@breaks("billing.refund")
def no_refund_of_a_data_uri(server: Server) -> Server:
    """The pages come back only where the file was plain Base64."""
    return keeping_some(server, lambda submission: submission.data_type)


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
