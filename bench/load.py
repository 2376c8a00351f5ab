"""The load: one request again and again by wrk, from another core than the server's."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("wrk.lua")
CONNECTIONS = 16
INSTALL = "wrk is not installed: apt-get install wrk"


class LoadError(Exception):
    """The load did not do what it should have: what was measured says nothing."""


class Silence(LoadError):  # noqa: N818 - what was heard
    """No answer came; on a machine that is busy with something else the next try may be heard."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came back: answers with the expected status, how long it took, and the 99th percentile, in seconds."""

    requests: int
    seconds: float
    p99: float


def is_installed() -> bool:
    return shutil.which("wrk") is not None


def put(url: str, *, body: Path, headers: Mapping[str, str], status: int, seconds: int, core: int) -> Load:
    """Send that request for some seconds. Raises LoadError if an answer has another status, or none comes."""
    command = ["taskset", "--cpu-list", str(core), "wrk", "--threads", "1", "--connections", str(CONNECTIONS)]
    command += ["--duration", f"{seconds}s", "--timeout", "20s", "--script", str(SCRIPT), url, "--"]
    command += [str(body), str(status), *(part for header in headers.items() for part in header)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=False)
    if ended.returncode:
        raise LoadError(f"wrk ended with status {ended.returncode}: {ended.stderr.strip()}")
    return parse(ended.stdout)


def parse(output: str) -> Load:
    """The last line of what wrk.lua prints. Raises LoadError if something else came back than was expected."""
    try:
        facts = json.loads(output.strip().splitlines()[-1])
    except (IndexError, ValueError) as problem:
        raise LoadError("wrk printed no result") from problem
    if not facts["requests"]:
        raise Silence("no answer came in time")
    if facts["other"] or facts["errors"]:
        raise LoadError("{requests} answers, {other} with another status, {errors} errors".format(**facts))
    return Load(requests=facts["requests"], seconds=facts["microseconds"] / 1e6, p99=facts["p99"] / 1e6)
