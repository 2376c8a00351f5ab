"""How the suite itself runs: where its time goes, what a distant target costs, and whether a verdict ever changes.

`python -m bench.suite profile|latency|flicker --target FILE`; `nox -s profile`, `latency` and `flicker` bring the mock.
"""

import os
import platform
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from _pytest import runner
from hypothesis.core import StateForActualGivenExecution
from rich.console import Console
from rich.table import Table

from bench.stopwatch import Stopwatch
from conformance import judge as judging
from conformance.judge import judge
from conformance.profile.profile import HooksAddress, Profile, profile_from_file
from conformance.report.view import Report
from conformance.session.course import Course
from conformance.strategies import images, pdfs, schema
from conformance.target import accounts, documents
from conformance.target.accounts import Accounts
from conformance.target.documents import Document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.wire.client import Client
from spec import load_contract
from tests.latency import far_away

SPEED = Path(__file__).parents[1] / "docs" / "suite-speed.md"
TARGET = click.option("--target", type=click.Path(path_type=Path), required=True, help="The target profile.")
REQUESTS, WAITING = "requests", "waiting for tasks and balances"
DRAWN, BUILT = "generation: what Hypothesis draws", "generation: documents, and bodies as JSON"
# What is timed, under which name. Within one another, what is left of the outer one's time is its own.
PARTS: tuple[tuple[str, object, str], ...] = (
    (REQUESTS, Client, "send"),
    # Accounts are created ahead and removed together, in other threads, for which this one waits.
    (REQUESTS, accounts, "wait"),
    (REQUESTS, Accounts, "remove_created"),
    (REQUESTS, Target, "send_together"),
    (WAITING, time, "sleep"),
    # All that Hypothesis does for a test that it generates for; what that sends, and waits for, counts as such.
    (DRAWN, StateForActualGivenExecution, "run_engine"),
    (DRAWN, schema, "schema_bodies"),
    # The tests are imported afterwards, and take the functions among these by name.
    (BUILT, Submission, "body"),
    (BUILT, Document, "base64"),
    (BUILT, documents, "noise"),
    (BUILT, images, "image"),
    (BUILT, pdfs, "pdf"),
    ("what the tests do themselves", pytest.Function, "runtest"),
    ("pytest around each test", runner, "runtestprotocol"),
    ("importing and collecting the tests", pytest.Session, "perform_collect"),
    *(("the report", judging, name) for name in ("build_report", "har", "bodies_apart")),
)
LEGEND = """\
Times are those of the thread that runs the tests. Requests are what lies between a request and its answer as values,
and the waiting for those of other threads; generation is what makes the bytes of documents and bodies, drawn or not.
Where one part calls another, the time is the inner one's: what the tests do themselves is comparing, and pytest around
each test is its fixtures, hooks and reports."""
LATENCY_GOAL, SECTION_GOAL, WHOLE_GOAL, REST_GOAL = 120.0, 3.0, 15.0, 0.1


@click.group()
def suite() -> None:
    """Measure the suite."""


@suite.command()
@TARGET
def profile(target: Path) -> None:
    """Say where the time of a run goes, and write it down."""
    watch, contract = Stopwatch(), load_contract()
    with ExitStack() as stack:
        for name, owner, attribute in PARTS:
            stack.enter_context(watch.timing(name, owner, attribute))
        started = time.perf_counter()
        judgement = judge(contract, profile_from_file(target))
        report, _ = judgement.report, judgement.beside
        watch.seconds["everything else"] = time.perf_counter() - started - sum(watch.seconds.values())
    whole, section = _process(target), _process(target, "--section", "authentication")
    text = _speed(report, watch, whole, section)
    SPEED.parent.mkdir(exist_ok=True)
    SPEED.write_text(text, encoding="utf-8")
    click.echo(text)


