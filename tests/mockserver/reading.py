"""What tests see of the processes that read documents, and the plain submission that sets them to work."""

import json
import os
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import httpx


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


def megabytes(pid: int) -> int:
    """How much memory the process has in use."""
    return int(status(pid).get("VmRSS", "0 kB").removesuffix(" kB")) // 1024


def cpu_seconds(pid: int) -> float:
    """How much time of a processor the process has had; none if it has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def post(url: str, key: str, content: bytes, provider: str = "paddle") -> httpx.Response:
    body = json.dumps({"imageBase64": b64encode(content).decode(), "provider": provider})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return httpx.post(f"{url}/api/ocr", content=body, headers=headers, timeout=20)
