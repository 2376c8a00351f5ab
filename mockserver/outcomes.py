"""What becomes of tasks is stored together: all that is found before the event loop turns, in one transaction."""

import asyncio
from collections.abc import Callable
from functools import partial

from mockserver.busy import insist
from mockserver.store import Store

# Finishes one task.
Step = Callable[[], object]


class Outcomes:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._steps: list[Step] = []
        self._storing: asyncio.Task[None] | None = None
        self._taking = asyncio.Lock()

    def put(self, step: Step) -> None:
        """Take that step soon. Meanwhile the next task may be looked at, however long that takes."""
        self._steps.append(step)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._take())

    async def stored(self) -> None:
        """Take every step that is not taken yet: documents are held until then, so not even a turn is waited for."""
        await self._take()

    async def _take(self) -> None:
        async with self._taking:
            while steps := tuple(self._steps):
                await insist(partial(self._together, steps))
                del self._steps[: len(steps)]

    def _together(self, steps: tuple[Step, ...]) -> None:
        with self._store.transaction():
            for step in steps:
                step()
