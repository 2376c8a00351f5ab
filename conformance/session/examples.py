"""Tells when a test that draws its inputs begins with the next one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps


@contextmanager
def telling_examples(function: Callable[..., object], tell: Callable[[], None]) -> Iterator[None]:
    """Meanwhile `tell` is called before each example of a test of Hypothesis; of another test it never is."""
    handle = getattr(function, "hypothesis", None)
    if handle is None:
        yield
        return
    inner = handle.inner_test

    @wraps(inner)
    def told(*arguments: object, **members: object) -> object:
        tell()
        return inner(*arguments, **members)

    handle.inner_test = told
    try:
        yield
    finally:
        handle.inner_test = inner
