"""Other ways to process: how long it takes, what is told meanwhile, and how soon a balance shows."""

import asyncio
import json
import time
from dataclasses import replace
from itertools import count
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver import checks
from mockserver.ledger import Ledger
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Tasks
from tests.changing import checking, telling
from tests.rewriting import Reply, reply_of
from tests.variants.profiles import with_keys
from tests.variants.varying import Variant, add, varies, varies_replies, varies_wrapped

SLOWER = 0.05
LATE = 0.1
REFUND = 0.4
LONGEST_POLL = 1.0


@varies()
def slow_processing(server: Server) -> Server:
    """A task waits for a fifth of a second, and takes as long."""
    return replace(server, settings=replace(server.settings, queued_seconds=0.2, processing_seconds=0.2))


def seconds_of_processing(server: Server) -> Server:
    return replace(server, settings=replace(server.settings, queued_seconds=0.2, processing_seconds=2.0))


add(
    Variant(
        name="seconds_of_processing",
        says="A task takes two seconds, and the profile gives it eight.",
        readings={},
        change=seconds_of_processing,
        tell=lambda server, profile: replace(profile, task_seconds=8),
        made_of=(seconds_of_processing,),
    )
)


@varies()
def hasty_processing(server: Server) -> Server:
    """A queued task is taken up at once."""
    return replace(server, settings=replace(server.settings, queued_seconds=0.0, processing_seconds=0.0))


@varies_wrapped()
def slow_answers(app: ASGIApp) -> ASGIApp:
    """Every answer comes a twentieth of a second later."""

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(SLOWER)
        await app(scope, receive, send)

    return slow


def naming_states(server: Server, **names: str) -> Server:
    """The server that calls the states of a task by other names."""
    other: dict[str, Any] = dict(names)
    return telling(server, lambda task: replace(task, status=other.get(task.status, task.status)))


@varies(task_states="processing")
def tasks_begin_with_processing(server: Server) -> Server:
    """A task that waits is told as `processing`, too."""
    return naming_states(server, queued="processing")


@varies(task_states="pending")
def tasks_begin_with_pending(server: Server) -> Server:
    """A task that waits is told as `pending`, and then as `running`."""
    return naming_states(server, queued="pending", processing="running")


def long_polling(app: ASGIApp) -> ASGIApp:
    """The application that answers for a task when it is done, at the latest after a second."""

    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/tasks/"):
            deadline = time.monotonic() + LONGEST_POLL
            while time.monotonic() < deadline and not is_finished(await reply_of(app, scope, receive)):
                await asyncio.sleep(0.01)
        await app(scope, receive, send)

    return patient


def is_finished(reply: Reply) -> bool:
    return reply.status != 200 or json.loads(reply.body)["status"] in ("done", "failed")


@varies()
def late_balances(server: Server) -> Server:
    """A deduction or a refund shows a tenth of a second later."""
    before: dict[str, tuple[float, int]] = {}

    class Late(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            before[account_id] = time.monotonic(), super().balance(account_id)
            return super().deduct(account_id, pages)

        def balance(self, account_id: str) -> int:
            changed, pages = before.get(account_id, (0.0, 0))
            return pages if time.monotonic() < changed + LATE else super().balance(account_id)

    return replace(server, ledger=Late(server.store))


@varies()
def late_accounts(server: Server) -> Server:
    """The pages of a new account show a tenth of a second later."""
    opened: dict[str, float] = {}

    class Late(Ledger):
        def grant(self, account_id: str, pages: int) -> None:
            opened[account_id] = time.monotonic()
            super().grant(account_id, pages)

        def balance(self, account_id: str) -> int:
            is_new = time.monotonic() < opened.get(account_id, 0.0) + LATE
            return 0 if is_new else super().balance(account_id)

    return replace(server, ledger=Late(server.store))


def from_two_replicas(server: Server) -> Server:
    """Of two replicas that tell a balance in turn, one is a tenth of a second late."""
    known: dict[str, list[tuple[float, int]]] = {}
    turns = count()

    class Replicas(Ledger):
        def deduct(self, account_id: str, pages: int) -> int | None:
            known.setdefault(account_id, [(0.0, super().balance(account_id))])
            return super().deduct(account_id, pages)

        def balance(self, account_id: str) -> int:
            pages = super().balance(account_id)
            told = known.setdefault(account_id, [(0.0, pages)])
            if told[-1][1] != pages:
                told.append((time.monotonic(), pages))
            early = time.monotonic() - LATE
            return pages if next(turns) % 2 else [pages for since, pages in told if since < early][-1]

    return replace(server, ledger=Replicas(server.store))


@varies()
def replicas_and_hooks(server: Server) -> Server:
    """Of two replicas that tell a balance in turn, hooks asked or not, one is a tenth of a second late."""
    return from_two_replicas(server)


add(
    Variant(
        name="balances_of_two_replicas",
        says="There are three keys, and of two replicas that tell a balance in turn one is a tenth of a second late.",
        readings={},
        change=from_two_replicas,
        tell=lambda server, profile: replace(with_keys(server, profile), task_seconds=4),
        made_of=(from_two_replicas, with_keys),
    )
)


@varies()
def late_refunds(server: Server) -> Server:
    """The pages of a task that could not be created come back two fifths of a second later."""

    class Late(Ledger):
        def refund(self, deduction: int) -> None:
            asyncio.get_running_loop().call_later(REFUND, super().refund, deduction)

    return replace(server, ledger=Late(server.store))


@varies()
def creation_is_tried_again(server: Server) -> Server:
    """A task that could not be created is created at the second attempt, so that no failure shows."""
    charge = next(row.check for row in server.decisions if row.rule == "billing.insufficient_pages")

    async def charged_again(submission: Submission) -> bool:
        return submission.task is not None or (await charge(submission) and submission.task is not None)

    return checking(server, checks.task_is_created, charged_again)


def failed_recognition_refunded(server: Server) -> Server:
    class Refunding(Tasks):
        def fail(self, task_id: str, error: str) -> bool:
            has_failed = super().fail(task_id, error)
            row = server.store.row("SELECT account_id, pages FROM tasks WHERE id = ?", task_id)
            if has_failed and row:
                server.ledger.grant(row["account_id"], row["pages"])
            return has_failed

    return replace(server, tasks=Refunding(server.store))


add(
    Variant(
        name="failed_recognition_refunded",
        says="A task that fails during recognition gives its pages back.",
        readings={"failed_recognition": "refunded"},
        unseen={"failed_recognition": "the suite does not ask, since no call makes a recognition fail"},
        change=failed_recognition_refunded,
        made_of=(failed_recognition_refunded,),
    )
)


@varies_replies()
def foreign_task_is_forbidden(reply: Reply) -> None:
    """A task that the account does not have is answered with 403."""
    if reply.path.startswith("/api/tasks/") and reply.status == 404:
        reply.status = 403
        reply.say({"error": "forbidden"})
