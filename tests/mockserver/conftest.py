"""A server in memory with one account of ten pages, and clients that reach it without a socket."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest

from fixtures import fixture
from mockserver import Server, Settings, build_server, create_app
from mockserver.pdf import PdfReader
from mockserver.server import OpenedAccount
from spec import Contract, load_contract

# So that a reconciliation that fails shows what differs.
pytest.register_assert_rewrite(
    "tests.mockserver.reconcile", "tests.mockserver.processes", "tests.mockserver.reading", "tests.mockserver.load"
)

ALLOWED = "https://app.example.com"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def settings() -> Settings:
    return Settings(allowed_origins=(ALLOWED,), queued_seconds=0, processing_seconds=0)


@pytest.fixture(scope="module")
def pdfs() -> Iterator[PdfReader]:
    """Reads PDF documents within the usual limits."""
    reader = PdfReader(Settings())
    yield reader
    reader.close()


@pytest.fixture
def server(settings: Settings, contract: Contract) -> Iterator[Server]:
    server = build_server(settings, contract)
    yield server
    server.pdfs.close()


@pytest.fixture
def account(server: Server) -> OpenedAccount:
    return server.open_account(10)


@pytest.fixture
def connect() -> Callable[[Server], httpx.AsyncClient]:
    """Makes clients of a server."""

    def make(server: Server) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(create_app(server)), base_url="http://mock.test")

    return make


@pytest.fixture
def http(server: Server, connect: Callable[[Server], httpx.AsyncClient]) -> httpx.AsyncClient:
    return connect(server)


@pytest.fixture
def image() -> str:
    """The Base64 of an image of one page."""
    return b64encode(fixture("page.png").content).decode()


@pytest.fixture
def submit(http: httpx.AsyncClient, account: OpenedAccount, image: str) -> Callable[..., Awaitable[httpx.Response]]:
    """Submits the image; members given by name are added or take its place."""

    async def send(*, key: str = account.api_key, client: httpx.AsyncClient = http, **members: Any) -> httpx.Response:
        body = {"imageBase64": image, **members}
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        # The client's own encoder cannot spell half of a surrogate pair.
        return await client.post("/api/ocr", content=json.dumps(body), headers=headers)

    return send


@pytest.fixture
def wait_until_finished(http: httpx.AsyncClient) -> Callable[[str, str], Awaitable[Any]]:
    """Polls a task with a key until it is done or failed, and gives it."""

    async def poll(key: str, task_id: str) -> Any:
        for _ in range(1000):
            answer = await http.get(f"/api/tasks/{task_id}", headers={"Authorization": f"Bearer {key}"})
            if answer.json()["status"] in ("done", "failed"):
                return answer.json()
            # Without a socket in between, nothing else gives way to the worker.
            await asyncio.sleep(0.001)
        raise AssertionError(f"the task {task_id} is not finished")

    return poll
