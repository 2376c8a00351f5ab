"""What a submission costs and brings: its pages are deducted and its task is created, in one transaction.

Those that come to this before the event loop turns share a transaction: to begin and to end one costs as much as what
stands in it. Each is decided for itself, in the order in which they came, and none is answered before all is stored.
If one fails, nothing of it is kept, and each has a transaction of its own: no failure is another one's.

A task that is created is handed over, too: the queue is the rows that have the status `queued`, and waking a worker is
but a hint. So a crash leaves all of it or nothing, and a database that cannot be used charges nothing.
"""

import logging
from asyncio import CancelledError, Future, get_running_loop
from collections.abc import Iterable
from itertools import accumulate, takewhile

from mockserver.store import Store, StoreBusy, StoreUnavailable
from mockserver.submission import Submission

# Whoever else writes into the database waits until all are in it, with their documents of up to ten megabytes each.
MOST_TOGETHER = 32
ENOUGH_BYTES = 16 * 2**20

Waiting = tuple[Submission, "Future[None]"]

logger = logging.getLogger(__name__)


class Charging:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Waiting] = []

    async def charge(self, submission: Submission) -> None:
        """Deduct the pages if there are enough, and create the task; give the pages back if that fails.

        Raises StoreUnavailable, and then nothing was charged.
        """
        loop = get_running_loop()
        if not self._waiting:
            loop.call_soon(self._take)
        charged: Future[None] = loop.create_future()
        self._waiting.append((submission, charged))
        try:
            await charged
        except CancelledError:
            # Whoever was charged before is answered, too.
            if charged.cancelled():
                raise
            charged.result()

    def _take(self) -> None:
        """Charge those that have waited longest; whoever was cancelled meanwhile is not charged."""
        count = _together(self._waiting)
        first, self._waiting = self._waiting[:count], self._waiting[count:]
        if self._waiting:
            get_running_loop().call_soon(self._take)
        group = [(submission, charged) for submission, charged in first if not charged.done()]
        try:
            are_charged = self._are_charged(submission for submission, _ in group)
        except StoreBusy as problem:
            # Each by itself would wait for the same lock, one after the other.
            for _, charged in group:
                charged.set_exception(StoreBusy(*problem.args))
            return
        if are_charged:
            for _, charged in group:
                charged.set_result(None)
        else:
            for submission, charged in group:
                _settle(submission, charged)

    def _are_charged(self, submissions: Iterable[Submission]) -> bool:
        """Whether all could be charged in one transaction. Why not is found out where each has its own."""
        try:
            with self._store.transaction():
                for submission in submissions:
                    _charge(submission)
        except StoreBusy:
            raise
        except Exception:
            return False
        return True


def _together(waiting: Iterable[Waiting]) -> int:
    """How many of those share a transaction: only the last one may bring more bytes than are enough."""
    sizes = accumulate(len(submission.content) for submission, _ in waiting)
    return min(MOST_TOGETHER, 1 + sum(1 for _ in takewhile(lambda size: size < ENOUGH_BYTES, sizes)))


def _settle(submission: Submission, charged: "Future[None]") -> None:
    """Charge one by itself, and let the one who waits go on or fail."""
    try:
        _charge_alone(submission)
    except Exception as problem:
        charged.set_exception(problem)
    else:
        charged.set_result(None)


def _charge_alone(submission: Submission) -> None:
    store = submission.server.store
    try:
        with store.transaction():
            _charge(submission)
    except StoreUnavailable:
        raise
    except Exception:
        logger.exception("a task could not be created")
        # Whatever the creation had done is undone, and the deduction with it.
        submission.task = None
        with store.transaction():
            if _is_deducted(submission):
                _refund(submission)


def _charge(submission: Submission) -> None:
    # Of another try nothing is left.
    submission.task = None
    if _is_deducted(submission):
        _create(submission)


def _is_deducted(submission: Submission) -> bool:
    submission.deduction = submission.server.ledger.deduct(submission.account_id, submission.pages or 1)
    return submission.deduction is not None


def _create(submission: Submission) -> None:
    server = submission.server
    if server.accounts.take_failure(submission.account_id):
        _refund(submission)
        return
    submission.task = server.tasks.create(
        account_id=submission.account_id,
        provider=(submission.provider or server.contract.default_provider).name,
        pages=submission.pages or 1,
        filename=submission.filename,
        content=submission.content,
    )


def _refund(submission: Submission) -> None:
    if submission.deduction is not None:
        submission.server.ledger.refund(submission.deduction)
