"""What large documents leave free in memory goes back to the system, when there is nothing else to do."""

import asyncio
import os
import platform
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from mockserver import memory

Submit = Callable[..., Awaitable[httpx.Response]]


def resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.anyio
@pytest.mark.parametrize("provider", ["paddle", "baidu"])
async def test_it_goes_back_once_after_the_last_recognition(
    submit: Submit, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    returned: list[int] = []
    monkeypatch.setattr(memory, "return_now", lambda: returned.append(1))
    monkeypatch.setattr(memory, "QUIET_SECONDS", 0.2)
    for _ in range(3):
        assert (await submit(provider=provider)).status_code == 200
        await asyncio.sleep(0.02)
    assert not returned
    await asyncio.sleep(0.5)
    assert returned == [1]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="with another allocator nothing is done")
def test_what_is_free_between_what_is_used_goes_back() -> None:
    blocks = [bytes(60_000) for _ in range(1000)]
    used = blocks[::50]
    blocks.clear()
    before = resident()
    memory.return_now()
    assert before - resident() > 30e6
    assert len(used) == 20
