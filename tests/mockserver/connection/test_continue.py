"""`Expect: 100-continue`: a client that asks is told to go on, or is refused before it sends."""

import time

import pytest

from tests.mockserver.connection.parts import LIMIT
from tests.mockserver.wire import Wire


def test_a_client_that_asks_is_told_to_go_on(url: str, head: bytes, body: bytes) -> None:
    with Wire(url) as wire:
        for _ in range(2):
            wire.send(head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
            assert wire.hear().status == 100
            wire.send(body)
            answer = wire.hear()
            assert (answer.status, answer.fields.get("connection")) == (200, None)


def test_a_client_that_speaks_http_1_0_is_told_nothing_before_the_answer(url: str, head: bytes, body: bytes) -> None:
    old = head.replace(b"HTTP/1.1", b"HTTP/1.0")
    with Wire(url) as wire:
        wire.send(old + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        time.sleep(0.05)
        wire.send(body)
        assert wire.hear().status == 200
        assert wire.is_closed()


@pytest.mark.parametrize(
    ("changed", "to", "length", "status"),
    [
        (b"", b"", LIMIT + 1, 413),
        (b"Bearer ", b"Basic ", 100, 401),
        (b"application/json", b"text/plain", 100, 415),
        (b"/api/ocr", b"/api/else", 100, 404),
        (b"POST", b"PUT", 100, 405),
    ],
)
def test_a_client_that_asks_is_refused_before_it_sends(
    url: str, head: bytes, changed: bytes, to: bytes, length: int, status: int
) -> None:
    with Wire(url) as wire:
        wire.send(head.replace(changed, to) + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % length)
        answer = wire.hear()
        # Whether the body will come is open, so nothing else can come on this connection.
        assert (answer.status, answer.fields["connection"]) == (status, "close")
        assert wire.is_closed()
