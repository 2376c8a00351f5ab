"""What a head may not say: each fault is one of the head, wherever its request goes."""

import pytest

from mockserver.complaints import BAD_HOST, NO_HOST, UNKNOWN_CODING
from mockserver.heads import fault


@pytest.mark.parametrize(
    "host",
    [
        "mock.test",
        "MOCK_1.test:8000",
        "127.0.0.1:",
        "[::1]:8000",
        "[v1.a:b]",
        "a%20b~!$&'()*+,;=-",
        # Of an address that names no host (RFC 9110 section 7.2).
        "",
        ":80",
        " mock.test\t",
    ],
)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_host_is_a_name_or_an_address_and_perhaps_a_port(version: str, host: str) -> None:
    assert fault(version, [(b"accept", b"*/*"), (b"host", host.encode())]) is None


@pytest.mark.parametrize(
    "host",
    [
        "mock.test/api",
        "http://mock.test",
        "user@mock.test",
        "mock.test:80a",
        "mock.test:80:80",
        "mock test",
        "mock.test\\",
        "a%2",
        "a%zz",
        "::1",
        "[::1",
        "[mock.test]",
        "[v1.]",
        "[]",
        "<mock.test>",
        "mock.test?",
        "mock.test#",
        "m\u00f6ck.test",
    ],
)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_host_that_is_neither_is_refused(version: str, host: str) -> None:
    assert fault(version, [(b"host", host.encode())]) == BAD_HOST
    assert (BAD_HOST.status, BAD_HOST.code) == (400, "malformed_request")


def test_the_first_fault_counts() -> None:
    coded = (b"transfer-encoding", b"gzip, chunked")
    assert fault("1.1", [coded]) == NO_HOST
    assert fault("1.1", [(b"host", b"/"), coded]) == BAD_HOST
    assert fault("1.1", [(b"host", b"mock.test"), coded]) == UNKNOWN_CODING
    assert fault("1.1", [(b"host", b"mock.test"), (b"transfer-encoding", b"chunked")]) is None
