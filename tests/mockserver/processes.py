"""Servers in processes of their own, for tests that kill them."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Process:
    """`startocr-mock serve` with these options; `limit` is called in the process before it starts."""

    def __init__(self, *options: str, limit: Callable[[], None] | None = None, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mockserver", "serve", "--ready", "json", *options],
            env={**os.environ, "PYTHONPATH": str(ROOT), "STARTOCR_MOCK_PORT": "0", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit,
        )
        self.pid = self._process.pid

    def ready(self) -> dict[str, Any]:
        """The line that it prints when it is ready."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        facts: dict[str, Any] = json.loads(line)
        return facts

    def kill(self) -> None:
        """SIGKILL; returns when the process is gone. What it printed is of no interest."""
        self._process.kill()
        self._process.communicate(timeout=10)

    def terminate(self) -> tuple[int, str]:
        """SIGTERM; exit status and what was printed to stderr."""
        self._process.terminate()
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Exit status and what was printed to stderr, once it has ended by itself."""
        _, err = self._process.communicate(timeout=20)
        return self._process.returncode, err

    def complaint(self) -> str:
        """What it prints to stderr in place of starting: one line, with status 2."""
        try:
            status, err = self.ended()
        finally:
            self.kill()
        assert (status, err.count("\n")) == (2, 1)
        return err

    def children(self) -> list[int]:
        """The process ids of its workers."""
        text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(number) for number in text.split()]


def free_port() -> int:
    """A port that a server can have again and again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copied(database: Path, folder: Path) -> Path:
    """The database as a process left it, to be looked at without anything being changed for the next one."""
    folder.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        source, target = Path(f"{database}{suffix}"), folder / f"{database.name}{suffix}"
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)
    return folder / database.name
