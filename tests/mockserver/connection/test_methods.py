"""A method that no path has is refused with those that there are, whatever its name and however its request comes."""

import time
from collections.abc import Iterator

import pytest

from mockserver import Server
from mockserver.server import OpenedAccount
from tests.mockserver.connection.parts import chunk, spent
from tests.mockserver.wire import Wire

# Names that nobody knows, of WebDAV, of RTSP, of HTTP/2, and those of HTTP in other letters.
METHODS = [b"FOO", b"GETX", b"G", b"post", b"M-SEARCH!", b"!", b"PROPFIND", b"DESCRIBE", b"PLAY", b"SETUP", b"PRI"]


def is_refused(wire: Wire) -> bool:
    answer = wire.hear()
    return (answer.status, answer.error, answer.fields.get("allow")) == (405, "method_not_allowed", "POST")


@pytest.fixture(params=METHODS, ids=bytes.decode)
def other(request: pytest.FixtureRequest, submission: bytes) -> bytes:
    """A submission with another method."""
    return submission.replace(b"POST", request.param, 1)


def test_is_refused_and_the_connection_goes_on(url: str, submission: bytes, other: bytes) -> None:
    with Wire(url) as wire:
        for _ in range(2):
            wire.send(other)
            assert is_refused(wire)
        wire.send(submission)
        assert wire.hear().status == 200


def test_is_refused_in_its_turn(url: str, submission: bytes, other: bytes) -> None:
    with Wire(url) as wire:
        wire.send(submission + other + other + submission + b"\r\n" + other)
        assert wire.hear().status == 200
        assert [is_refused(wire), is_refused(wire)] == [True, True]
        assert wire.hear().status == 200
        assert is_refused(wire)


def test_is_refused_behind_a_request_without_a_body(url: str, other: bytes) -> None:
    with Wire(url) as wire:
        wire.send(b"GET /else HTTP/1.1\r\nHost: mock.test\r\n\r\n" + other)
        assert wire.hear().status == 404
        assert is_refused(wire)


def test_is_refused_after_a_body_in_pieces(url: str, head: bytes, body: bytes, other: bytes) -> None:
    with Wire(url) as wire:
        wire.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk(body) + b"0\r\n\r\n")
        assert wire.hear().status == 200
        wire.send(other)
        assert is_refused(wire)


def cuts(request: bytes) -> Iterator[int]:
    """Each place in the first line and right behind it, and some in the rest of the head."""
    line = request.index(b"\n") + 1
    yield from range(1, line + 1)
    yield from range(line + 2, request.index(b"\r\n\r\n") + 5, 7)


@pytest.mark.parametrize("method", [b"POKE", b"FOO", b"PLAY"])
def test_is_refused_wherever_its_head_is_cut(url: str, submission: bytes, method: bytes) -> None:
    other = submission.replace(b"POST", method, 1)
    with Wire(url) as wire:
        for place in cuts(other):
            wire.send(other[:place])
            time.sleep(0.002)
            wire.send(other[place:] + other[:place])
            time.sleep(0.002)
            wire.send(other[place:])
            assert [is_refused(wire), is_refused(wire)] == [True, True], place


def test_a_submission_is_taken_byte_by_byte(
    url: str, server: Server, account: OpenedAccount, submission: bytes
) -> None:
    with Wire(url) as wire:
        for place in range(len(submission)):
            wire.send(submission[place : place + 1])
            time.sleep(0.0005)
        assert wire.hear().status == 200
    assert spent(server, account) == 1


@pytest.mark.parametrize(
    "begun", [b"FO", b"FOO", b"FOO ", b"FOO /api/ocr", b"FOO /api/ocr HTTP/1.1", b"POST /api/ocr "]
)
def test_a_first_line_that_ends_early_is_refused(url: str, begun: bytes) -> None:
    with Wire(url) as wire:
        wire.send(begun)
        wire.end()
        assert wire.hear().error == "malformed_request"


@pytest.mark.parametrize(
    "line", [b"FOO\r\n", b"FOO \r\n", b"FOO / / HTTP/1.1\r\n", b"FOO / HTTP/3\r\n", b"F\xff / HTTP/1.1\r\n"]
)
def test_what_is_no_first_line_is_refused_at_once(url: str, line: bytes) -> None:
    with Wire(url) as wire:
        wire.send(line)
        assert wire.hear().error == "malformed_request"


def test_a_first_line_without_an_end_is_refused(url: str) -> None:
    with Wire(url) as wire:
        wire.send_slowly([b"FOO /" + b"x" * 40_000, b"x" * 40_000], 0.05)
        answer = wire.hear()
        assert (answer.status, answer.error) == (431, "head_too_large")


def test_a_first_line_that_does_not_go_on_is_not_waited_for(hurried: str) -> None:
    with Wire(hurried) as wire:
        wire.send(b"FOO /api")
        assert (wire.hear().status, wire.is_closed()) == (408, True)


def test_line_breaks_before_a_request_mean_nothing(url: str, submission: bytes) -> None:
    with Wire(url) as wire:
        for breaks in (b"\r\n", b"\r\n" * 100_000):
            wire.send(breaks)
            time.sleep(0.01)
            wire.send(breaks + submission)
            assert wire.hear().status == 200
