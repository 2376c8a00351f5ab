"""What large documents leave free in memory goes back to the system, when there is nothing else to do."""

import asyncio
import os
import platform
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from mockserver import Server, memory, serve_in_thread
from mockserver.server import OpenedAccount

Submit = Callable[..., Awaitable[httpx.Response]]


def resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.anyio
@pytest.mark.parametrize("provider", ["paddle", "baidu"])
async def test_it_goes_back_once_when_nobody_needs_any(
    submit: Submit, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    returned: list[int] = []
    monkeypatch.setattr(memory, "give_back", lambda: returned.append(1))
    monkeypatch.setattr(memory, "QUIET_SECONDS", 0.5)
    for _ in range(3):
        assert (await submit(provider=provider)).status_code == 200
        await asyncio.sleep(0.02)
    await asyncio.sleep(1.2)
    assert returned == [1]


@pytest.mark.anyio
async def test_while_a_body_comes_none_goes_back(
    http: httpx.AsyncClient, account: OpenedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned: list[int] = []
    monkeypatch.setattr(memory, "give_back", lambda: returned.append(1))
    monkeypatch.setattr(memory, "QUIET_SECONDS", 0.02)

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"no JSON"
            await asyncio.sleep(0.05)
            seen.append(len(returned))

    seen: list[int] = []
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    assert (await http.post("/api/ocr", content=slowly(), headers=headers)).status_code == 400
    assert seen == [0] * 5
    await asyncio.sleep(0.2)
    assert returned == [1]


GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="with another allocator nothing is done")

# How many pages are taken again for ten times what four documents of nine megabytes need.
FAULTS = """
import resource
from mockserver import memory
if {kept}:
    memory.keep()
def use():
    return len([b"x" * 9_000_000 for _ in range(4)])
use()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    use()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(kept: bool) -> int:
    """In a process of its own, since nothing can be un-kept."""
    command = [sys.executable, "-c", FAULTS.format(kept=kept)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@GLIBC
def test_what_is_free_at_the_end_is_kept_for_the_next_document() -> None:
    assert faults(kept=True) < 1000 < 10_000 < faults(kept=False)


def test_a_server_keeps_what_is_free(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr("mockserver.app.keep", lambda: kept.append(1))
    with serve_in_thread(server):
        assert kept == [1]


@GLIBC
def test_what_is_free_between_what_is_used_goes_back() -> None:
    blocks = [bytes(60_000) for _ in range(1000)]
    used = blocks[::50]
    blocks.clear()
    before = resident()
    memory.give_back()
    assert before - resident() > 30e6
    assert len(used) == 20
