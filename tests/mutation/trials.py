"""Many trials, some at a time, each in a process of its own that is ended when it takes too long."""

import logging
import multiprocessing
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection

from tests.mutation.mutants import Mutant
from tests.mutation.trial import Outcome, tried

# Imported once; each process is forked from there. None of them imports the mock server.
PRELOADED = ["schemathesis", "tests.mutation.trial"]


def reference(seconds: float) -> Outcome:
    """The outcome for the server without any change."""
    return _trial("", "", seconds)


def trials(chosen: Iterable[Mutant], *, workers: int, seconds: float) -> Iterator[tuple[Mutant, Outcome]]:
    """Each mutant with its outcome, as they come. `seconds`: how long one may take."""
    chosen = list(chosen)
    with ThreadPoolExecutor(workers) as pool:
        yield from zip(
            chosen, pool.map(lambda mutant: _trial(mutant.module, mutant.source, seconds), chosen), strict=True
        )


def _trial(module: str, source: str, seconds: float) -> Outcome:
    context, started = multiprocessing.get_context("forkserver"), time.monotonic()
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send_outcome, args=(theirs, module, source), daemon=True)
    process.start()
    theirs.close()
    try:
        outcome = _received(ours, seconds)
    finally:
        process.kill()
        process.join()
    return replace(outcome, seconds=round(time.monotonic() - started, 1))


def _received(ours: Connection, seconds: float) -> Outcome:
    if not ours.poll(seconds):
        return Outcome(ending="timeout", reason=f"not done within {seconds:g} seconds")
    try:
        received = ours.recv()
    except EOFError:
        return Outcome(ending="incompetent", reason="the process ended without an outcome")
    assert isinstance(received, Outcome)
    return received


def _send_outcome(theirs: Connection, module: str, source: str) -> None:
    logging.disable()  # A mutant complains a lot.
    theirs.send(tried(module, source))
