"""What a submission costs and brings: its pages are deducted and its task is created, in one transaction.

A task that is created is handed over, too: the queue is the rows that have the status `queued`, and waking a worker is
but a hint. So a crash leaves all of it or nothing, and a database that cannot be used charges nothing.
"""

import logging

from mockserver.store import StoreUnavailable
from mockserver.submission import Submission
from mockserver.tasks import Task

logger = logging.getLogger(__name__)


def charge(submission: Submission) -> None:
    """Deduct the pages if there are enough, and create the task; give the pages back if that fails."""
    server = submission.server
    with server.store.transaction():
        submission.deduction = server.ledger.deduct(submission.account_id, submission.pages or 1)
        if submission.deduction is not None:
            submission.task = _created(submission)
            if submission.task is None:
                server.ledger.refund(submission.deduction)


def _created(submission: Submission) -> Task | None:
    """The task, or None if it cannot be created, for whatever reason."""
    server = submission.server
    if server.accounts.take_failure(submission.account_id):
        return None
    try:
        with server.store.transaction():
            return server.tasks.create(
                account_id=submission.account_id,
                provider=(submission.provider or server.contract.default_provider).name,
                pages=submission.pages or 1,
                filename=submission.filename,
                content=submission.content,
            )
    except StoreUnavailable:
        raise
    except Exception:
        logger.exception("a task could not be created")
        return None
