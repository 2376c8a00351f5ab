"""An answer leaves the server in one piece: head and body are not two packets, each of which wakes the client."""

from asyncio import Transport
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver import Server, serve_in_thread
from mockserver.connection import Connection
from tests.mockserver.wire import Wire

PIECES: list[bytes] = []


class Noting:
    """A transport that notes what is written to it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        PIECES.append(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Noted(Connection):
    def connection_made(self, transport: Any) -> None:
        super().connection_made(Noting(transport))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def noted(server: Server) -> Iterator[str]:
    with serve_in_thread(server, connection=Noted) as url:
        yield url


@pytest.fixture(autouse=True)
def _nothing_was_written() -> None:
    PIECES.clear()


def test_an_answer_is_one_piece(noted: str, submission: bytes) -> None:
    with Wire(noted) as wire:
        for count in (1, 2):
            wire.send(submission)
            assert wire.hear().status == 200
            assert len(PIECES) == count


def test_answers_to_requests_that_came_together_are_a_piece_each(noted: str, submission: bytes) -> None:
    with Wire(noted) as wire:
        wire.send(submission * 3)
        assert [wire.hear().status for _ in range(3)] == [200, 200, 200]
        assert len(PIECES) == 3


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_an_answer_without_a_body_is_sent_too(noted: str, version: bytes) -> None:
    with Wire(noted) as wire:
        wire.send(b"HEAD /api/account HTTP/" + version + b"\r\nHost: mock.test\r\n\r\n")
        assert wire.hear(to_head=True).status == 401
        assert len(PIECES) == 1
        if version == b"1.0":
            assert wire.is_closed()


def test_a_client_that_asks_whether_to_go_on_is_not_kept_waiting(noted: str, head: bytes, body: bytes) -> None:
    with Wire(noted) as wire:
        wire.send(head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert wire.hear().status == 100
        wire.send(body)
        assert wire.hear().status == 200
        assert len(PIECES) == 2
