"""`python -m bench`: measures, writes `benchmarks.json` and `benchmarks.md`, and says which goals are met."""

import json
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from bench import load, machine, memory, parts, peers, rounds, starting
from bench.cases import REFUSALS, SUBMISSIONS
from bench.goals import goals
from bench.page import page
from bench.servers import Candidate, ServerError, reference, running, yardstick
from spec.version import __version__

UPLOADS = 2000
STARTS = 5


@click.command(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.option("--rounds", "times", type=click.IntRange(1, 20), default=3, help="How many turns each server has.")
@click.option("--seconds", type=click.IntRange(1, 10), default=2, help="How long a turn is.")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default="reports/bench", help="A folder.")
@click.option("--check", is_flag=True, help="Without the peers and shorter; exit 1 if a goal is missed by 10 %.")
def main(times: int, seconds: int, into: Path, check: bool) -> None:
    """Measure the reference server against a bare application, Prism and openapi-backend."""
    require_tools()
    try:
        results = measured(times, seconds, check=check)
    except (load.LoadError, ServerError) as problem:
        raise click.ClickException(str(problem)) from problem
    into.mkdir(parents=True, exist_ok=True)
    (into / "benchmarks.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (into / "benchmarks.md").write_text(page(results), encoding="utf-8")
    missed = report(results)
    click.echo(f"Written: {into / 'benchmarks.md'}, {into / 'benchmarks.json'}")
    sys.exit(1 if check and missed else 0)


def require_tools() -> None:
    """Raises UsageError if something is missing that cannot be done without."""
    if shutil.which("wrk") is None:
        raise click.UsageError(load.INSTALL)
    if shutil.which("taskset") is None:
        raise click.UsageError("taskset is not installed: apt-get install util-linux")
    if len(os.sched_getaffinity(0)) < 2:
        raise click.UsageError("two cores are needed, one for a server and one for the load")


def measured(times: int, seconds: int, *, check: bool) -> dict[str, Any]:
    server_core, load_core = sorted(os.sched_getaffinity(0))[:2]
    # What looks at a server is not to be in its way.
    os.sched_setaffinity(0, {load_core})
    before = machine.load_average()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        others, reason = ((), "left out by --check") if check else installed(folder)
        plan = rounds.Plan(rounds=times, seconds=seconds, core=load_core, folder=folder)
        candidates = (yardstick(), reference(__version__), *others)
        return {
            "machine": machine.facts(),
            "servers": {candidate.name: candidate.version for candidate in candidates},
            "not_measured": reason,
            "method": {"rounds": times, "seconds": seconds, "connections": load.CONNECTIONS, "starts": STARTS},
            "start": starting.measure(candidates, times=STARTS, core=server_core),
            "memory": of_memory(server_core, UPLOADS),
            "requests": of_requests(candidates, server_core, plan),
            "parts": parts.measure((*SUBMISSIONS, *REFUSALS), server_core, plan),
            "load_average": {"before": before, "after": machine.load_average()},
        }


def installed(folder: Path) -> tuple[tuple[Candidate, ...], str]:
    """The peers, and why there are none."""
    try:
        return peers.install(folder), ""
    except peers.NotInstalled as problem:
        return (), str(problem)


def of_memory(core: int, uploads: int) -> dict[str, Any]:
    with running(reference(__version__), core=core) as server:
        alone = memory.alone(server)
    with running(reference(__version__), core=core) as server:
        flight = {**memory.in_flight(server), "alone_bodies": alone}
    with running(reference(__version__), core=core) as server:
        return {"in_flight": flight, "uploads": memory.over_uploads(server, uploads)}


def of_requests(candidates: tuple[Candidate, ...], core: int, plan: rounds.Plan) -> dict[str, Any]:
    """Submissions by all servers; refusals by the yardstick and by the reference, which alone refuses."""
    with ExitStack() as stack:
        servers = [stack.enter_context(running(candidate, core=core)) for candidate in candidates]
        return {**rounds.measure(servers, SUBMISSIONS, plan), **rounds.measure(servers[:2], REFUSALS, plan)}


def report(results: dict[str, Any]) -> bool:
    """Say which goals are met; whether one is missed by more than the noise."""
    found = goals(results)
    for goal in found:
        sign = "≥" if goal.at_least else "≤"
        click.echo(f"{'met   ' if goal.is_met else 'MISSED'} {goal.measured:>8.2f} {sign} {goal.limit:<6} {goal.says}")
    return any(goal.is_missed for goal in found)


if __name__ == "__main__":
    main(prog_name="python -m bench")
