"""What large documents leave free in memory goes back to the system, when there is nothing else to do."""

import asyncio
import os
import platform
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from mockserver import memory
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


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="with another allocator nothing is done")
def test_what_is_free_between_what_is_used_goes_back() -> None:
    blocks = [bytes(60_000) for _ in range(1000)]
    used = blocks[::50]
    blocks.clear()
    before = resident()
    memory.give_back()
    assert before - resident() > 30e6
    assert len(used) == 20
