"""Runs the tests in several processes, each of which takes the next test as soon as it has ended one.

Only where hooks offer accounts, so that no two tests share a balance. The parent has sent preflight and control; it
waits, and adds up what the processes found out. Whoever interrupts it ends them all.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from conformance.session.declared import Declared
from conformance.session.progress import Progress
from conformance.session.run import Run
from conformance.session.worker import Assignment, Outcome, work
from conformance.wire.traffic import Traffic

GRACE_SECONDS = 10.0  # How long a process may take to hand over its outcome once somebody has ended the run.

Processes = dict[Connection, SpawnProcess]


def run_in_processes(run: Run, assignment: Assignment, traffic: Traffic, progress: Progress) -> Sequence[Declared]:
    """Let as many processes as the course says run the tests, and return what these say of themselves."""
    listener = Listener(run, traffic, progress)
    with _started(assignment, run.course.processes) as processes:
        try:
            listener.listen(processes)
        except KeyboardInterrupt:
            run.findings.interrupted = True
            for process in processes.values():
                process.terminate()
            listener.listen(processes, until=time.monotonic() + GRACE_SECONDS)
    return listener.tests


@contextmanager
def _started(assignment: Assignment, count: int) -> Iterator[Processes]:
    """The processes by where they tell what they find out. In the end none is left."""
    context = multiprocessing.get_context("spawn")
    taken = context.Value("i", 0)
    assignment = replace(assignment, profile=replace(assignment.profile, spend=assignment.profile.spend.share(count)))
    processes: Processes = {}
    try:
        for _ in range(count):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=work, args=(assignment, taken, there), daemon=True)
            process.start()
            there.close()  # So that the end of the process is to be seen here.
            processes[here] = process
        yield processes
    finally:
        for here, process in processes.items():
            process.kill()  # One that has handed over its outcome has nothing left to do.
            process.join()
            here.close()


class Listener:
    """Hears what the processes tell, and adds it to the run."""

    def __init__(self, run: Run, traffic: Traffic, progress: Progress) -> None:
        self._run = run
        self._traffic = traffic
        self._progress = progress
        self.tests: Sequence[Declared] = ()

    def listen(self, processes: Processes, until: float | None = None) -> None:
        """Until each has handed over its outcome or has ended without one, or that time has come."""
        running = {here: process for here, process in processes.items() if not here.closed}
        while running:
            seconds = None if until is None else until - time.monotonic()
            if seconds is not None and seconds <= 0:
                return
            news = wait(list(running), seconds)
            for here in [here for here in running if here in news]:
                if not self._hear(here, running[here]):
                    here.close()
                    del running[here]

    def _hear(self, here: Connection, process: SpawnProcess) -> bool:
        """Take one piece of news; whether there may be more."""
        try:
            news: Any = here.recv()
        except (EOFError, OSError):
            process.join()
            if not self._run.findings.interrupted:
                self._run.findings.faults.append(f"a process of the suite ended early, with status {process.exitcode}")
            return False
        match news:
            case Outcome():
                self._add(news)
                return False
            case list() if not self.tests:
                self.tests = news
                self._progress.begin(news)
            case (Declared() as test, verdict):
                self._progress.ended(test, verdict)
        return True

    def _add(self, outcome: Outcome) -> None:
        run, client = self._run, self._run.target.client
        run.findings.add(outcome.findings)
        run.accounts.created += outcome.created
        run.lost = run.lost or outcome.lost
        self._traffic.add(outcome.traffic)
        for secret, name in outcome.secrets.items():
            client.redactor.add(secret, name)
        client.requests += outcome.requests
        client.pages_spent += outcome.pages_spent
        client.limited = client.limited or outcome.limited
