"""Connections, over raw sockets: what comes is answered in order and to the end, and nobody holds the server up."""

import json
import threading
import time
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver import Server, Settings, build_server, serve_in_thread
from mockserver.connection import Connection
from mockserver.patience import Patience
from mockserver.server import OpenedAccount
from spec import Contract, load_contract
from tests.mockserver.wire import Wire

LIMIT = 10 * 1024 * 1024
PAGES = 1000
ONE_MB = b" " * 2**20


class Hurried(Connection):
    """Loses its patience soon enough for a test."""

    patience = Patience(
        idle_seconds=0.4,
        head_seconds=0.4,
        request_seconds=0.8,
        drain_seconds=0.8,
        tick_seconds=0.05,
    )


class Frugal(Connection):
    patience = Patience(drain_bytes=4 * 2**20)


@pytest.fixture(scope="module")
def server() -> Server:
    return build_server(Settings(processing_seconds=0.2), load_contract())


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


def spent(server: Server, account: OpenedAccount) -> int:
    return PAGES - server.ledger.balance(account.account_id)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


# What is no HTTP.


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"HELLO\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET / HTTP/1.1\r\nX: a\x01b\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nX : a\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
        b"CONNECT mock.test:80 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_cannot_be_understood_is_refused_as_json(url: str, request_bytes: bytes) -> None:
    with Wire(url) as wire:
        wire.send(request_bytes)
        answer = wire.hear()
        assert (answer.status, answer.fields["content-type"]) == (400, "application/json")
        assert json.loads(answer.body) == {
            "success": False,
            "error": "malformed_request",
            "message": "The request is no HTTP that can be understood.",
        }
        assert answer.fields["connection"] == "close"
        assert wire.is_closed()


@pytest.mark.parametrize(
    "length",
    [
        "Content-Length: -5",
        "Content-Length: +5",
        "Content-Length: 5x",
        "Content-Length: 0x10",
        "Content-Length: 99999999999999999999999",
        "Content-Length: {0}, {0}",
        "Content-Length: {0}\r\nContent-Length: {0}",
        "Content-Length: {0}\r\nContent-Length: 5",
        "Content-Length: {0}\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: {0}",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ],
)
def test_a_length_that_is_none_is_refused(
    url: str, server: Server, account: OpenedAccount, head: bytes, body: bytes, length: str
) -> None:
    with Wire(url) as wire:
        wire.send(head + length.format(len(body)).encode() + b"\r\n\r\n" + body)
        assert wire.hear().error == "malformed_request"
        assert wire.is_closed()
    assert spent(server, account) == 0


@pytest.mark.parametrize("piece", [b"zz\r\n", b"-1\r\n", b"5\r\nhello!!\r\n", b"fffffffffffffffff\r\n"])
def test_a_chunk_that_is_none_is_refused(url: str, head: bytes, piece: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(b"{") + piece)
        assert wire.hear().error == "malformed_request"
        assert wire.is_closed()


