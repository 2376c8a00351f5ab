"""Starts the independent server and judges it. What the server is like is said in its own files (`*.mjs`)."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance.judge import judge
from conformance.profile.profile import Profile, profile_from_file
from conformance.session.course import Course
from conformance.session.selection import Selection
from spec import Limit, load_contract

SERVER = Path(__file__).with_name("server.mjs")
OLDEST = 18


def _node() -> str | None:
    """The command, if there is one, and if it is not older than what the server is written for."""
    node = shutil.which("node")
    if node is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.fullmatch(r"v(\d+)\..*", told.stdout.strip())
    return node if told.returncode == 0 and version and int(version[1]) >= OLDEST else None


NODE = _node()


def listed() -> dict[str, dict[str, Any]]:
    """The variants, each with the readings that it stands for, and the bugs, each with the rules that it breaks."""
    shown = subprocess.run([NODE or "node", str(SERVER), "--list"], capture_output=True, check=True, text=True)
    found: dict[str, dict[str, Any]] = json.loads(shown.stdout)
    return found


@contextmanager
def served(*options: str) -> Iterator[Profile]:
    """The target profile of a server that runs with these options; it ends with the block."""
    command = [NODE or "node", str(SERVER), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            assert line, "the independent server did not start"
            yield _profile(json.loads(line)["profile"])
        finally:
            server.terminate()


def _profile(values: dict[str, Any]) -> Profile:
    """Read as users write it, from a file: JSON is YAML."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        json.dump(values, file)
        file.flush()
        return profile_from_file(Path(file.name), os.environ)


def judged(
    *,
    variants: Sequence[str] = (),
    bugs: Sequence[str] = (),
    megabytes: int = 10,
    course: Course | None = None,
    selection: Selection | None = None,
) -> dict[str, Any]:
    """The report on a server with these variants and bugs, strictly judged by a limit of so many megabytes."""
    options = ["--megabytes", str(megabytes)]
    options += [word for name in variants for word in ("--variant", name)]
    options += [word for name in bugs for word in ("--bug", name)]
    contract = replace(load_contract(), limit=Limit(megabytes=megabytes))
    with served(*options) as profile:
        return judge(contract, profile, selection, strict=True, course=course).report


def rules(report: dict[str, Any], verdict: str) -> list[str]:
    """The rules of a report that have this verdict."""
    return [rule["id"] for rule in report["rules"] if rule["verdict"] == verdict]
