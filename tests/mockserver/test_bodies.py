"""The limit of the request body, over real sockets: refused in time, and heard by clients that send first."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from mockserver import Server, Settings, build_server, serve_in_thread
from spec import Contract

LIMIT = 10 * 1024 * 1024
CHUNK = b" " * 65536


@pytest.fixture(scope="module")
def server() -> Server:
    from spec import load_contract

    return build_server(Settings(), load_contract())


@pytest.fixture(scope="module")
def address(server: Server) -> Iterator[str]:
    with serve_in_thread(server) as url:
        yield urlsplit(url).netloc


@pytest.fixture
def connection(address: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(address, timeout=10)
    yield connection
    connection.close()


@pytest.fixture
def headers(server: Server) -> dict[str, str]:
    key = server.open_account(10).api_key
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}


def sized(contract: Contract, size: int) -> bytes:
    """The documented example, with spaces at its end."""
    return json.dumps(contract.request_example).encode().ljust(size)


def answer(connection: http.client.HTTPConnection) -> tuple[int, str]:
    response = connection.getresponse()
    return response.status, json.loads(response.read()).get("error", "")


def test_accepts_a_body_of_exactly_the_limit(
    connection: http.client.HTTPConnection, headers: dict[str, str], contract: Contract
) -> None:
    connection.request("POST", "/api/ocr", sized(contract, LIMIT), headers)
    assert answer(connection) == (200, "")


def test_refuses_one_byte_more(
    connection: http.client.HTTPConnection, headers: dict[str, str], contract: Contract
) -> None:
    connection.request("POST", "/api/ocr", sized(contract, LIMIT + 1), headers)
    assert answer(connection) == (413, "payload_too_large")


def test_refuses_a_large_body_without_a_declared_length(
    connection: http.client.HTTPConnection, headers: dict[str, str]
) -> None:
    connection.request(
        "POST", "/api/ocr", (CHUNK for _ in range(3 * LIMIT // len(CHUNK))), headers, encode_chunked=True
    )
    assert answer(connection) == (413, "payload_too_large")


def test_accepts_a_chunked_body_of_exactly_the_limit(
    connection: http.client.HTTPConnection, headers: dict[str, str], contract: Contract
) -> None:
    body = sized(contract, LIMIT)
    chunks = (body[start : start + len(CHUNK)] for start in range(0, LIMIT, len(CHUNK)))
    connection.request("POST", "/api/ocr", chunks, headers, encode_chunked=True)
    assert answer(connection) == (200, "")


def test_answers_before_the_body_comes(connection: http.client.HTTPConnection, headers: dict[str, str]) -> None:
    connection.putrequest("POST", "/api/ocr")
    for name, value in {**headers, "Content-Length": str(LIMIT + 1)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert answer(connection) == (413, "payload_too_large")


def test_a_connection_can_be_used_again_after_a_large_body(
    connection: http.client.HTTPConnection, headers: dict[str, str], contract: Contract
) -> None:
    connection.request("POST", "/api/ocr", bytes(2 * LIMIT), headers)
    response = connection.getresponse()
    response.read()
    assert (response.status, response.getheader("Connection")) == (413, None)
    connection.request("POST", "/api/ocr", sized(contract, 1000), headers)
    assert answer(connection) == (200, "")


def test_a_client_that_goes_away_disturbs_nobody(
    address: str, connection: http.client.HTTPConnection, headers: dict[str, str], contract: Contract
) -> None:
    leaving = http.client.HTTPConnection(address, timeout=10)
    leaving.putrequest("POST", "/api/ocr")
    for name, value in {**headers, "Content-Length": "1000"}.items():
        leaving.putheader(name, value)
    leaving.endheaders(b"{")
    leaving.close()
    connection.request("POST", "/api/ocr", sized(contract, 1000), headers)
    assert answer(connection) == (200, "")