def _process(target: Path, *options: str) -> float:
    """Seconds of a whole process, start and imports included."""
    reports = str(target.parent / "reports")
    command = [sys.executable, "-m", "conformance", "run", "--target", str(target), "--reports", reports]
    started = time.perf_counter()
    subprocess.run([*command, "--quiet", *options], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _speed(report: Report, watch: Stopwatch, whole: float, section: float) -> str:
    total = sum(watch.seconds.values())
    parts = sorted(watch.seconds.items(), key=lambda part: -part[1])
    rest = 1 - sum(watch.seconds[name] for name in (REQUESTS, WAITING, DRAWN, BUILT)) / total
    rows = [f"| {name} | {seconds:.2f} | {seconds / total:.0%} |" for name, seconds in parts]
    return "\n".join(
        [
            "# How fast the suite is",
            "",
            "Written by `nox -s profile`, which starts the mock server beside the suite.",
            "",
            f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} meanwhile,"
            f" {report['requests']} requests, {len(report['rules'])} rules.",
            "",
            "| | seconds | goal |",
            "| --- | ---: | ---: |",
            f"| a whole run, from the start of the process to its end | {whole:.1f} | < {WHOLE_GOAL:.0f} |",
            f"| `--section authentication` | {section:.1f} | < {SECTION_GOAL:.0f} |",
            "",
            "| where the time of a run goes | seconds | share |",
            "| --- | ---: | ---: |",
            *rows,
            "",
            f"Neither requests nor generation: {rest:.0%} (goal: at most {REST_GOAL:.0%}).",
            "",
            LEGEND,
            "",
        ]
    )


@suite.command()
@TARGET
@click.option("--milliseconds", type=float, default=100, show_default=True, help="What a round trip takes longer.")
@click.option("--processes", type=int, default=1, show_default=True)
def latency(target: Path, milliseconds: float, processes: int) -> None:
    """Judge a target that is far away; more than two minutes are too many."""
    near = profile_from_file(target)
    with far_away(near.base_url, milliseconds / 1000) as url:
        report = judge(load_contract(), _moved(near, url), course=Course(processes=processes)).report
    _print_latency(report)
    told = f"{report['seconds']:.1f} seconds at {milliseconds:.0f} ms, in {processes} process(es)"
    click.echo(f"{report['verdict']}: {told}")
    sys.exit(report["verdict"] != "passed" or report["seconds"] > LATENCY_GOAL)


def _moved(near: Profile, url: str) -> Profile:
    """The profile of the same deployment at another address."""
    hooks = near.hooks and HooksAddress(url=url + urlsplit(near.hooks.url).path, token=near.hooks.token)
    return replace(near, base_url=url, hooks=hooks)


def _print_latency(report: Report) -> None:
    table = Table("requests", "count", "median", "seconds in all")
    for kind, times in report["timing"]["latency"].items():
        table.add_row(kind, str(times["count"]), str(times["median"]), f"{times['count'] * times['median']:.1f}")
    Console().print(table)


@suite.command()
@TARGET
@click.option("--runs", type=int, default=20, show_default=True)
def flicker(target: Path, runs: int) -> None:
    """Judge the same target again and again, each time in another order: no verdict is to change."""
    contract, deployment = load_contract(), profile_from_file(target)
    first: dict[str, str] = {}
    table, changed = Table("run", "seconds", "requests", "verdict", "other than in the first run"), 0
    for seed in range(1, runs + 1):
        report = judge(contract, deployment, strict=True, course=Course(seed=seed, shuffled=True)).report
        verdicts = {rule["id"]: rule["verdict"] for rule in report["rules"]} | {"faults": str(report["faults"])}
        first = first or verdicts
        others = [f"{name}: {verdict}" for name, verdict in verdicts.items() if verdict != first[name]]
        changed += bool(others)
        numbers = (str(seed), f"{report['seconds']:.1f}", str(report["requests"]))
        table.add_row(*numbers, report["verdict"], "; ".join(others))
    Console().print(table)
    click.echo(f"{runs} runs in random order, {changed} with a verdict of their own")
    sys.exit(changed > 0)


if __name__ == "__main__":
    suite(prog_name="python -m bench.suite")