def test_more_than_the_declared_length_is_another_request(
    url: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    with Wire(url) as wire:
        wire.send(submission + b"and something else\r\n\r\n")
        assert [wire.hear().status, wire.hear().error] == [200, "malformed_request"]
        assert wire.is_closed()
    assert spent(server, account) == 1


def test_a_slow_answer_comes_before_the_complaint_about_what_follows(url: str, head: bytes, body: bytes) -> None:
    slow = json.dumps({**json.loads(body), "provider": "baidu"}).encode()
    with Wire(url) as wire:
        wire.send(head + b"Content-Length: %d\r\n\r\n" % len(slow) + slow)
        wire.send(b"and something else\r\n\r\n")
        assert [wire.hear().status, wire.hear().error] == [200, "malformed_request"]


def test_a_slow_answer_comes_whatever_follows(url: str, head: bytes, body: bytes) -> None:
    slow = json.dumps({**json.loads(body), "provider": "baidu"}).encode()
    with Wire(url) as wire:
        wire.send((head + b"Content-Length: %d\r\n\r\n" % len(slow) + slow) * 3)
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        wire.end()
        assert [wire.hear().status for _ in range(4)] == [200, 200, 200, 400]
        assert wire.is_closed()


def test_a_broken_body_behind_a_slow_answer_is_refused_in_its_turn(url: str, head: bytes, body: bytes) -> None:
    slow = json.dumps({**json.loads(body), "provider": "baidu"}).encode()
    with Wire(url) as wire:
        wire.send(head + b"Content-Length: %d\r\n\r\n" % len(slow) + slow)
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        assert [wire.hear().status, wire.hear().error] == [200, "malformed_request"]
        assert wire.is_closed()


def test_less_than_the_declared_length_is_refused_and_free(
    url: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    with Wire(url) as wire:
        wire.send(submission[:-1])
        wire.end()
        assert wire.hear().error == "malformed_request"
    assert spent(server, account) == 0


# One request after the other.


def test_requests_that_come_together_are_answered_in_order(
    url: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    without_key = submission.replace(b"Bearer ", b"Basic ")
    with Wire(url) as wire:
        wire.send(submission + without_key + b"GET /api/ocr HTTP/1.1\r\nHost: mock.test\r\n\r\n" + submission)
        assert [wire.hear().status for _ in range(4)] == [200, 401, 405, 200]
    assert spent(server, account) == 2


@pytest.mark.parametrize(
    ("changed", "to", "status"),
    [(b"Bearer ", b"Basic ", 401), (b"/api/ocr", b"/api/else", 404), (b"application/json", b"text/plain", 415)],
)
def test_a_connection_goes_on_after_a_refused_body(
    url: str, submission: bytes, changed: bytes, to: bytes, status: int
) -> None:
    with Wire(url) as wire:
        for _ in range(3):
            wire.send(submission.replace(changed, to))
            assert wire.hear().status == status
            wire.send(submission)
            assert wire.hear().status == 200


def test_a_key_that_is_revoked_stops_working_on_an_open_connection(
    url: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    other = server.keys.issue(account.account_id)
    with Wire(url) as wire:
        wire.send(submission)
        assert wire.hear().status == 200
        server.keys.revoke(account.account_id, account.key_id)
        wire.send(submission)
        assert wire.hear().error == "invalid_api_key"
        wire.send(submission.replace(account.api_key.encode(), other.secret.encode()))
        assert wire.hear().status == 200


def test_a_client_that_says_no_more_gets_its_answer(url: str, head: bytes, body: bytes) -> None:
    slow = json.dumps({**json.loads(body), "provider": "baidu"}).encode()
    with Wire(url) as wire:
        wire.send(head + b"Content-Length: %d\r\n\r\n" % len(slow) + slow)
        wire.end()
        assert wire.hear().status == 200
        assert wire.is_closed()


def test_fields_behind_the_body_are_no_headers(url: str, account: OpenedAccount, head: bytes, body: bytes) -> None:
    key = b"Authorization: Bearer " + account.api_key.encode() + b"\r\n"
    with Wire(url) as wire:
        wire.send(
            head.replace(key, b"") + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body) + b"0\r\n" + key + b"\r\n"
        )
        assert wire.hear().error == "missing_api_key"


@pytest.mark.parametrize("in_one", [True, False], ids=["in one piece", "in two pieces"])
def test_an_offer_of_another_protocol_is_declined(url: str, head: bytes, body: bytes, in_one: bool) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n"
    first, second = head + offer + b"Content-Length: %d\r\n\r\n" % len(body), body
    with Wire(url) as wire:
        for _ in range(2):
            for piece in [first + second] if in_one else [first, second]:
                wire.send(piece)
                time.sleep(0.05)
            assert wire.hear().status == 200


# Expect: 100-continue


def test_a_client_that_asks_is_told_to_go_on(url: str, head: bytes, body: bytes) -> None:
    with Wire(url) as wire:
        for _ in range(2):
            wire.send(head + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
            assert wire.hear().status == 100
            wire.send(body)
            answer = wire.hear()
            assert (answer.status, answer.fields.get("connection")) == (200, None)


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


# A client that is still sending.

ENDINGS = {
    "keeps the connection": (b"", b""),
    "closes the connection": (b"Host: mock.test\r\n", b"Host: mock.test\r\nConnection: close\r\n"),
    "speaks HTTP/1.0": (b"HTTP/1.1", b"HTTP/1.0"),
    "asks for 100 and does not wait": (b"Host: mock.test\r\n", b"Host: mock.test\r\nExpect: 100-continue\r\n"),
}


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


# A client that does not come to an end.


def seconds_until_closed(wire: Wire) -> float:
    start = time.monotonic()
    assert wire.is_closed()
    return time.monotonic() - start


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


def test_a_server_that_is_slow_is_waited_for(hurried: str, head: bytes, body: bytes) -> None:
    """The patience is with clients: an answer may take longer than any of it."""
    slow = json.dumps({**json.loads(body), "provider": "baidu"}).encode()
    with Wire(hurried) as wire:
        wire.send((head + b"Content-Length: %d\r\n\r\n" % len(slow) + slow) * 8)
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


# A client that sends without measure.


def test_a_head_without_end_is_refused(url: str) -> None:
    with Wire(url) as wire:
        wire.send(b"GET / HTTP/1.1\r\n")
        wire.send_slowly((b"X-%d: %b\r\n" % (number, b"x" * 9000) for number in range(300)), 0)
        answer = wire.hear()
        assert (answer.status, answer.error) == (431, "head_too_large")


def test_a_header_without_end_is_refused(url: str) -> None:
    with Wire(url) as wire:
        wire.send(b"GET / HTTP/1.1\r\nX: ")
        wire.send_slowly(repeat(b"x" * 100_000, 20), 0)
        assert wire.hear().status == 431


@pytest.mark.parametrize(("size", "status"), [(60_000, 404), (66_000, 431)])
def test_a_head_may_have_64_kilobytes(url: str, size: int, status: int) -> None:
    with Wire(url) as wire:
        wire.send(b"GET / HTTP/1.1\r\nHost: mock.test\r\nX: " + b"x" * size + b"\r\n\r\n")
        assert wire.hear().status == status


@pytest.mark.parametrize("endless", [b"X: " + b"x" * 60_000 + b"\r\n", b"x" * 60_000], ids=["trailers", "a trailer"])
def test_fields_behind_a_body_without_end_are_refused(
    url: str, server: Server, account: OpenedAccount, head: bytes, body: bytes, endless: bytes
) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body) + b"0\r\nX: ")
        wire.send_slowly(repeat(endless, 40), 0.005)
        assert wire.hear().status == 431
    assert spent(server, account) == 0


def test_an_extension_of_a_chunk_without_end_is_refused(url: str, head: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n1;")
        wire.send_slowly(repeat(b"x" * 60_000, 40), 0.005)
        assert wire.hear().status == 431


def test_small_chunks_are_no_way_around_the_limit(url: str, head: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n")
        wire.send_slowly(repeat(chunk(b" " * 16) * 4096, LIMIT // 65536 + 2), 0)
        assert wire.hear().status == 413


def test_chunks_of_one_byte_with_extensions_are_a_body(url: str, head: bytes, body: bytes) -> None:
    pieces = b"".join(b"1;signature=%b\r\n%c\r\n" % (b"0" * 64, byte) for byte in body)
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n")
        assert wire.hear().status == 200


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
