"""A page of an allowed origin may read why its request was not read to its end, once the head of that has come."""

import pytest

from tests.mockserver.connection.parts import ALLOWED
from tests.mockserver.wire import Heard, Wire

BROKEN = b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"


def refused(url: str, *pieces: bytes) -> Heard:
    with Wire(url) as wire:
        wire.send(b"".join(pieces))
        return wire.hear()


def test_a_page_of_an_allowed_origin_may_read_the_answer(url: str, head: bytes) -> None:
    answer = refused(url, head, b"Origin: " + ALLOWED + b"\r\n", BROKEN)
    assert (answer.status, answer.fields["vary"]) == (400, "Origin")
    assert answer.fields["access-control-allow-origin"] == ALLOWED.decode()


def test_so_it_may_when_its_body_comes_too_slowly(hurried: str, head: bytes) -> None:
    answer = refused(hurried, head, b"Origin: " + ALLOWED + b"\r\nContent-Length: 100\r\n\r\n{")
    assert (answer.status, answer.fields["access-control-allow-origin"]) == (408, ALLOWED.decode())


@pytest.mark.parametrize("path", [b"/api/ocr", b"http://mock.test/api/ocr?x=/_mock"])
def test_so_it_may_when_its_head_is_too_large(url: str, path: bytes) -> None:
    large = b"Host: mock.test\r\nX: " + b"x" * 66_000 + b"\r\n\r\n"
    answer = refused(url, b"GET " + path + b" HTTP/1.1\r\nOrigin: " + ALLOWED + b"\r\n", large)
    assert (answer.status, answer.fields["access-control-allow-origin"]) == (431, ALLOWED.decode())


@pytest.mark.parametrize("path", [b"/_mock", b"/%5fmock/accounts", b"/_mock#x", b"http://mock.test/_mock?x"])
def test_but_not_of_the_control_plane(url: str, path: bytes) -> None:
    large = b"Host: mock.test\r\nX: " + b"x" * 66_000 + b"\r\n\r\n"
    answer = refused(url, b"GET " + path + b" HTTP/1.1\r\nOrigin: " + ALLOWED + b"\r\n", large)
    assert answer.status == 431
    assert not answer.fields.keys() & {"vary", "access-control-allow-origin"}


def test_so_it_may_when_too_many_wait(url: str, slow_submission: bytes) -> None:
    request = b"GET /else HTTP/1.1\r\nHost: mock.test\r\nOrigin: " + ALLOWED + b"\r\n\r\n"
    with Wire(url) as wire:
        wire.send(slow_submission + request * 102)
        heard = [wire.hear() for _ in range(102)]
    assert [answer.status for answer in heard] == [200, *[404] * 100, 429]
    assert heard[-1].fields["access-control-allow-origin"] == ALLOWED.decode()


@pytest.mark.parametrize("origin", [b"", b"Origin: https://evil.example.com\r\n"], ids=["none", "a foreign one"])
def test_no_other_may(url: str, head: bytes, origin: bytes) -> None:
    answer = refused(url, head, origin, BROKEN)
    assert answer.fields["vary"] == "Origin"
    assert "access-control-allow-origin" not in answer.fields


def test_the_control_plane_is_for_no_page(url: str, head: bytes) -> None:
    head = head.replace(b"/api/ocr", b"/_mock/accounts")
    answer = refused(url, head, b"Origin: " + ALLOWED + b"\r\n", BROKEN)
    assert answer.status == 400
    assert not answer.fields.keys() & {"vary", "access-control-allow-origin"}


def test_before_the_head_has_come_nobody_knows_who_asks(url: str) -> None:
    answer = refused(url, b"GET / HTTP/1.1\r\nOrigin: " + ALLOWED + b"\r\nX : a\r\n\r\n")
    assert answer.status == 400
    assert "access-control-allow-origin" not in answer.fields
