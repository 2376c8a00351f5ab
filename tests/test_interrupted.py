"""Whoever ends a run, or whatever does, a valid report is left that says so and claims nothing that was not seen."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.report.schema import mistake
from tests.servers import ORIGIN, reference, served, small_contract

FILES = {"report.json", "index.html", "junit.xml", "summary.md", "traffic.har"}
PATIENCE = 60.0


def pausing_at(number: int, reached: threading.Event) -> Callable[[ASGIApp], ASGIApp]:
    """The request of this number is not answered; that it came is told."""

    def wrap(app: ASGIApp) -> ASGIApp:
        numbers = count()

        async def pause(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or next(numbers) != number:
                await app(scope, receive, send)
                return
            reached.set()
            while (await receive())["type"] != "http.disconnect":
                pass

        return pause

    return wrap


def dying_at(number: int) -> Callable[[ASGIApp], ASGIApp]:
    """From the request of this number on nothing is answered, and every connection is closed."""

    def wrap(app: ASGIApp) -> ASGIApp:
        numbers = count()

        async def die(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and next(numbers) >= number:
                raise RuntimeError
            await app(scope, receive, send)

        return die

    return wrap


def started(url: str, folder: Path, *options: str) -> subprocess.Popen[str]:
    """A run over HTTP, as a process of its own."""
    profile = folder / "target.yaml"
    options_ = f"hooks: {{url: '{url}/_mock'}}\ncors: {{allowed_origin: '{ORIGIN}'}}\nwait: {{task_seconds: 2}}\n"
    profile.write_text(f"base_url: {url}\n{options_}", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STARTOCR_", "GITHUB_"))}
    command = [sys.executable, "-m", "conformance", "run", "--target", str(profile), "--reports", str(folder / "out")]
    return subprocess.Popen(
        [*command, *options], env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that has may wait for somebody to ask how."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def left(process: subprocess.Popen[str], folder: Path) -> dict[str, Any]:
    """The report that a run left, once it is seen to be whole."""
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 4, output
    assert "Traceback" not in output
    assert {path.name for path in (folder / "out").iterdir() if path.is_file()} == FILES
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    assert mistake(report) is None
    assert JUnitXml.fromfile(str(folder / "out" / "junit.xml")).errors > 0
    assert report["verdict"] == "error"
    return dict(report)


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two processes"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_somebody_ends_tells_what_it_saw_until_then(
    number: signal.Signals, options: tuple[str, ...], tmp_path: Path
) -> None:
    reached = threading.Event()
    with served(reference(small_contract()), pausing_at(60, reached)) as target:
        process = started(target.base_url, tmp_path, *options)
        assert reached.wait(PATIENCE)
        helpers = children(process.pid)
        process.send_signal(number)
        report = left(process, tmp_path)
    assert len(helpers) >= len(options)
    deadline = time.monotonic() + PATIENCE
    while any(map(is_running, helpers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [helper for helper in helpers if is_running(helper)] == []
    assert report["faults"] == ["the run was interrupted"]
    verdicts = {rule["id"]: rule["verdict"] for rule in report["rules"]}
    assert {"passed", "error"} == set(verdicts.values())
    assert verdicts["auth.key_accepted"] == "passed"
    assert verdicts["cors.preflight"] == "error"
    assert {rule["reason"] for rule in report["rules"] if rule["verdict"] == "error"} == {
        "the run was interrupted before it ended"
    }
    assert "the run was interrupted" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_no_rule_passes_of_which_a_test_did_not_end(tmp_path: Path) -> None:
    reached = threading.Event()
    with served(reference(small_contract()), pausing_at(12, reached)) as target:
        process = started(target.base_url, tmp_path, "--rules", "auth.unknown_key")
        assert reached.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        (rule,) = left(process, tmp_path)["rules"]
    assert {test["verdict"] for test in rule["tests"]} == {"passed", "error"}
    assert rule["verdict"] == "error"


def test_a_run_that_is_ended_before_its_first_test_claims_nothing(tmp_path: Path) -> None:
    reached = threading.Event()
    with served(reference(small_contract()), pausing_at(0, reached)) as target:
        process = started(target.base_url, tmp_path)
        assert reached.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        report = left(process, tmp_path)
    told = {(rule["verdict"], rule["reason"]) for rule in report["rules"]}
    assert told == {("error", "the run was interrupted before a test looked at it")}


def test_a_target_that_dies_leaves_what_was_seen_of_it(tmp_path: Path) -> None:
    with served(reference(small_contract()), dying_at(100)) as target:
        report = left(started(target.base_url, tmp_path), tmp_path)
    assert {rule["verdict"] for rule in report["rules"]} == {"passed", "error"}
    assert report["faults"] == ["the target went away, and nothing was judged from then on"]
