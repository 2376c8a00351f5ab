"""The servers that are measured, each in a process of its own on one core."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
SPEC = ROOT / "spec" / "openapi.yaml"
START_SECONDS = 30.0

# More than any run submits.
PAGES = 10**9


class ServerError(Exception):
    """A server did not start, or does not do what it is measured for."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A server that can be started; `{port}` in its command is replaced.

    One that `refuses` does so with what the documentation refuses; a peer is somebody else's.
    """

    name: str
    version: str
    command: tuple[str, ...]
    refuses: bool = False
    is_peer: bool = False


@dataclass(frozen=True, kw_only=True)
class Running:
    """A candidate that answers. `ready_seconds` after it was started it did so for the first time."""

    candidate: Candidate
    pid: int
    port: int
    ready_seconds: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/ocr"

    def key(self) -> str:
        """A key of an account that has enough pages; anything will do where keys are not looked up."""
        if not self.candidate.refuses:
            return "sk_anything"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", "/_mock/accounts", json.dumps({"pages": PAGES}))
            return str(json.loads(connection.getresponse().read())["apiKey"])
        finally:
            connection.close()


def yardstick() -> Candidate:
    command = (sys.executable, "-m", "bench.yardstick", "{port}")
    return Candidate(name="yardstick", version="a bare Starlette application", command=command)


def reference(version: str) -> Candidate:
    command = (sys.executable, "-m", "mockserver", "serve", "--port", "{port}", "--ready", "json")
    return Candidate(name="startocr-mock", version=version, command=command, refuses=True)


@contextmanager
def running(candidate: Candidate, *, core: int) -> Iterator[Running]:
    """Start it on that core, and wait until it answers."""
    port = free_port()
    command = ["taskset", "--cpu-list", str(core), *(part.format(port=port) for part in candidate.command)]
    started = time.monotonic()
    # Compiled modules are kept, as they are where a server is installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # What it says goes to a file: a pipe that nobody reads would stop it.
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, cwd=ROOT, env=environment) as process,
    ):
        try:
            wait_until_answering(candidate, process, port, said)
            ready = time.monotonic() - started
            yield Running(candidate=candidate, pid=process.pid, port=port, ready_seconds=ready)
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_until_answering(candidate: Candidate, process: "subprocess.Popen[bytes]", port: int, said: IO[bytes]) -> None:
    """Ask for a path that nobody has, until there is an answer. Raises ServerError."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise ServerError(f"{candidate.name} ended at once: {lines[-1] if lines else 'it said nothing'}")
        if answers(port):
            return
        time.sleep(0.002)
    raise ServerError(f"{candidate.name} did not answer within {START_SECONDS:.0f} s")


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
