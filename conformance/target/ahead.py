"""A value that is made in the background, while something else goes on."""

from _thread import start_new_thread
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Value = TypeVar("Value")


def begun(make: Callable[[], Value]) -> Future[Value]:
    """The value that `make` is going to return, or the exception that it raises. No process waits for it to end."""
    future: Future[Value] = Future()

    def run() -> None:
        try:
            future.set_result(make())
        except BaseException as problem:
            future.set_exception(problem)

    # Thread.start() waits until the thread runs, which is often until that waits for an answer itself.
    start_new_thread(run, ())
    return future
