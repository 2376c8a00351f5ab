"""The hooks API, version 1: statuses, shapes and effects of its calls, and who may make them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mockserver import Server
from mockserver.server import OpenedAccount

pytestmark = pytest.mark.anyio

Submit = Callable[..., Awaitable[httpx.Response]]
Poll = Callable[[str, str], Awaitable[Any]]


@pytest.mark.parametrize("path", ["/_mock", "/_mock/"])
async def test_says_what_it_offers(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.json() == {"version": 1, "hooks": ["accounts", "keys", "task-failures", "queue"]}


async def test_creates_an_account_with_a_key_that_works(http: httpx.AsyncClient, submit: Submit) -> None:
    answer = await http.post("/_mock/accounts", json={"pages": 2})
    assert answer.status_code == 201
    created = answer.json()
    assert sorted(created) == ["accountId", "apiKey", "keyId", "pages"]
    assert created["pages"] == 2
    assert (await submit(key=created["apiKey"])).status_code == 200
    shown = await http.get(f"/_mock/accounts/{created['accountId']}")
    assert (shown.status_code, shown.json()) == (200, {"accountId": created["accountId"], "pages": 1})


async def test_deletes_an_account_with_its_key(http: httpx.AsyncClient, account: OpenedAccount, submit: Submit) -> None:
    answer = await http.delete(f"/_mock/accounts/{account.account_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await submit()).json()["error"] == "invalid_api_key"
    assert (await http.get(f"/_mock/accounts/{account.account_id}")).status_code == 404


async def test_creates_and_revokes_keys(http: httpx.AsyncClient, account: OpenedAccount, submit: Submit) -> None:
    keys = f"/_mock/accounts/{account.account_id}/keys"
    created = await http.post(keys)
    assert (created.status_code, sorted(created.json())) == (201, ["apiKey", "keyId"])
    for _ in range(2):
        assert (await http.delete(f"{keys}/{account.key_id}")).status_code == 204
    assert (await submit()).json()["error"] == "invalid_api_key"
    assert (await submit(key=created.json()["apiKey"])).status_code == 200


async def test_revokes_no_key_of_another_account(
    http: httpx.AsyncClient, server: Server, account: OpenedAccount
) -> None:
    other = server.open_account(0)
    answer = await http.delete(f"/_mock/accounts/{other.account_id}/keys/{account.key_id}")
    assert (answer.status_code, answer.json()["error"]) == (404, "key_not_found")


async def test_lets_task_creations_fail_as_often_as_asked(
    http: httpx.AsyncClient, server: Server, account: OpenedAccount, submit: Submit
) -> None:
    answer = await http.put(f"/_mock/accounts/{account.account_id}/task-failures", json={"count": 2})
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await submit(key=server.open_account(1).api_key)).status_code == 200
    assert [(await submit()).status_code for _ in range(3)] == [500, 500, 200]
    assert server.ledger.balance(account.account_id) == 9


async def test_takes_set_failures_back(http: httpx.AsyncClient, account: OpenedAccount, submit: Submit) -> None:
    for count in (2, 0):
        await http.put(f"/_mock/accounts/{account.account_id}/task-failures", json={"count": count})
    assert (await submit()).status_code == 200


async def test_pauses_a_queue_and_lets_it_go_on(
    http: httpx.AsyncClient, server: Server, account: OpenedAccount, submit: Submit, wait_until_finished: Poll
) -> None:
    queue = f"/_mock/accounts/{account.account_id}/queue"
    assert (await http.put(queue, json={"paused": True})).status_code == 204
    task_id = (await submit()).json()["taskId"]
    other = server.open_account(1).api_key
    await wait_until_finished(other, (await submit(key=other)).json()["taskId"])
    task = server.tasks.find(account.account_id, task_id)
    assert task is not None
    assert task.status == "queued"
    assert (await http.put(queue, json={"paused": False})).status_code == 204
    assert (await wait_until_finished(account.api_key, task_id))["status"] == "done"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/keys"),
        ("DELETE", "/keys/key_x"),
        ("PUT", "/task-failures"),
        ("PUT", "/queue"),
    ],
)
async def test_an_unknown_account_is_not_found(http: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await http.request(method, f"/_mock/accounts/acct_x{path}")
    assert answer.status_code == 404
    assert answer.json() == {
        "success": False,
        "error": "account_not_found",
        "message": "There is no such account.",
    }


@pytest.mark.parametrize("body", ["{}", '{"pages": -1}', '{"pages": true}', '{"pages": "1"}', '{"pages": 1e3}'])
async def test_says_how_an_account_is_created(http: httpx.AsyncClient, body: str) -> None:
    answer = await http.post("/_mock/accounts", content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_body")
    assert answer.json()["message"] == 'The body is {"pages": N} with a whole number N from 0 to 1000000000.'


@pytest.mark.parametrize("body", ["", "[]", "x", "null"])
@pytest.mark.parametrize("hook", ["task-failures", "queue"])
async def test_refuses_a_body_that_is_no_small_object(
    http: httpx.AsyncClient, account: OpenedAccount, hook: str, body: str
) -> None:
    answer = await http.put(f"/_mock/accounts/{account.account_id}/{hook}", content=body)
    assert (answer.status_code, answer.json()["message"]) == (400, "The body is a small JSON object.")


@pytest.mark.parametrize("hook", ["task-failures", "queue"])
async def test_refuses_a_body_that_is_too_large(http: httpx.AsyncClient, account: OpenedAccount, hook: str) -> None:
    answer = await http.put(f"/_mock/accounts/{account.account_id}/{hook}", content=" " * 70_000 + "{}")
    assert answer.status_code == 413
    assert answer.json() == {
        "success": False,
        "error": "body_too_large",
        "message": "The body of a hook has 64 KB at most.",
    }


@pytest.mark.parametrize(
    ("hook", "body", "message"),
    [
        ("task-failures", {"count": 1.5}, 'The body is {"count": N} with a whole number N from 0 to 1000000000.'),
        ("queue", {"paused": 1}, 'The body is {"paused": true} or {"paused": false}.'),
    ],
)
async def test_says_what_a_body_has_to_be(
    http: httpx.AsyncClient, account: OpenedAccount, hook: str, body: object, message: str
) -> None:
    answer = await http.put(f"/_mock/accounts/{account.account_id}/{hook}", json=body)
    assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize(
    "sent", [None, "Bearer wrong", "hooks-token", "Basic hooks-token", "Bearer hooks-token2", "Bearer \xe9"]
)
async def test_asks_for_its_token(
    server: Server, connect: Callable[[Server], httpx.AsyncClient], sent: str | None
) -> None:
    client = connect(replace(server, settings=replace(server.settings, hooks_token="hooks-token")))
    headers = {b"Authorization": sent.encode("latin-1")} if sent else {}
    answer = await client.post("/_mock/accounts", json={"pages": 1}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "hooks_unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hooks"'


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
async def test_takes_its_token(server: Server, connect: Callable[[Server], httpx.AsyncClient], scheme: str) -> None:
    client = connect(replace(server, settings=replace(server.settings, hooks_token="hooks-token")))
    answer = await client.post("/_mock/accounts", json={"pages": 1}, headers={"Authorization": f"{scheme} hooks-token"})
    assert answer.status_code == 201


def test_the_settings_do_not_show_the_token(server: Server) -> None:
    assert "hooks-token" not in repr(replace(server.settings, hooks_token="hooks-token"))
