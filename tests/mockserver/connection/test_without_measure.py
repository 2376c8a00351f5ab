"""A head, a field or a chunk without end is refused; what is merely cut small is not."""

import time
from itertools import repeat

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mockserver import Server
from mockserver.server import OpenedAccount
from tests.mockserver.connection.parts import LIMIT, chunk, spent
from tests.mockserver.wire import Wire


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


def test_an_address_is_part_of_the_head(url: str) -> None:
    with Wire(url) as wire:
        wire.send(b"GET /" + b"x" * 66_000 + b" HTTP/1.1\r\nHost: mock.test\r\n\r\n")
        assert wire.hear().status == 431


@pytest.mark.parametrize(("size", "status"), [(60_000, 405), (70_000, 431)])
@pytest.mark.parametrize("ending", [b"\r\n", b"Content-Length: 1\r\n\r\n "], ids=["plain", "with a body"])
def test_a_method_is_part_of_the_head(url: str, size: int, status: int, ending: bytes) -> None:
    with Wire(url) as wire:
        wire.send(b"X" * size + b" /api/ocr HTTP/1.1\r\nHost: mock.test\r\n" + ending)
        assert wire.hear().status == status


def test_a_method_and_an_address_count_together(url: str) -> None:
    with Wire(url) as wire:
        wire.send(b"X" * 40_000 + b" /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: mock.test\r\n\r\n")
        assert wire.hear().status == 431


@pytest.mark.parametrize(
    "first", [b"GET / HTTP/1.1\r\nX: " + b"x" * 60_000, b"GET /" + b"x" * 60_000 + b" HTTP/1.1\r\n"]
)
def test_a_head_that_comes_in_two_pieces_may_be_no_larger(url: str, first: bytes) -> None:
    with Wire(url) as wire:
        wire.send(first)
        time.sleep(0.05)
        wire.send((b"" if first.endswith(b"\n") else b"\r\n") + b"Host: mock.test\r\nY: " + b"y" * 60_000 + b"\r\n\r\n")
        assert wire.hear().status == 431


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


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in pieces"])
def test_requests_without_end_are_refused_after_those_that_wait(
    url: str, slow_submission: bytes, head: bytes, body: bytes, chunked: bool
) -> None:
    pieces = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body) + b"0\r\n\r\n"
    with Wire(url) as wire:
        wire.send(slow_submission)
        wire.send((pieces if chunked else b"") + b"GET /else HTTP/1.1\r\nHost: mock.test\r\n\r\n" * 2000)
        assert [wire.hear().status for _ in range(101)] == [200, 200 if chunked else 404, *[404] * 99]
        answer = wire.hear()
        assert (answer.status, answer.error) == (429, "too_many_requests")
        assert answer.fields["retry-after"] == "1"
        assert wire.is_closed()


def test_small_chunks_that_come_together_are_one_piece_of_the_body(
    url: str, head: bytes, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    take = HttpToolsProtocol.on_body

    def noting(connection: HttpToolsProtocol, part: bytes) -> None:
        taken.append(len(part))
        take(connection, part)

    monkeypatch.setattr(HttpToolsProtocol, "on_body", noting)
    spaces = chunk(b" ") * 20_000
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body) + spaces + b"0\r\n\r\n")
        assert wire.hear().status == 200
    assert sum(taken) == len(body) + 20_000
    assert len(taken) < 1000
