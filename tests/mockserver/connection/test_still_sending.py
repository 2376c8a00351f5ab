"""A client that is still sending when it is answered hears the answer, and only that one."""

import time
from itertools import repeat
from pathlib import Path

import pytest

from mockserver import Server, serve_in_thread
from tests.mockserver.connection.parts import ENDINGS, LIMIT, ONE_MB, chunk
from tests.mockserver.wire import Wire


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("changed", "to", "status"),
    [
        (b"", b"", 413),
        (b"Bearer ", b"Basic ", 401),
        (b"/api/ocr", b"/api/else", 404),
        (b"application/json", b"a/b", 415),
    ],
)
def test_a_client_that_sends_first_and_listens_later_hears(
    url: str, head: bytes, ending: str, changed: bytes, to: bytes, status: int
) -> None:
    with Wire(url) as wire:
        wire.send(head.replace(changed, to).replace(*ENDINGS[ending]) + b"Content-Length: %d\r\n\r\n" % (3 * LIMIT))
        wire.send(bytes(3 * LIMIT))
        assert wire.hear().status == status


@pytest.mark.parametrize("ending", ["keeps the connection", "closes the connection"])
def test_a_client_that_sends_chunks_first_and_listens_later_hears(url: str, head: bytes, ending: str) -> None:
    with Wire(url) as wire:
        wire.send(head.replace(*ENDINGS[ending]) + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(30):
            wire.send(chunk(ONE_MB))
        assert wire.hear().status == 413


def test_a_client_whose_body_breaks_while_it_sends_hears(url: str, head: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        for _ in range(30):
            wire.send(ONE_MB)
        assert wire.hear().status == 400


def test_a_connection_that_ends_is_closed_when_the_body_has_come(url: str, head: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head.replace(*ENDINGS["closes the connection"]) + b"Content-Length: %d\r\n\r\n" % (3 * LIMIT))
        wire.send(bytes(3 * LIMIT))
        assert wire.hear().status == 413
        # Nothing is drained any more: a second one is not taken.
        assert wire.send_slowly(repeat(ONE_MB, 30), 0.01) < 30 * 2**20


def test_a_body_that_breaks_after_its_answer_gets_no_second_one(url: str, head: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head.replace(b"/api/ocr", b"/api/else") + b"Transfer-Encoding: chunked\r\n\r\n")
        assert wire.hear().status == 404
        wire.send(b"zz\r\n")
        assert wire.rest() == b""


def test_a_body_that_is_too_large_and_breaks_at_once_gets_one_answer(
    server: Server, head: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with serve_in_thread(server) as url, Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b" " * LIMIT))
        time.sleep(0.5)
        wire.send(chunk(b"one byte too many") + b"zz\r\n")
        assert wire.hear().status == 400
        assert wire.rest() == b""
    assert caplog.records == []


def test_a_client_that_goes_on_does_not_keep_a_server_from_ending(server: Server, head: bytes) -> None:
    with serve_in_thread(server) as url:
        wire = Wire(url)
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        assert wire.hear().status == 400
        start = time.monotonic()
    with wire:
        assert time.monotonic() - start < 3


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_of_clients_that_have_gone_nothing_is_left(url: str, head: bytes) -> None:
    before = open_files()
    for _ in range(20):
        with Wire(url) as wire:
            wire.send(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
            assert wire.hear().status == 400
    deadline = time.monotonic() + 5
    while open_files() > before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
