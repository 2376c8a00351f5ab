"""Faults of a task that could not be created: how that is told, and what is mixed up. Others: see `refunds`."""

import asyncio

from mockserver import checks
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import answering, checking
from tests.defects.breaking import breaks


def told_as(server: Server, rule: str) -> Server:
    """The server that tells a failed creation as what this rule refuses."""
    error = server.contract.refusal(rule)
    return answering(server, "billing.refund", status=error.status, code=error.code)


@breaks("auth.key_accepted")
def failed_creation_is_an_unknown_key(server: Server) -> Server:
    """Whatever goes wrong behind the gateway is told as a wrong key."""
    return told_as(server, "auth.unknown_key")


@breaks("body.base64")
def failed_creation_is_undecodable(server: Server) -> Server:
    """Whatever goes wrong with a submission is told as an image that cannot be decoded."""
    return told_as(server, "body.invalid_image")


@breaks("limit.accepted")
def failed_creation_is_too_large(server: Server) -> Server:
    """A queue that takes no more is told as a body that is too large."""
    return told_as(server, "limit.refused")


@breaks("billing.last_page")
def failed_creation_is_a_want_of_pages(server: Server) -> Server:
    """A deduction that is undone is told as a balance that does not suffice."""
    return told_as(server, "billing.insufficient_pages")


@breaks("billing.refund")
def pages_of_the_last_to_come_refunded(server: Server) -> Server:
    """The pages to give back are kept in a variable that all submissions share, so that others come back under load."""
    came = [1]

    async def counted(submission: Submission) -> bool:
        came[:] = [submission.pages or 1]
        return await checks.pages_are_counted(submission)

    async def covered(submission: Submission) -> bool:
        await asyncio.sleep(0.005)
        return await checks.balance_covers_pages(submission)

    async def created(submission: Submission) -> bool:
        if submission.task is None:
            server.ledger.grant(submission.account_id, came[0] - (submission.pages or 1))
        return submission.task is not None

    noting = checking(server, checks.pages_are_counted, counted)
    slow = checking(noting, checks.balance_covers_pages, covered)
    return checking(slow, checks.task_is_created, created)
