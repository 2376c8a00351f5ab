"""Adds up how long the calls of some functions take, from outside of what is measured; only in the main thread."""

import functools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class Stopwatch:
    """`seconds` by name. Within calls within calls each second is the innermost one's: the sum is never too much."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._within = 0.0  # Seconds of the timed calls that have ended within the present one.

    @contextmanager
    def timing(self, name: str, owner: object, attribute: str) -> Iterator[None]:
        """Meanwhile the calls of this function, or the looks at this property, are added up under that name."""
        found = getattr(owner, attribute)
        timed = self._timed(name, getattr(found, "fget", found))
        with patch.object(owner, attribute, property(timed) if isinstance(found, property) else timed):
            yield

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return function(*arguments, **named)
            before, self._within, started = self._within, 0.0, time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                seconds = time.perf_counter() - started
                self.seconds[name] += seconds - self._within
                self._within = before + seconds

        return timed
