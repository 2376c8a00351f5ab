"""Engines: who recognises a document. Independent of the provider, which says only when that happens."""

from typing import Protocol

from mockserver.recognition import Page


class Engine(Protocol):
    async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
        """The pages of the document, as many as were paid. May raise anything: the task is then failed."""
        ...
