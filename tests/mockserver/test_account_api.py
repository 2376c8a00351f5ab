"""The account API: the tasks and the balance of the account whose key asks, and of no other."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from mockserver import Server
from mockserver.server import OpenedAccount

pytestmark = pytest.mark.anyio

Submit = Callable[..., Awaitable[httpx.Response]]
Get = Callable[..., Awaitable[httpx.Response]]
PATHS = ["/api/tasks/clx", "/api/tasks", "/api/account"]


@pytest.fixture
def get(http: httpx.AsyncClient, account: OpenedAccount) -> Get:
    async def send(path: str, *, key: str = account.api_key) -> httpx.Response:
        return await http.get(path, headers={"Authorization": f"Bearer {key}"})

    return send


async def test_shows_a_result_as_it_was_stored(server: Server, get: Get, submit: Submit) -> None:
    """Megabytes are not read to be written once more."""
    task_id = (await submit(provider="baidu")).json()["taskId"]
    server.store.run("UPDATE tasks SET result = ? WHERE id = ?", '{"text" :  "\\u00e9"}', task_id)
    answer = await get(f"/api/tasks/{task_id}")
    assert answer.json()["result"] == {"text": "é"}
    assert b'"result":{"text" :  "\\u00e9"}' in answer.content


async def test_shows_a_task(get: Get, submit: Submit) -> None:
    task_id = (await submit(provider="baidu", filename="scan.png")).json()["taskId"]
    answer = await get(f"/api/tasks/{task_id}")
    assert answer.status_code == 200
    task: dict[str, Any] = answer.json()
    result = task.pop("result")
    created = task.pop("createdAt")
    assert task == {
        "taskId": task_id,
        "provider": "baidu",
        "status": "done",
        "pages": 1,
        "filename": "scan.png",
        "error": None,
    }
    assert sorted(result) == ["pages", "text"]
    assert created.endswith("Z")


async def test_the_result_is_null_until_the_task_is_done(
    server: Server, account: OpenedAccount, get: Get, submit: Submit
) -> None:
    server.accounts.pause(account.account_id, True)
    task = (await get(f"/api/tasks/{(await submit()).json()['taskId']}")).json()
    assert (task["status"], task["result"], task["filename"]) == ("queued", None, None)


async def test_a_task_of_another_account_is_as_unknown_as_none(server: Server, get: Get, submit: Submit) -> None:
    task_id = (await submit()).json()["taskId"]
    other = server.open_account(1).api_key
    theirs, nobodys = await get(f"/api/tasks/{task_id}", key=other), await get("/api/tasks/clx", key=other)
    assert theirs.status_code == 404
    assert theirs.json() == {
        "success": False,
        "error": "task_not_found",
        "message": "The account has no such task.",
    }
    assert (nobodys.status_code, nobodys.content) == (404, theirs.content)
    assert nobodys.headers["X-Mock-Rule"] == theirs.headers["X-Mock-Rule"] == "success.task_private"


async def test_lists_the_tasks_newest_first_without_results(server: Server, get: Get, submit: Submit) -> None:
    ids = [(await submit(provider="baidu")).json()["taskId"] for _ in range(3)]
    await submit(key=server.open_account(1).api_key)
    listed = (await get("/api/tasks")).json()
    assert [task["taskId"] for task in listed["tasks"]] == ids[::-1]
    assert listed["nextCursor"] is None
    assert "result" not in listed["tasks"][0]


async def test_the_cursor_leads_through_the_list(get: Get, submit: Submit) -> None:
    ids = [(await submit()).json()["taskId"] for _ in range(5)]
    seen: list[str] = []
    path = "/api/tasks?limit=2"
    for size in (2, 2, 1):
        listed = (await get(path)).json()
        assert len(listed["tasks"]) == size
        seen += [task["taskId"] for task in listed["tasks"]]
        path = f"/api/tasks?limit=2&cursor={listed['nextCursor']}"
    assert seen == ids[::-1]
    assert path.endswith("None")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1.5", "9" * 5000, "²"])
async def test_refuses_a_limit_out_of_range(get: Get, limit: str) -> None:
    answer = await get(f"/api/tasks?limit={limit}")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_limit")


async def test_refuses_a_cursor_of_another_account(server: Server, get: Get, submit: Submit) -> None:
    task_id = (await submit(key=server.open_account(1).api_key)).json()["taskId"]
    answer = await get(f"/api/tasks?cursor={task_id}")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_cursor")


async def test_shows_the_balance(get: Get, submit: Submit) -> None:
    assert (await get("/api/account")).json() == {"pages": 10}
    await submit()
    assert (await get("/api/account")).json() == {"pages": 9}


@pytest.mark.parametrize("path", PATHS)
async def test_asks_for_a_key_as_a_submission_does(http: httpx.AsyncClient, get: Get, path: str) -> None:
    missing, unknown = await http.get(path), await get(path, key="sk_x")
    assert (missing.status_code, missing.json()["error"]) == (401, "missing_api_key")
    assert (unknown.status_code, unknown.json()["error"]) == (401, "invalid_api_key")
    assert missing.headers["WWW-Authenticate"] == 'Bearer realm="StartOCR"'


@pytest.mark.parametrize("path", PATHS)
async def test_refuses_a_revoked_key(server: Server, account: OpenedAccount, get: Get, path: str) -> None:
    server.keys.revoke(account.account_id, account.key_id)
    assert (await get(path)).json()["error"] == "invalid_api_key"


async def test_shows_no_key(account: OpenedAccount, get: Get, submit: Submit) -> None:
    answers = [await submit(), *[await get(path) for path in PATHS]]
    assert all(account.api_key not in answer.text for answer in answers)
