"""Who comes next where several wait: the accounts in turn, so that whoever sends many holds up nobody else for each."""

import threading
from collections import deque
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Turns(Generic[Thing]):
    """Things that wait, taken one of each account after the other; threads may put and take at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Thing]] = {}

    def put(self, account_id: str, thing: Thing) -> None:
        """It comes after the others of its account."""
        with self._lock:
            self._waiting.setdefault(account_id, deque()).append(thing)

    def take(self) -> Thing:
        """What is next; its account comes again after all that wait now. There has to be something."""
        with self._lock:
            account_id = next(iter(self._waiting))
            things = self._waiting.pop(account_id)
            thing = things.popleft()
            if things:
                self._waiting[account_id] = things
            return thing

    def take_all(self) -> list[Thing]:
        """All that waits, and then nothing does."""
        with self._lock:
            things = [thing for waiting in self._waiting.values() for thing in waiting]
            self._waiting.clear()
            return things
