"""A value that is made in the background, while something else goes on."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
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

    Thread(target=run, daemon=True).start()
    return future
