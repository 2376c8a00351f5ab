"""Runs many judgements side by side, each server in the process of its suite, one after the other in a few of these."""

import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.queues import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")

# What was imported and generated for a server stays behind with it, so a process serves about so many and ends.
SERVERS_OF_A_PROCESS = 80


def side_by_side(
    work: Callable[[Any], Result],
    jobs: Iterable[Any],
    processes: int,
    *,
    idle: Iterable[Any] = (),
    each: int = SERVERS_OF_A_PROCESS,
) -> Generator[Result]:
    """What comes of each job; an exception ends them all, and so does whoever closes it. `idle` are further ones, which
    mostly wait: meanwhile, they have a process of their own, one after the other, and are told in the end.

    Processes are replaced together: with `max_tasks_per_child` an executor stands still (python/cpython#115634).
    """
    left = list(jobs)
    with _pool(1) as beside:
        waiting = [beside.submit(work, job) for job in idle]
        while left:
            now, left = left[: processes * each], left[processes * each :]
            with _pool(processes) as pool:
                for future in as_completed([pool.submit(work, job) for job in now]):
                    yield future.result()
        for future in as_completed(waiting):
            yield future.result()


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    context = get_context("spawn")  # Servers have threads, and a process that has some is not to be forked.
    numbers: SimpleQueue[int] = context.SimpleQueue()
    for number in range(processes):
        numbers.put(number)
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(numbers,))
    try:
        yield pool
    except (KeyboardInterrupt, GeneratorExit):
        for process in active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(numbers: "SimpleQueue[int]") -> None:
    """A server and its suite take turns, so they keep to one processor, where neither has to be woken on another.

    Ctrl-C reaches the processes, too; the one that started them tells of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(os, "sched_setaffinity"):
        usable = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {usable[numbers.get() % len(usable)]})
