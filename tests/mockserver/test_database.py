"""The database: what a server says that cannot use it, at the start and later, and what a restart finds again."""

import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest

from fixtures import fixture
from mockserver import Server, Settings, build_server, serve_in_thread
from mockserver.server import OpenedAccount
from mockserver.store import Store, StoreBusy
from mockserver.tasks import Task
from spec import Contract
from tests.mockserver.load import DOCUMENTS, Account, Seen, call, open_account
from tests.mockserver.processes import Process
from tests.mockserver.reconcile import reconcile

Connect = Callable[[Server], httpx.AsyncClient]


def limited(size: int) -> Callable[[], None]:
    """No file of the process may become larger: it meets a full disk."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture
def start(database: Path) -> Iterator[Callable[..., Process]]:
    """Starts servers on that database, and kills those that are left."""
    processes: list[Process] = []

    def run(*options: str, limit: Callable[[], None] | None = None) -> Process:
        processes.append(Process("--database", str(database), *options, limit=limit))
        return processes[-1]

    yield run
    for process in processes:
        process.kill()


@pytest.fixture
def kept(settings: Settings, contract: Contract, database: Path) -> Iterator[Server]:
    """A server in this process that keeps its state in the file, and does not wait long for it."""
    server = build_server(replace(settings, database=database, busy_seconds=0.01), contract)
    yield server
    server.store.close()


def test_a_new_file_is_for_nobody_else(start: Callable[..., Process], database: Path) -> None:
    start().ready()
    modes = {path.name: path.stat().st_mode & 0o777 for path in database.parent.iterdir()}
    assert modes == dict.fromkeys(["mock.db", "mock.db-lock", "mock.db-shm", "mock.db-wal"], 0o600)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "mock.db"
    expected = f"startocr-mock: --database: {path} cannot be opened: No such file or directory\n"
    assert Process("--database", str(path)).complaint() == expected


def test_a_full_disk_is_named(start: Callable[..., Process], database: Path) -> None:
    expected = f"startocr-mock: --database: {database} cannot be read or written: disk I/O error\n"
    assert start(limit=limited(8192)).complaint() == expected


def test_a_locked_file_is_named(start: Callable[..., Process], database: Path) -> None:
    Store(database).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        expected = f"startocr-mock: --database: {database} is locked by another process: database is locked\n"
        assert start().complaint() == expected


def test_a_second_server_for_the_same_file_is_refused(start: Callable[..., Process], database: Path) -> None:
    start().ready()
    expected = f"startocr-mock: --database: {database} is in use by another startocr-mock\n"
    assert start().complaint() == expected


def test_a_second_server_is_refused_under_another_name_of_the_file(
    start: Callable[..., Process], database: Path
) -> None:
    start().ready()
    link = database.with_name("link.db")
    link.symlink_to(database.name)
    expected = f"startocr-mock: --database: {link} is in use by another startocr-mock\n"
    assert Process("--database", str(link)).complaint() == expected


def test_a_name_has_no_meaning_for_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Store(Path(":memory:")).close()
    assert [path.name for path in tmp_path.iterdir()] == [":memory:"]


def test_without_a_database_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    process = Process(TMPDIR=str(tmp_path))
    port = httpx.URL(process.ready()["url"]).port
    assert port is not None
    assert call(port, "POST", "/api/ocr", {"imageBase64": DOCUMENTS["page.png"][1]}, "sk_test_works")[0] == 200
    opened = [os.readlink(path) for path in Path(f"/proc/{process.pid}/fd").iterdir()]  # noqa: PTH115 - may be no path
    assert [name for name in opened if name.startswith(str(tmp_path))] == []
    assert process.terminate() == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_refuses_and_charges_nothing(start: Callable[..., Process], database: Path) -> None:
    process = start(limit=limited(1_000_000))
    url = process.ready()["url"]
    port = httpx.URL(url).port
    assert port is not None
    account = open_account(port, 1000)
    pages, image = DOCUMENTS["two-pages.tiff"]
    seen = []
    for number in range(100):
        body = {"imageBase64": image, "filename": str(number)}
        answer = httpx.post(f"{url}/api/ocr", json=body, headers={"Authorization": f"Bearer {account.key}"})
        if answer.status_code == 503:
            break
        task_id = answer.json()["taskId"]
        seen.append(_accepted(str(number), account, pages, task_id))
    assert 3 < len(seen) < 100
    assert answer.headers["Retry-After"] == "1"
    assert answer.json() == {
        "success": False,
        "error": "service_unavailable",
        "message": "The database cannot be used now; nothing was charged, try again.",
    }
    assert call(port, "GET", "/api/account", key=account.key) == (200, {"pages": 1000 - pages * len(seen)})
    process.kill()
    start().ready()
    reconcile(database, [account], seen)


def _accepted(label: str, account: Account, pages: int, task_id: str) -> Seen:
    return Seen(label=label, account=account, provider="paddle", pages=pages, status=200, task_id=task_id)


@pytest.mark.anyio
async def test_a_locked_database_refuses_and_charges_nothing(kept: Server, database: Path, connect: Connect) -> None:
    account = kept.open_account(10)
    image = b64encode(fixture("page.png").content).decode()
    headers = {"Authorization": f"Bearer {account.api_key}"}
    client = connect(kept)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = await client.post("/api/ocr", json={"imageBase64": image}, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
        assert answer.headers["Retry-After"] == "1"
        assert (await client.post("/_mock/accounts", json={"pages": 1})).status_code == 503
        assert (await client.get("/api/account", headers=headers)).json() == {"pages": 10}
    assert kept.ledger.entries(account.account_id) == [("grant", 10)]
    answer = await client.post("/api/ocr", json={"imageBase64": image}, headers=headers)
    assert answer.status_code == 200
    assert kept.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -1)]
    await kept.queue.close()


def test_a_database_that_is_locked_for_a_moment_is_waited_for_and_holds_nobody_up(
    settings: Settings, contract: Contract, database: Path
) -> None:
    served = build_server(replace(settings, database=database, busy_seconds=20), contract)
    account = served.open_account(1)
    image = b64encode(fixture("page.png").content).decode()
    headers = {"Authorization": f"Bearer {account.api_key}"}
    with (
        serve_in_thread(served) as url,
        closing(sqlite3.connect(database, isolation_level=None, check_same_thread=False)) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        submitted = pool.submit(httpx.post, f"{url}/api/ocr", json={"imageBase64": image}, headers=headers, timeout=20)
        opened = pool.submit(httpx.post, f"{url}/_mock/accounts", json={"pages": 1}, timeout=20)
        for _ in range(20):
            assert httpx.get(f"{url}/_mock").status_code == 200
            assert httpx.get(f"{url}/api/account", headers=headers).json() == {"pages": 1}
        assert not submitted.done()
        assert not opened.done()
        other.execute("ROLLBACK")
        assert (submitted.result().status_code, opened.result().status_code) == (200, 201)
        assert httpx.get(f"{url}/api/account", headers=headers).json() == {"pages": 0}
    served.store.close()


@pytest.mark.anyio
async def test_the_processes_of_one_server_are_patient_with_each_other(
    settings: Settings, contract: Contract, database: Path, connect: Connect
) -> None:
    server = build_server(replace(settings, database=database, busy_seconds=0.01, workers=2), contract)
    server.store.serve()
    headers = {"Authorization": f"Bearer {server.open_account(1).api_key}"}
    image = b64encode(fixture("page.png").content).decode()
    client = connect(server)
    with closing(sqlite3.connect(database, isolation_level=None)) as sibling:
        sibling.execute("BEGIN IMMEDIATE")
        submitted = asyncio.create_task(client.post("/api/ocr", json={"imageBase64": image}, headers=headers))
        opened = asyncio.create_task(client.post("/_mock/accounts", json={"pages": 1}))
        await asyncio.sleep(0.5)
        sibling.execute("ROLLBACK")
    assert ((await submitted).status_code, (await opened).status_code) == (200, 201)
    await server.queue.close()
    server.store.close()


def size_of_log(database: Path) -> int:
    return database.with_name("mock.db-wal").stat().st_size


def test_a_log_that_has_grown_is_emptied(kept: Server, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.store.LARGEST_LOG", 1_000_000)
    account = kept.open_account(10)
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM tasks").fetchall()
        for _ in range(300):
            created(kept, account)
        with kept.store.transaction():
            # Whoever reads keeps the log from being emptied, and nobody from writing.
            created(kept, account)
        assert size_of_log(database) > 1_000_000
    with kept.store.transaction():
        assert size_of_log(database) == 0


# Locks what SQLite locks while it writes the log into the file: https://www.sqlite.org/walformat.html#wal_locks
WRITE_LOG = (
    "import fcntl, sys; shm = open(sys.argv[1], 'r+b'); fcntl.lockf(shm, fcntl.LOCK_EX, 1, 121); print(); input()"
)


def test_nobody_goes_on_with_a_large_log_while_another_process_writes_it_into_the_file(
    kept: Server, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.open_account(10)
    other = [sys.executable, "-c", WRITE_LOG, f"{database}-shm"]
    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        kept.open_account(10)
        monkeypatch.setattr("mockserver.store.LARGEST_LOG", 1)
        with pytest.raises(StoreBusy, match="is locked by another process: its log is written into it"):
            kept.open_account(10)
        process.communicate(b"\n")
    kept.open_account(10)


@pytest.mark.anyio
async def test_a_task_outlasts_a_locked_database(
    kept: Server, database: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("mockserver.busy.RETRY_SECONDS", 0.01)
    account = kept.open_account(10)
    task = created(kept, account)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        kept.queue.wake(kept, account.account_id)
        while "a task waits, since the database is locked" not in caplog.text:
            await asyncio.sleep(0.001)
    while kept.tasks.is_unfinished(task.id):
        await asyncio.sleep(0.001)
    found = kept.tasks.find(account.account_id, task.id)
    assert found is not None
    assert found.status == "done"


def created(server: Server, account: OpenedAccount) -> Task:
    content = fixture("page.png").content
    return server.tasks.create(
        account_id=account.account_id, provider="paddle", pages=1, filename=None, content=content
    )
