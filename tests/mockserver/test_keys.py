"""Keys: who is let in, what a 401 says, and that no key can be read again."""

import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from mockserver import Server, Settings, build_server
from mockserver.server import OpenedAccount
from spec import Contract

pytestmark = pytest.mark.anyio

Submit = Callable[..., Awaitable[httpx.Response]]


def test_a_key_has_at_least_128_bits(account: OpenedAccount) -> None:
    assert re.fullmatch("sk_[A-Za-z0-9]{32}", account.api_key)


def test_no_two_keys_are_equal(server: Server, account: OpenedAccount) -> None:
    assert len({server.keys.issue(account.account_id).secret for _ in range(100)}) == 100


def test_the_database_does_not_hold_the_key(server: Server, account: OpenedAccount) -> None:
    rows = [tuple(row) for row in server.store.rows("SELECT * FROM keys WHERE id = ?", account.key_id)]
    assert len(rows) == 1
    assert account.api_key not in str(rows)


def test_no_file_of_a_database_holds_a_key(contract: Contract, tmp_path: Path) -> None:
    server = build_server(Settings(database=tmp_path / "mock.db"), contract)
    account = server.open_account(1)
    other = server.keys.issue(account.account_id)
    assert server.keys.find(account.api_key)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    server.store.close()
    kept += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (account.api_key, other.secret):
        assert sha256(secret.encode()).hexdigest().encode() in kept
        assert secret.encode() not in kept
        assert secret.removeprefix("sk_").encode() not in kept


def test_representations_do_not_show_the_key(server: Server, account: OpenedAccount) -> None:
    issued = server.keys.issue(account.account_id)
    assert issued.secret not in repr(issued)
    assert account.api_key not in repr(account)


def revoked(server: Server, account: OpenedAccount) -> bool | None:
    key = server.keys.find(account.api_key)
    return key.revoked if key else None


@pytest.mark.parametrize(
    ("change", "expected"),
    [("UPDATE keys SET revoked = 1 WHERE account_id = ?", True), ("DELETE FROM accounts WHERE id = ?", None)],
)
def test_a_key_that_was_found_is_not_trusted_after_any_change(
    server: Server, account: OpenedAccount, change: str, expected: bool | None
) -> None:
    other = server.open_account(1)
    assert [revoked(server, account), revoked(server, other)] == [False, False]
    server.store.run(change, account.account_id)
    assert [revoked(server, account), revoked(server, other)] == [expected, False]


def test_a_key_that_is_revoked_by_another_process_is_revoked(contract: Contract, tmp_path: Path) -> None:
    first, second = (
        build_server(Settings(database=tmp_path / "mock.db"), contract, worker=number) for number in (0, 1)
    )
    account = first.open_account(1)
    assert [revoked(first, account), revoked(second, account)] == [False, False]
    second.keys.revoke(account.account_id, account.key_id)
    assert [revoked(first, account), revoked(second, account)] == [True, True]
    for server in (first, second):
        server.store.close()


def test_a_key_is_looked_up_once(server: Server, account: OpenedAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    assert revoked(server, account) is False
    monkeypatch.setattr(server.store, "row", None)
    assert revoked(server, account) is False


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_accepts_the_scheme_in_any_letter_case(
    http: httpx.AsyncClient, account: OpenedAccount, image: str, scheme: str
) -> None:
    headers = {"Authorization": f"{scheme} {account.api_key}"}
    assert (await http.post("/api/ocr", json={"imageBase64": image}, headers=headers)).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "", "Basic QQ==", "Token x", "{key}", "Bearer{key}"])
async def test_a_header_without_a_bearer_key_brings_none(
    http: httpx.AsyncClient, account: OpenedAccount, image: str, header: str
) -> None:
    headers = {"Authorization": header.format(key=account.api_key)}
    answer = await http.post("/api/ocr", json={"imageBase64": image}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "missing_api_key")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="StartOCR"'


@pytest.mark.parametrize("change", ["{key}x", "x{key}", "{key} x", "sk_", "{lower}"])
async def test_refuses_a_key_that_was_never_issued(submit: Submit, account: OpenedAccount, change: str) -> None:
    answer = await submit(key=change.format(key=account.api_key, lower=account.api_key.lower()))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_api_key")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="StartOCR", error="invalid_token"'


async def test_refuses_a_revoked_key_and_no_other(server: Server, account: OpenedAccount, submit: Submit) -> None:
    second = server.keys.issue(account.account_id)
    assert server.keys.revoke(account.account_id, account.key_id)
    answer = await submit()
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_api_key")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="StartOCR", error="invalid_token"'
    assert (await submit(key=second.secret)).status_code == 200


def test_revokes_no_key_of_another_account(server: Server, account: OpenedAccount) -> None:
    other = server.open_account(1)
    assert not server.keys.revoke(other.account_id, account.key_id)
    found = server.keys.find(account.api_key)
    assert found is not None
    assert not found.revoked
