"""One server for each database: a second one would take up the tasks that the first is processing."""

import fcntl
import os
import time
from pathlib import Path

from mockserver.store import StoreUnavailable

# The workers of a supervisor that was killed need a moment to end.
PATIENCE_SECONDS = 1.0


def take(database: Path) -> None:
    """Lock the database for this process and those that it forks, until the last of them ends.

    The lock is held on a file of its own, `FILE-lock`, since SQLite loses its own locks on a file that is closed; FILE
    is where links lead, since SQLite follows them, too.
    """
    try:
        lock = os.open(f"{os.path.realpath(database)}-lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise StoreUnavailable(f"cannot be opened: {problem.strerror}") from problem
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _locked(lock):
        if time.monotonic() > deadline:
            raise StoreUnavailable("is in use by another startocr-mock")
        time.sleep(0.02)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
