"""What a submission costs and brings: its pages are deducted and its task is created, in one transaction.

A task that is created is handed over, too: the queue is the rows that have the status `queued`, and waking a worker is
but a hint. So a crash leaves all of it or nothing, and a database that cannot be used charges nothing.
"""

import logging

from mockserver.store import StoreUnavailable
from mockserver.submission import Submission

logger = logging.getLogger(__name__)


def charge(submission: Submission) -> None:
    """Deduct the pages if there are enough, and create the task; give the pages back if that fails."""
    store = submission.server.store
    try:
        with store.transaction():
            if _is_deducted(submission):
                _create(submission)
    except StoreUnavailable:
        raise
    except Exception:
        logger.exception("a task could not be created")
        # Whatever the creation had done is undone, and the deduction with it.
        submission.task = None
        with store.transaction():
            if _is_deducted(submission):
                _refund(submission)


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
