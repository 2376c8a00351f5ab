"""Changes of a reference server: one decision, one part. For defects and variants alike; no server knows of them."""

import re
from collections.abc import Callable
from dataclasses import replace

from mockserver import charging, checks
from mockserver.decisions import Check, Decision
from mockserver.documents import Documents
from mockserver.payload import PayloadError
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from spec import Error

# Which check of the reference server another one was put in place of, so that a second change finds it, too.
STANDS_FOR: dict[object, object] = {}

Change = Callable[[Server], Server]
When = Callable[[Submission], object]


def answering(server: Server, rule: str, *, status: int | None = None, code: str | None = None) -> Server:
    """The server that refuses with another status or code where this rule is broken."""
    rows = (
        replace(row, error=replace(row.error, status=status or row.error.status, code=code or row.error.code))
        if row.rule == rule
        else row
        for row in server.decisions
    )
    return replace(server, decisions=tuple(rows))


def deciding(server: Server, question: str, other: Callable[[Error], Error]) -> Server:
    """The server that refuses with another error, made of its own one, where it decides this question."""
    rows = (replace(row, error=other(row.error)) if row.question == question else row for row in server.decisions)
    return replace(server, decisions=tuple(rows))


def without(server: Server, check: Callable[..., object]) -> Server:
    """The server that does not make this check of the table."""
    return replace(server, decisions=tuple(row for row in server.decisions if not _makes(row, check)))


def checking(server: Server, check: Check, other: Check) -> Server:
    """The server that makes another check in place of this one."""
    if not any(_makes(row, check) for row in server.decisions):
        raise LookupError(f"no decision makes the check {check}")
    STANDS_FOR[other] = check
    rows = (replace(row, check=other) if _makes(row, check) else row for row in server.decisions)
    return replace(server, decisions=tuple(rows))


def tolerating(server: Server, check: Check, when: When) -> Server:
    """The server that lets some pass that this check refuses."""

    made = _made(server, check)

    async def tolerant(submission: Submission) -> bool:
        return await made(submission) or bool(when(submission))

    return checking(server, check, tolerant)


def refusing(server: Server, check: Check, when: When, error: Error | None = None) -> Server:
    """The server that refuses some that this check lets pass; with another error, if one is given."""

    made = _made(server, check)

    async def intolerant(submission: Submission) -> bool:
        return await made(submission) and not when(submission)

    async def exception(submission: Submission) -> bool:
        return not when(submission)

    if error is None:
        return checking(server, check, intolerant)
    index, row = next((index, row) for index, row in enumerate(server.decisions) if _makes(row, check))
    added = replace(row, check=exception, error=error)
    return replace(server, decisions=(*server.decisions[: index + 1], added, *server.decisions[index + 1 :]))


def refusing_first(server: Server, check: Check, when: When) -> Server:
    """The server that refuses some before it makes this check, which forgets the text that it has read."""

    made = _made(server, check)

    async def intolerant(submission: Submission) -> bool:
        return not when(submission) and await made(submission)

    return checking(server, check, intolerant)


def pricing(server: Server, price: Callable[[Submission, int], int]) -> Server:
    """The server that takes another price than the pages of the document, by what else the submission says."""

    async def priced(submission: Submission) -> bool:
        if submission.pages is not None:
            submission.pages = price(submission, submission.pages)
        return submission.pages is not None

    return checking(server, checks.pages_are_counted, priced)


def decoding(server: Server, decode: Callable[[str], bytes]) -> Server:
    """The server that decodes Base64, be it in a data URI or not, in another way."""

    async def decodes(submission: Submission) -> bool:
        text = str(submission.members["imageBase64"])
        found = re.match("data:(image/[^;,]*|application/pdf)[^,]*;base64,", text)
        submission.data_type = found[1] if found else None
        try:
            submission.content = decode(text[found.end() :] if found else text)
        except (PayloadError, ValueError):
            return False
        return True

    return checking(server, checks.image_is_decodable, decodes)


def declining(server: Server, declines: Callable[[bytes, str], object]) -> Server:
    """The server that takes some documents, told by their content and kind, for none."""

    class Choosy(Documents):
        def kind(self, content: bytes, *, declared: str | None, filename: str | None) -> str | None:
            kind = super().kind(content, declared=declared, filename=filename)
            return None if kind is None or declines(content, kind) else kind

    return replace(server, documents=Choosy(server.pdfs))


async def charged_at_once(submission: Submission) -> bool:
    """What `balance_covers_pages` does, without waiting for others who come at the same moment."""
    charging._charge_alone(submission)
    return submission.deduction is not None


def lending(server: Server, when: When) -> Server:
    """The server that lends pages to some submissions, so that their balance is below zero afterwards.

    Nobody else sees the loan.
    """

    async def deducted_anyway(submission: Submission) -> bool:
        if not when(submission):
            return await checks.balance_covers_pages(submission)
        lent = submission.pages or 1
        server.ledger.grant(submission.account_id, lent)
        enough = await charged_at_once(submission)
        server.ledger.grant(submission.account_id, -lent)
        return enough

    return checking(server, checks.balance_covers_pages, deducted_anyway)


def telling(server: Server, tell: Callable[[Task], Task | None]) -> Server:
    """The server whose task API tells something else of a task, or nothing."""

    class Telling(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            task = super().find(account_id, task_id)
            return tell(task) if task else None

    return replace(server, tasks=Telling(server.store))


def _makes(row: Decision, check: Callable[..., object]) -> bool:
    """Whether a row makes this check, be it of one field only, or one that was put in its place."""
    return STANDS_FOR.get(row.check, getattr(row.check, "func", row.check)) is check


def _made(server: Server, check: Check) -> Check:
    """The check that is made in place of this one, or this one."""
    return next((row.check for row in server.decisions if _makes(row, check)), check)
