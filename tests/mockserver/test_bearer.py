"""How an `Authorization` is read, letter by letter and over a socket: RFC 6750 section 2.1, RFC 9110 section 11.4."""

from collections.abc import Iterator

import pytest

from mockserver import Server, Settings, build_server, serve_in_thread
from spec import load_contract
from tests.mockserver.wire import Wire

ACCEPTED, MISSING, INVALID = "", "missing_api_key", "invalid_api_key"

# `{key}` is a key that works, `{other}` another one of the same account.
FIELDS = {
    "the documented form": (b"Authorization: Bearer {key}", ACCEPTED),
    "the name in other case": (b"aUTHORIZATION: Bearer {key}", ACCEPTED),
    "the scheme in other case": (b"Authorization: bEARER {key}", ACCEPTED),
    "several spaces": (b"Authorization: Bearer    {key}", ACCEPTED),
    "space around the value": (b"Authorization: \t  Bearer {key} \t ", ACCEPTED),
    "no space before the value": (b"Authorization:Bearer {key}", ACCEPTED),
    "no field": (b"X: y", MISSING),
    "an empty field": (b"Authorization:", MISSING),
    "a field of spaces": (b"Authorization:   ", MISSING),
    "a scheme alone": (b"Authorization: Bearer", MISSING),
    "a scheme and spaces": (b"Authorization: Bearer   ", MISSING),
    "a key alone": (b"Authorization: {key}", MISSING),
    "a tab in place of the space": (b"Authorization: Bearer\t{key}", MISSING),
    "nothing in place of the space": (b"Authorization: Bearer{key}", MISSING),
    "a colon in place of the space": (b"Authorization: Bearer:{key}", MISSING),
    "an equals sign in place of the space": (b"Authorization: Bearer={key}", MISSING),
    "another scheme": (b"Authorization: Basic {key}", MISSING),
    "a scheme that begins alike": (b"Authorization: BearerX {key}", MISSING),
    "a scheme in quotes": (b'Authorization: "Bearer" {key}', MISSING),
    "another field": (b"Proxy-Authorization: Bearer {key}", MISSING),
    "a cookie": (b"Cookie: Authorization=Bearer {key}", MISSING),
    "a key of another form": (b"Authorization: Bearer AZaz09-._~+/==", INVALID),
    "a tab before the key": (b"Authorization: Bearer \t{key}", INVALID),
    "a key in quotes": (b'Authorization: Bearer "{key}"', INVALID),
    "a key in angle brackets": (b"Authorization: Bearer <{key}>", INVALID),
    "a comma behind the key": (b"Authorization: Bearer {key},", INVALID),
    "padding behind the key": (b"Authorization: Bearer {key}=", INVALID),
    "a parameter": (b"Authorization: Bearer token={key}", INVALID),
    "two words": (b"Authorization: Bearer {key} {key}", INVALID),
    "two schemes": (b"Authorization: Bearer Bearer {key}", INVALID),
    "two keys": (b"Authorization: Bearer {key}, Bearer {other}", INVALID),
    "letters beyond ASCII": (b"Authorization: Bearer {key}\xe4", INVALID),
    "a key in percent-encoding": (b"Authorization: Bearer %73{key}", INVALID),
    "two fields": (b"Authorization: Bearer {key}\r\nAuthorization: Bearer {other}", INVALID),
    "the same field twice": (b"Authorization: Bearer {key}\r\nAuthorization: Bearer {key}", INVALID),
    "another scheme in a second field": (b"Authorization: Bearer {key}\r\nAuthorization: Basic x", INVALID),
    "another scheme in a first field": (b"Authorization: Basic x\r\nAuthorization: Bearer {key}", MISSING),
}


@pytest.fixture(scope="module")
def server() -> Server:
    return build_server(Settings(), load_contract())


@pytest.fixture(scope="module")
def url(server: Server) -> Iterator[str]:
    with serve_in_thread(server) as url:
        yield url


@pytest.fixture(scope="module")
def keys(server: Server) -> dict[bytes, bytes]:
    account = server.open_account(1)
    return {b"{key}": account.api_key.encode(), b"{other}": server.keys.issue(account.account_id).secret.encode()}


@pytest.mark.parametrize("name", FIELDS)
def test_reads_a_field(url: str, keys: dict[bytes, bytes], name: str) -> None:
    field, code = FIELDS[name]
    for place, key in keys.items():
        field = field.replace(place, key)
    with Wire(url) as wire:
        wire.send(b"GET /api/account HTTP/1.1\r\nHost: mock.test\r\n" + field + b"\r\n\r\n")
        answer = wire.hear()
    assert (answer.status, answer.error) == (401 if code else 200, code)
    challenge = {MISSING: 'Bearer realm="StartOCR"', INVALID: 'Bearer realm="StartOCR", error="invalid_token"'}.get(
        code
    )
    assert answer.fields.get("www-authenticate") == challenge


@pytest.mark.parametrize("target", [b"/api/account?access_token={key}", b"/api/account?apiKey={key}"])
def test_reads_no_key_in_the_address(url: str, keys: dict[bytes, bytes], target: bytes) -> None:
    with Wire(url) as wire:
        wire.send(b"GET " + target.replace(b"{key}", keys[b"{key}"]) + b" HTTP/1.1\r\nHost: mock.test\r\n\r\n")
        assert wire.hear().error == MISSING
