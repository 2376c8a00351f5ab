"""Several processes on one database: the same guarantees; and what becomes of what is in flight when they end."""

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from fixtures import fixture
from mockserver import Server, Settings, build_server
from mockserver.providers import process_now
from mockserver.queue import _claim
from mockserver.tasks import Task
from spec import Contract
from tests.mockserver.load import DOCUMENTS, call, open_account
from tests.mockserver.processes import Process

IMAGE = DOCUMENTS["page.png"][1]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture
def process(database: Path) -> Iterator[Process]:
    """Two workers."""
    process = Process(STARTOCR_MOCK_DATABASE=str(database), STARTOCR_MOCK_WORKERS="2")
    yield process
    process.kill()


@pytest.fixture
def port(process: Process) -> int:
    return int(process.ready()["url"].rpartition(":")[2])


@pytest.fixture
def pair(settings: Settings, contract: Contract, database: Path) -> Iterator[tuple[Server, Server]]:
    """Two servers on one database, as two processes have them."""
    kept = replace(settings, database=database)
    servers = build_server(kept, contract, worker=0), build_server(kept, contract, worker=1)
    yield servers
    for server in servers:
        server.store.close()


def created(server: Server, account_id: str) -> Task:
    content = fixture("page.png").content
    return server.tasks.create(account_id=account_id, provider="paddle", pages=1, filename=None, content=content)


