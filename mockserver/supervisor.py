"""Several processes that serve one socket: a supervisor that forks them, and forks another one for each that dies.

A worker ends when its supervisor does, however that came about, so that none is left with the socket and the database.
"""

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGINT)
RESTART_SECONDS = 0.1

# Serves as the worker with that number; calls what it is handed as soon as requests are served.
Work = Callable[[int, Callable[[], None]], None]

logger = logging.getLogger(__name__)


class Supervisor:
    """Use one for each run: `workers` processes that do `work` on the bound socket."""

    def __init__(self, workers: int, work: Work, bound: socket.socket) -> None:
        self._workers = workers
        self._work = work
        self._bound = bound
        self._numbers: dict[int, int] = {}  # by process id
        self._ending = False
        # Nothing is ever written here: a worker sees its end when the supervisor is gone.
        self._lifeline, self._alive = os.pipe()

    def run(self, announce: Callable[[], None]) -> bool:
        """Serve until SIGTERM or SIGINT, and say so once all workers do; False if one of them could not start."""
        for number in ENDING:
            signal.signal(number, self._end)
        started = self._start_all()
        try:
            if started:
                announce()
            else:
                self._end()
        except BaseException:
            self._end()
            raise
        finally:
            self._tend()
        return started

    def _start_all(self) -> bool:
        """Whether all workers are ready, or told to end before they were."""
        waiting, ready = os.pipe()
        for number in range(self._workers):
            self._start(number, ready)
        os.close(ready)
        count = 0
        while os.read(waiting, 1):
            count += 1
        os.close(waiting)
        return count == self._workers or self._ending

    def _start(self, number: int, ready: int | None = None) -> None:
        """Fork a worker, which writes a byte to `ready`; a signal waits until it is known whose it is."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        if not self._ending:
            process = os.fork()
            if process == 0:
                self._be_worker(number, ready)
            self._numbers[process] = number
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def _tend(self) -> None:
        """Put another worker in the place of each that ends, until all are to."""
        while self._numbers:
            process, status = os.wait()
            number = self._numbers.pop(process, None)
            if number is not None and not self._ending:
                logger.warning("worker %d %s and is replaced", number, _ending(status))
                time.sleep(RESTART_SECONDS)
                self._start(number)

    def _end(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        self._ending = True
        # Each worker closes its own copy; while there is another one, the system goes on taking connections.
        self._bound.close()
        for process in list(self._numbers):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    def _be_worker(self, number: int, ready: int | None) -> None:
        """What the forked process does, to its end."""
        status = 1
        try:
            os.close(self._alive)
            threading.Thread(target=_end_with, args=(self._lifeline,), daemon=True).start()
            for ending in ENDING:
                signal.signal(ending, _exit)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
            self._work(number, lambda: _tell(ready))
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:
            logger.exception("worker %d failed", number)
        finally:
            sys.stdout.flush()
            os._exit(status)


def _ending(status: int) -> str:
    """How a process ended, by what `os.wait` says."""
    code = os.waitstatus_to_exitcode(status)
    return f"ended with status {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"


def _tell(ready: int | None) -> None:
    if ready is not None:
        os.write(ready, b".")
        os.close(ready)


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


def _exit(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
