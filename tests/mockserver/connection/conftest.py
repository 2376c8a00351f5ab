"""Connections, over raw sockets: what comes is answered in order and to the end, and nobody holds the server up."""

import json
from collections.abc import Iterator

import pytest

from mockserver import Server, Settings, build_server, serve_in_thread
from mockserver.server import OpenedAccount
from spec import Contract, load_contract
from tests.mockserver.connection.parts import ALLOWED, PAGES, Hurried


@pytest.fixture(scope="module")
def server() -> Server:
    return build_server(Settings(processing_seconds=0.2, allowed_origins=(ALLOWED.decode(),)), load_contract())


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    with serve_in_thread(server) as url:
        yield url


@pytest.fixture(scope="module")
def hurried(server: Server) -> Iterator[str]:
    with serve_in_thread(server, connection=Hurried) as url:
        yield url


@pytest.fixture
def account(server: Server) -> OpenedAccount:
    return server.open_account(PAGES)


@pytest.fixture
def body(contract: Contract) -> bytes:
    return json.dumps(contract.request_example).encode()


@pytest.fixture
def head(account: OpenedAccount) -> bytes:
    """The head of a submission, up to the fields that say how long its body is."""
    return (
        b"POST /api/ocr HTTP/1.1\r\nHost: mock.test\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer " + account.api_key.encode() + b"\r\n"
    )


@pytest.fixture
def submission(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.fixture
def slow_submission(head: bytes, body: bytes) -> bytes:
    """One whose answer takes a while: it comes when the result is stored."""
    slow = json.dumps({**json.loads(body), "provider": "baidu"}).encode()
    return head + b"Content-Length: %d\r\n\r\n" % len(slow) + slow
