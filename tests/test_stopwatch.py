"""The stopwatch counts each second once, and only in the main thread."""

import threading
import time

from bench.stopwatch import Stopwatch


class Worker:
    """Something that takes a while, in part for something else that is timed."""

    def outer(self) -> None:
        time.sleep(0.02)
        self.inner()

    def inner(self) -> None:
        time.sleep(0.02)

    @property
    def looked_at(self) -> int:
        time.sleep(0.02)
        return 7


def test_a_call_within_a_call_is_counted_once() -> None:
    watch, worker = Stopwatch(), Worker()
    with watch.timing("outer", Worker, "outer"), watch.timing("inner", Worker, "inner"):
        began = time.perf_counter()
        worker.outer()
        worker.inner()
        passed = time.perf_counter() - began
    assert watch.seconds["outer"] >= 0.02
    assert watch.seconds["inner"] >= 0.04
    assert sum(watch.seconds.values()) <= passed


def test_a_property_is_counted_and_stays_one() -> None:
    watch, worker = Stopwatch(), Worker()
    with watch.timing("looks", Worker, "looked_at"):
        assert worker.looked_at == 7
    assert watch.seconds["looks"] >= 0.02
    assert worker.looked_at == 7


def test_what_goes_on_beside_is_not_counted() -> None:
    watch, worker = Stopwatch(), Worker()
    with watch.timing("inner", Worker, "inner"):
        thread = threading.Thread(target=worker.inner)
        thread.start()
        thread.join()
    assert watch.seconds == {}
