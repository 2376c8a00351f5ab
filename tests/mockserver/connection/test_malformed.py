"""What is no HTTP is refused as JSON, costs nothing, and takes no answer from what came before it."""

import json

import pytest

from mockserver import Server
from mockserver.server import OpenedAccount
from tests.mockserver.connection.parts import chunk, spent
from tests.mockserver.wire import Wire


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
        b"GET /\xff\xfe HTTP/1.1\r\nHost: mock.test\r\n\r\n",
        b"CONNECT mock.test:80 HTTP/1.1\r\nHost: mock.test:80\r\n\r\n",
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


@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
@pytest.mark.parametrize("hosts", [0, 1, 2])
def test_a_host_is_named_once_and_may_be_left_out_by_http_1_0_alone(
    url: str, server: Server, account: OpenedAccount, submission: bytes, version: bytes, hosts: int
) -> None:
    host = b"Host: mock.test\r\n"
    is_served = hosts == 1 or (hosts == 0 and version == b"HTTP/1.0")
    with Wire(url) as wire:
        wire.send(submission.replace(host, host * hosts).replace(b"HTTP/1.1", version))
        answer = wire.hear()
        assert (answer.status, answer.error) == ((200, "") if is_served else (400, "malformed_request"))
        assert is_served or json.loads(answer.body)["message"] == "A request names its host once, in a field Host."
    assert spent(server, account) == is_served


def test_a_host_that_is_none_is_refused(url: str, server: Server, account: OpenedAccount, submission: bytes) -> None:
    with Wire(url) as wire:
        wire.send(submission.replace(b"Host: mock.test\r\n", b"Host: mock.test/else\r\n"))
        answer = wire.hear()
        assert (answer.status, answer.error) == (400, "malformed_request")
        expected = "The field Host has a host, maybe a port, and no more."
        assert json.loads(answer.body)["message"] == expected
    assert spent(server, account) == 0


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


@pytest.mark.parametrize(
    "coding",
    [
        "gzip, chunked",
        "GZIP,\tChunked",
        "gzip\r\nTransfer-Encoding: chunked",
        "identity, chunked",
        "gzip;q=1, br, chunked",
    ],
)
def test_a_coding_that_is_not_known_is_not_overlooked(
    url: str, server: Server, account: OpenedAccount, head: bytes, body: bytes, coding: str
) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: " + coding.encode() + b"\r\n\r\n" + chunk(body) + b"0\r\n\r\n")
        answer = wire.hear()
        assert (answer.status, answer.fields["connection"]) == (501, "close")
        assert json.loads(answer.body) == {
            "success": False,
            "error": "unknown_coding",
            "message": "A body may come in chunks, and in no other coding.",
        }
        assert wire.is_closed()
    assert spent(server, account) == 0


@pytest.mark.parametrize("coding", [b"Chunked", b", chunked"])
def test_chunks_alone_are_known_however_they_are_spelled(url: str, head: bytes, body: bytes, coding: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: " + coding + b"\r\n\r\n" + chunk(body) + b"0\r\n\r\n")
        assert wire.hear().status == 200


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


def test_a_slow_answer_comes_before_the_complaint_about_what_follows(url: str, slow_submission: bytes) -> None:
    with Wire(url) as wire:
        wire.send(slow_submission)
        wire.send(b"and something else\r\n\r\n")
        assert [wire.hear().status, wire.hear().error] == [200, "malformed_request"]


def test_a_slow_answer_comes_whatever_follows(url: str, slow_submission: bytes, head: bytes) -> None:
    with Wire(url) as wire:
        wire.send(slow_submission * 3)
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
        wire.end()
        assert [wire.hear().status for _ in range(4)] == [200, 200, 200, 400]
        assert wire.is_closed()


def test_a_broken_body_behind_a_slow_answer_is_refused_in_its_turn(
    url: str, slow_submission: bytes, head: bytes
) -> None:
    with Wire(url) as wire:
        wire.send(slow_submission)
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
