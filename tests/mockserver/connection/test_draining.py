"""What is sent after the answer is read and forgotten, but neither for ever nor without measure."""

import time
from itertools import repeat

import pytest

from mockserver import Server, serve_in_thread
from tests.mockserver.connection.parts import ENDINGS, LIMIT, ONE_MB, Frugal, chunk
from tests.mockserver.wire import Wire


def test_who_sends_for_ever_after_the_answer_is_closed_after_so_many_bytes(server: Server, head: bytes) -> None:
    with serve_in_thread(server, connection=Frugal) as url, Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n")
        assert wire.send_slowly(repeat(chunk(ONE_MB), 200), 0) < 50 * 2**20
        assert wire.hear().status == 413
        assert wire.is_closed()


def test_what_was_sent_after_one_answer_does_not_count_for_the_next(server: Server, head: bytes) -> None:
    with serve_in_thread(server, connection=Frugal) as url, Wire(url) as wire:
        for _ in range(3):
            wire.send(head.replace(b"application/json", b"text/plain") + b"Content-Length: %d\r\n\r\n" % (3 * 2**20))
            assert wire.hear().status == 415
            wire.send(3 * ONE_MB)


@pytest.mark.parametrize("ending", ["keeps the connection", "closes the connection"])
def test_who_sends_for_ever_after_the_answer_is_closed_after_some_time(hurried: str, head: bytes, ending: str) -> None:
    with Wire(hurried) as wire:
        wire.send(head.replace(*ENDINGS[ending]) + b"Content-Length: %d\r\n\r\n" % (3 * LIMIT))
        start = time.monotonic()
        wire.send_slowly(repeat(b" ", 200), 0.05)
        assert 0.5 < time.monotonic() - start < 5
        assert wire.hear().status == 413
