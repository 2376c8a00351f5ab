"""CPU time per request, answers per second and the slowest percent: in rounds, in which every server has its turn.

Whatever else the machine does meets all servers alike that way, and a median drops what met one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from bench import load, processes, uploads
from bench.cases import Case
from bench.servers import Running

TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Plan:
    """So many rounds, of so many seconds a turn, with the load on that core; bodies are files in the folder."""

    rounds: int
    seconds: int
    core: int
    folder: Path


def measure(servers: Sequence[Running], cases: Iterable[Case], plan: Plan) -> dict[str, dict[str, Any]]:
    """By case and server, what `one_turn` has, as medians, and the CPU time of every round; or why there is nothing.

    Raises LoadError if a server of this project does not answer as it should.
    """
    return {case.name: _case(servers, case, plan) for case in cases}


def _case(servers: Sequence[Running], case: Case, plan: Plan) -> dict[str, dict[str, Any]]:
    body = case.write(plan.folder)
    keys = [server.key() for server in servers]
    turns: dict[str, list[dict[str, float]]] = {server.candidate.name: [] for server in servers}
    failed: dict[str, dict[str, Any]] = {}
    for _ in range(plan.rounds):
        for server, key in zip(servers, keys, strict=True):
            name = server.candidate.name
            try:
                if name not in failed:
                    turns[name].append(patient_turn(server, case, key=key, plan=plan, body=body))
            except load.LoadError as problem:
                if not server.candidate.is_peer:
                    raise load.LoadError(f"{name}, {case.name}: {problem}; try again with more --seconds") from problem
                failed[name] = {"not_measured": str(problem)}
    return {name: failed.get(name) or _medians(taken) for name, taken in turns.items()}


def patient_turn(server: Running, case: Case, *, key: str, plan: Plan, body: Path) -> dict[str, float]:
    """A turn; one in which no answer came is taken again, with more time."""
    for longer in range(1, TRIES):
        try:
            return one_turn(server, case, key=key, plan=replace(plan, seconds=longer * plan.seconds), body=body)
        except load.Silence:
            continue
    return one_turn(server, case, key=key, plan=replace(plan, seconds=TRIES * plan.seconds), body=body)


def one_turn(server: Running, case: Case, *, key: str, plan: Plan, body: Path) -> dict[str, float]:
    """One server under load. All CPU time counts that follows from the requests, also after they were answered."""
    processes.wait_until_idle(server.pid)
    before = processes.cpu_seconds(server.pid)
    status = case.status if server.candidate.refuses else 200
    seconds = case.weight * plan.seconds
    if case.early:
        came = uploads.put(server.port, uploads.raw_request(case, key), status=status, seconds=seconds)
    else:
        headers = case.headers(key)
        came = load.put(server.url, body=body, headers=headers, status=status, seconds=seconds, core=plan.core)
    answered = processes.cpu_seconds(server.pid)
    processes.wait_until_idle(server.pid)
    return {
        "cpu_us": (processes.cpu_seconds(server.pid) - before) / came.requests * 1e6,
        "answered_cpu_us": (answered - before) / came.requests * 1e6,
        "per_second": came.requests / came.seconds,
        "p99_ms": came.p99 * 1e3,
    }


def _medians(turns: Sequence[dict[str, float]]) -> dict[str, Any]:
    medians: dict[str, Any] = {name: round(median(turn[name] for turn in turns), 2) for name in turns[0]}
    return {**medians, "rounds_cpu_us": [round(turn["cpu_us"], 2) for turn in turns]}