def test_a_task_is_claimed_once(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    account_id = pair[0].open_account(10).account_id
    tasks = [created(pair[0], account_id) for _ in range(3)]
    monkeypatch.setattr("mockserver.queue.AT_ONCE", 2)
    claimed = [[task.id for task in _claim(pair[number], account_id)] for number in (0, 1, 1, 0)]
    assert claimed == [[tasks[0].id, tasks[1].id], [tasks[2].id], [], []]


def test_a_pause_holds_for_all(pair: tuple[Server, Server]) -> None:
    account_id = pair[0].open_account(10).account_id
    task = created(pair[0], account_id)
    pair[0].accounts.pause(account_id, True)
    assert _claim(pair[1], account_id) == []
    pair[1].accounts.pause(account_id, False)
    assert [claimed.id for claimed in _claim(pair[0], account_id)] == [task.id]


def test_a_worker_takes_up_what_its_predecessor_left_and_no_more(pair: tuple[Server, Server]) -> None:
    account_id = pair[0].open_account(10).account_id
    mine, theirs = (created(pair[0], account_id) for _ in range(2))
    assert pair[0].tasks.start(mine.id)
    assert pair[1].tasks.start(theirs.id)
    assert pair[0].tasks.take_up_again(0) == 1
    assert [task.status for task in pair[0].tasks.newest(account_id, limit=2)] == ["processing", "queued"]
    assert pair[0].tasks.take_up_again() == 1
    assert [task.status for task in pair[0].tasks.newest(account_id, limit=2)] == ["queued", "queued"]


@pytest.mark.anyio
async def test_a_synchronous_answer_waits_for_whoever_was_quicker(pair: tuple[Server, Server]) -> None:
    account_id = pair[0].open_account(10).account_id
    task = created(pair[0], account_id)
    pair[1].tasks.start(task.id)
    answer = asyncio.create_task(process_now(pair[0], task))
    await asyncio.sleep(0.05)
    assert not answer.done()
    pair[1].tasks.finish(task.id, {})
    await asyncio.wait_for(answer, 5)


@pytest.mark.anyio
async def test_two_hundred_submissions_on_a_hundred_pages(process: Process, port: int, database: Path) -> None:
    account = open_account(port, 100)
    headers = {"Authorization": f"Bearer {account.key}"}
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=30) as client:
        answers = await asyncio.gather(
            *(
                client.post("/api/ocr", json={"imageBase64": IMAGE, "provider": provider}, headers=headers)
                for _ in range(100)
                for provider in ("paddle", "baidu")
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 100 + [402] * 100
    assert len({answer.json()["taskId"] for answer in answers if answer.status_code == 200}) == 100
    assert call(port, "GET", "/api/account", key=account.key) == (200, {"pages": 0})
    assert process.terminate() == (0, "")
    with closing(sqlite3.connect(database)) as connection:
        # Both processes had a part in it.
        assert {row[0] for row in connection.execute("SELECT worker FROM tasks WHERE provider = 'baidu'")} == {0, 1}


def test_hooks_hold_across_workers(port: int) -> None:
    account = open_account(port, 100)
    body = {"imageBase64": IMAGE}
    failures = f"/_mock/accounts/{account.id}/task-failures"
    queue = f"/_mock/accounts/{account.id}/queue"
    assert call(port, "PUT", failures, {"count": 5})[0] == 204
    assert call(port, "PUT", queue, {"paused": True})[0] == 204
    # Each call is a connection of its own, which either process may take.
    answers = [call(port, "POST", "/api/ocr", body, account.key) for _ in range(20)]
    assert [status for status, _ in answers] == [500] * 5 + [200] * 15
    time.sleep(0.1)
    assert statuses(port, account.key) == {"queued"}
    assert call(port, "PUT", queue, {"paused": False})[0] == 204
    deadline = time.monotonic() + 10
    while statuses(port, account.key) != {"done"}:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def statuses(port: int, key: str) -> set[str]:
    _, answer = call(port, "GET", "/api/tasks", key=key)
    return {task["status"] for task in answer["tasks"]}


def test_workers_end_with_their_supervisor(process: Process, port: int) -> None:
    workers = process.children()
    assert len(workers) == 2
    process.kill()
    deadline = time.monotonic() + 5
    while any(map(is_running, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_worker_that_cannot_start_says_so_in_a_line(process: Process, port: int, database: Path) -> None:
    killed = process.children()[0]
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        os.kill(killed, signal.SIGKILL)
        # The one in its place waits for two seconds.
        time.sleep(3)
    status, err = process.terminate()
    number = re.match(r"WARNING: worker ([01]) was ended by SIGKILL and is replaced\n", err)
    assert number is not None
    assert err.splitlines()[1:3] == [
        f"ERROR: worker {number[1]} cannot start: the database is locked by another process: database is locked",
        f"WARNING: worker {number[1]} ended with status 1 and is replaced",
    ]
    assert status == 0


def is_running(process_id: int) -> bool:
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(process_id, 0)
        # One that nobody has waited for is a zombie, which runs no more.
        return Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["one process", "two processes"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_in_flight_is_finished_and_nothing_else_is_taken(
    database: Path, options: tuple[str, ...], number: signal.Signals
) -> None:
    process = Process("--database", str(database), *options)
    port = int(process.ready()["url"].rpartition(":")[2])
    body = json.dumps({"imageBase64": IMAGE, "provider": "baidu"}).encode()
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        connection.sendall(
            b"POST /api/ocr HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer sk_test_works\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body[:1000])
        )
        time.sleep(0.1)
        os.kill(process.pid, number)
        time.sleep(0.2)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        connection.sendall(body[1000:])
        answer = connection.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert process.ended() == (0, "")
    with closing(sqlite3.connect(database)) as left:
        assert left.execute("SELECT provider, status FROM tasks").fetchall() == [("baidu", "done")]
    # Nothing is left to be recovered by the next one.
    assert not Path(f"{database}-wal").exists()


@pytest.mark.anyio
async def test_a_task_that_was_begun_is_finished_and_no_other(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.queue.AT_ONCE", 1)
    slow = replace(server, settings=replace(server.settings, processing_seconds=0.05))
    account_id = slow.open_account(10).account_id
    for _ in range(2):
        created(slow, account_id)
    slow.queue.wake(slow, account_id)
    await asyncio.sleep(0.02)
    await slow.queue.close()
    assert [task.status for task in slow.tasks.newest(account_id, limit=2)] == ["queued", "done"]
    slow.queue.resume(slow)
    while slow.tasks.waiting_accounts():
        await asyncio.sleep(0.01)
    await slow.queue.close()
    assert [task.status for task in slow.tasks.newest(account_id, limit=2)] == ["done", "done"]
