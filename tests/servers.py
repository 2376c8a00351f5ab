"""Servers for the tests of the product as a whole, and the profiles that lead to them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from starlette.types import ASGIApp

from conformance.profile.profile import AccountApi, HooksAddress, Profile
from mockserver.documents import Documents
from mockserver.engines.recorded import RecordedEngine
from mockserver.inprocess import serve_in_thread
from mockserver.pdf import PdfReader
from mockserver.server import Server, build_server
from mockserver.settings import Settings
from spec import Contract, Limit, load_contract

ORIGIN = "https://app.example.com"


class KeptReader(PdfReader):
    """Its workers outlive a server: the next one has them at once, and they know nothing of the one before."""

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
