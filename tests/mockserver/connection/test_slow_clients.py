"""A client that does not come to an end is told so and closed; nobody else waits for it."""

import threading
import time
from itertools import repeat

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver import Server, serve_in_thread
from mockserver.server import OpenedAccount
from tests.mockserver.connection.parts import LIMIT, Hurried, spent
from tests.mockserver.wire import Wire


def seconds_until_closed(wire: Wire) -> float:
    start = time.monotonic()
    assert wire.is_closed()
    return time.monotonic() - start


def test_who_says_nothing_is_closed(hurried: str) -> None:
    with Wire(hurried) as wire:
        assert 0.2 < seconds_until_closed(wire) < 5


def test_who_sends_empty_lines_is_closed(hurried: str) -> None:
    with Wire(hurried) as wire:
        start = time.monotonic()
        wire.send_slowly(repeat(b"\r\n", 200), 0.05)
        assert time.monotonic() - start < 5


def test_who_says_nothing_after_an_answer_is_closed(hurried: str, submission: bytes) -> None:
    with Wire(hurried) as wire:
        wire.send(submission)
        assert wire.hear().status == 200
        assert 0.2 < seconds_until_closed(wire) < 5


@pytest.mark.parametrize("start", [b"GET /\r\n", b"G", b"GET / HTTP/1.1\r\nHost: mock"])
def test_who_does_not_finish_a_head_is_told_and_closed(hurried: str, start: bytes) -> None:
    with Wire(hurried) as wire:
        wire.send(start)
        answer = wire.hear()
        assert (answer.status, answer.error) == (408, "request_timeout")
        assert answer.fields["connection"] == "close"
        assert wire.is_closed()


def test_what_comes_after_it_was_too_late_is_free(
    hurried: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    with Wire(hurried) as wire:
        wire.send(submission[:50])
        assert wire.hear().status == 408
        wire.send_slowly([submission[50:]], 0.2)
    assert spent(server, account) == 0


def test_who_sends_a_head_byte_by_byte_is_told_and_closed(hurried: str, head: bytes) -> None:
    with Wire(hurried) as wire:
        wire.send(head + b"X: ")
        wire.send_slowly(repeat(b"x", 40), 0.05)
        assert wire.hear().status == 408


def test_who_sends_a_body_byte_by_byte_is_told_and_charged_nothing(
    hurried: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    with Wire(hurried) as wire:
        wire.send(submission[:-50])
        wire.send_slowly(repeat(b" ", 40), 0.05)
        assert wire.hear().status == 408
    assert spent(server, account) == 0


def test_who_is_slow_behind_a_request_gets_the_answer_to_it_first(hurried: str, submission: bytes) -> None:
    with Wire(hurried) as wire:
        wire.send(submission + b"GET / HT")
        assert [wire.hear().status, wire.hear().status] == [200, 408]


def test_a_server_that_is_slow_is_waited_for(hurried: str, slow_submission: bytes) -> None:
    """The patience is with clients: an answer may take longer than any of it."""
    with Wire(hurried) as wire:
        wire.send(slow_submission * 8)
        assert [wire.hear().status for _ in range(8)] == [200] * 8


def large(_request: Request) -> Response:
    return Response(bytes(50 * 2**20))


def test_who_does_not_take_an_answer_loses_it(server: Server) -> None:
    with (
        serve_in_thread(server, wrap=lambda _: Starlette(routes=[Route("/", large)]), connection=Hurried) as url,
        Wire(url) as wire,
    ):
        wire.send(b"GET / HTTP/1.1\r\nHost: mock.test\r\n\r\n")
        time.sleep(2.5)
        assert len(wire.rest()) < 50 * 2**20


def test_no_slow_client_hinders_another(url: str, submission: bytes) -> None:
    slow = [Wire(url) for _ in range(100)]
    for number, wire in enumerate(slow):
        wire.send(submission[: 20 + 5 * number])
    ended = threading.Event()
    sending = threading.Thread(target=_send_until, args=(url, submission, ended))
    sending.start()
    try:
        with Wire(url) as wire:
            start = time.monotonic()
            for _ in range(20):
                wire.send(submission)
                assert wire.hear().status == 200
            assert time.monotonic() - start < 5
    finally:
        ended.set()
        sending.join()
        for wire in slow:
            wire.__exit__()


def _send_until(url: str, submission: bytes, ended: threading.Event) -> None:
    """Goes on with a body that was refused by its length, slowly."""
    head = submission.partition(b"Content-Length")[0]
    with Wire(url) as wire:
        wire.send(head + b"Content-Length: %d\r\n\r\n" % (3 * LIMIT))
        while not ended.wait(0.01):
            wire.send(b" " * 1000)
