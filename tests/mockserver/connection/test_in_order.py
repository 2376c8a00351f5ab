"""One request after the other on a connection: each is answered, in its turn."""

import time

import pytest

from mockserver import Server
from mockserver.server import OpenedAccount
from tests.mockserver.connection.parts import chunk, spent
from tests.mockserver.wire import Wire


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


def test_a_client_that_says_no_more_gets_its_answer(url: str, slow_submission: bytes) -> None:
    with Wire(url) as wire:
        wire.send(slow_submission)
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


@pytest.mark.parametrize("fields", [b"", b"Content-Length: 0\r\nConnection: close\r\n"], ids=["plain", "closing"])
def test_a_tunnel_is_refused_once_and_in_its_turn(url: str, slow_submission: bytes, fields: bytes) -> None:
    with Wire(url) as wire:
        wire.send(slow_submission)
        wire.send(b"CONNECT /api/ocr HTTP/1.1\r\nHost: mock.test\r\n" + fields + b"\r\nwhat the tunnel is for")
        assert wire.hear().status == 200
        answer = wire.hear()
        assert (answer.status, answer.fields["allow"]) == (405, "POST")
        assert answer.fields["connection"] == "close"
        assert wire.is_closed()


def test_a_body_is_no_request_whatever_follows_it(url: str, head: bytes) -> None:
    body = b"FOO /api/ocr HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    with Wire(url) as wire:
        wire.send(head + b"Content-Length: %d\r\n\r\n" % len(body))
        time.sleep(0.05)
        wire.send(body + b"FOO ")
        wire.end()
        assert [wire.hear().error, wire.hear().error] == ["invalid_image_base64", "malformed_request"]
        assert wire.is_closed()
