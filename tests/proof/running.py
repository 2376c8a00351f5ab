"""Runs many judgements side by side, each server and its suite in a process of their own."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

Result = TypeVar("Result")

# What was imported and generated for a server stays behind with it, so a process serves about so many and ends.
SERVERS_OF_A_PROCESS = 50


def side_by_side(
    work: Callable[[Any], Result], jobs: Iterable[Any], processes: int, *, each: int = SERVERS_OF_A_PROCESS
) -> Iterator[Result]:
    """What comes of each job, in the order in which they end; an exception ends them all.

    Processes are replaced together: with `max_tasks_per_child` an executor stands still (python/cpython#115634).
    """
    left = list(jobs)
    while left:
        now, left = left[: processes * each], left[processes * each :]
        with _pool(processes) as pool:
            for future in as_completed([pool.submit(work, job) for job in now]):
                yield future.result()


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    # Servers have threads, and a process that has some is not to be forked.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
