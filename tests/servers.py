"""Servers for the tests of the product as a whole, and the profiles that lead to them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from typing import Any

from starlette.types import ASGIApp

from conformance.profile.profile import AccountApi, HooksAddress, Profile
from mockserver.documents import Documents
from mockserver.engines.recorded import RecordedEngine
from mockserver.inprocess import serve_in_thread
from mockserver.pdf import PdfReader, TextLayer
from mockserver.server import Server, build_server
from mockserver.settings import Settings
from spec import Contract, Limit, load_contract

ORIGIN = "https://app.example.com"
# Seconds, about as many as a worker takes for a document: whoever waits for it leaves others as much time.
A_MOMENT = 0.002


class KeptReader(PdfReader):
    """Its workers outlive a server, and what they read is read once: the suite sends the same documents to the next."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._read: dict[tuple[str, bytes], Any] = {}

    async def count_pages(self, content: bytes, *, account_id: str = "") -> int:
        counted = partial(super().count_pages, content, account_id=account_id)
        return int(await self._once("pages", content, counted))

    async def text_layers(self, content: bytes) -> list[TextLayer]:
        return list(await self._once("texts", content, partial(super().text_layers, content)))

    async def _once(self, what: str, content: bytes, read: Callable[[], Awaitable[Any]]) -> Any:
        known = what, sha256(content).digest()
        if known not in self._read:
            self._read[known] = await read()
        else:
            await asyncio.sleep(A_MOMENT)
        return self._read[known]

    def close(self) -> None:
        pass


@cache
def _kept_reader() -> PdfReader:
    return KeptReader(Settings())


@cache
def small_contract() -> Contract:
    """What is documented, but for a limit of one megabyte, which is tested ten times as fast."""
    return replace(load_contract(), limit=Limit(megabytes=1))


def reference(contract: Contract) -> Server:
    """The reference server for a contract."""
    pdfs = _kept_reader()
    server = build_server(Settings(allowed_origins=(ORIGIN,)), contract)
    return replace(server, pdfs=pdfs, documents=Documents(pdfs), engine=RecordedEngine(pdfs))


@contextmanager
def served(server: Server, wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app, *, port: int = 0) -> Iterator[Profile]:
    """Serve over HTTP; the profile of a deployment that offers all that a profile can name."""
    with serve_in_thread(server, wrap=wrap, port=port) as url:
        yield Profile(
            name="reference",
            base_url=url,
            hooks=HooksAddress(url=f"{url}/_mock"),
            account_api=AccountApi(),
            allowed_origin=ORIGIN,
            task_seconds=2,
        )
