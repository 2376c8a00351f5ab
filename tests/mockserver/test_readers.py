"""The processes that read PDF documents: lazy, limited, killed, replaced, in nobody's way, and gone with the server."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures import fixture
from mockserver import Settings, build_server, serve_in_thread
from mockserver.pdf import PdfReader
from mockserver.unreadable import UnreadableDocument
from spec import load_contract
from tests.mockserver.hostile.pdf_parts import MEGABYTE
from tests.mockserver.hostile.tables import object_stream_of_fifty_megabytes as large
from tests.mockserver.hostile.tables import object_stream_that_inflates_within_limits as slow_bomb

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
THREE_PAGES = fixture("three-pages.pdf").content


def status(pid: int) -> dict[str, str]:
    """What the system says about a process; empty if it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def workers_of(server: int) -> list[int]:
    """The processes that this process has started to read documents, and that have not ended."""
    processes = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return sorted(pid for pid in processes if status(pid).get("PPid") == str(server) and is_worker(pid))


def is_worker(pid: int) -> bool:
    """Whether this process is one and alive: one that has ended has no command line."""
    try:
        return b"pdf_worker.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def reader() -> Iterator[Callable[..., PdfReader]]:
    """Makes readers with these settings, and closes them; each starts its own workers, beside those there are."""
    made: list[PdfReader] = []

    def make(**settings: Any) -> PdfReader:
        made.append(PdfReader(Settings(**settings)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def new_workers() -> Callable[[], list[int]]:
    """Those that this process has started since."""
    before = set(workers_of(os.getpid()))
    return lambda: [pid for pid in workers_of(os.getpid()) if pid not in before]


async def test_one_is_started_by_the_first_document_and_kept(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader()
    assert new_workers() == []
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [first] = new_workers()
    for _ in range(20):
        assert await pdfs.count_pages(THREE_PAGES) == 3
    assert new_workers() == [first]


async def test_there_are_never_more_than_told(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_workers=2)
    assert await asyncio.gather(*(pdfs.count_pages(THREE_PAGES) for _ in range(20))) == [3] * 20
    assert 1 <= len(new_workers()) <= 2


async def test_one_that_takes_too_long_is_killed_and_replaced(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_count_seconds=0.3)
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [slow] = new_workers()
    start = time.perf_counter()
    with pytest.raises(UnreadableDocument, match="the PDF takes more than there is to read it"):
        await pdfs.count_pages(slow_bomb())
    assert 0.3 <= time.perf_counter() - start < 3
    assert not is_worker(slow)
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [replacement] = new_workers()
    assert replacement != slow


async def test_one_that_ended_by_itself_is_replaced(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader()
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [ended] = new_workers()
    os.kill(ended, signal.SIGKILL)
    wait_until(lambda: not is_worker(ended))
    assert await pdfs.count_pages(THREE_PAGES) == 3
    assert ended not in new_workers()


async def test_one_that_runs_out_of_memory_is_replaced(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_memory_bytes=140 * MEGABYTE)
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [worker] = new_workers()
    with pytest.raises(UnreadableDocument):
        await pdfs.count_pages(large())
    wait_until(lambda: not is_worker(worker))
    assert await pdfs.count_pages(THREE_PAGES) == 3
    assert await reader().count_pages(large()) == 1


async def test_the_system_bounds_the_memory(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    assert await reader(pdf_memory_bytes=140 * MEGABYTE).count_pages(THREE_PAGES) == 3
    [worker] = new_workers()
    assert resource.prlimit(worker, resource.RLIMIT_AS) == (140 * MEGABYTE, 140 * MEGABYTE)


def post(url: str, key: str, content: bytes) -> httpx.Response:
    body = json.dumps({"imageBase64": b64encode(content).decode()})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return httpx.post(f"{url}/api/ocr", content=body, headers=headers, timeout=20)


async def test_others_do_not_wait_for_a_bomb(new_workers: Callable[[], list[int]]) -> None:
    server = build_server(Settings(pdf_count_seconds=20), load_contract())
    key = server.open_account(100).api_key
    with serve_in_thread(server) as url:
        bomb = asyncio.create_task(asyncio.to_thread(post, url, key, slow_bomb()))
        await asyncio.to_thread(wait_until, lambda: len(new_workers()) == 1)
        [busy] = new_workers()
        # The first other PDF starts a worker.
        assert (await asyncio.to_thread(post, url, key, THREE_PAGES)).status_code == 200
        seconds = []
        for content in [fixture("page.png").content, THREE_PAGES] * 10:
            start = time.perf_counter()
            assert (await asyncio.to_thread(post, url, key, content)).status_code == 200
            seconds.append(time.perf_counter() - start)
        assert not bomb.done()
        assert max(seconds) < 1
        assert sum(seconds) < 5
        os.kill(busy, signal.SIGKILL)
        assert (await bomb).json()["error"] == "invalid_image_base64"
    assert new_workers() == []


@pytest.fixture
def served() -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """A server in a process of its own, its URL and a key."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--ready", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        yield process, facts["url"], facts["apiKey"]
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
async def test_none_survives_the_server(served: tuple["subprocess.Popen[str]", str, str], number: int) -> None:
    process, url, key = served
    assert workers_of(process.pid) == []
    assert post(url, key, THREE_PAGES).status_code == 200
    workers = workers_of(process.pid)
    assert workers
    process.send_signal(number)
    process.wait(10)
    wait_until(lambda: not any(map(is_worker, workers)))


async def test_a_busy_one_ends_soon_after_a_server_that_was_killed() -> None:
    code = (
        "import asyncio, sys; from mockserver import Settings; from mockserver.pdf import PdfReader\n"
        "asyncio.run(PdfReader(Settings(pdf_count_seconds=2)).count_pages(sys.stdin.buffer.read()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(slow_bomb())
        process.stdin.close()
        # Now it is in the middle of the document, which keeps it busy for longer than this test has.
        wait_until(lambda: any(megabytes(worker) > 120 for worker in workers_of(process.pid)))
        workers = workers_of(process.pid)
        process.kill()
    wait_until(lambda: not any(map(is_worker, workers)))


def megabytes(pid: int) -> int:
    """How much memory the process has in use."""
    return int(status(pid).get("VmRSS", "0 kB").removesuffix(" kB")) // 1024
