"""The results as the page docs/benchmarks.md. What is said in it beside the numbers is said here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.goals import NOISE, Goal, goals, ratio
from bench.reasons import reasons

INTRODUCTION = """\
# Benchmarks

Written by `nox -s bench -- --into docs`; [benchmarks.json](benchmarks.json) has the numbers of every round. To measure
again: `nox -s bench` (wrk is needed: `apt-get install wrk`; npm for the peers). `nox -s bench -- --check` takes the
reference server and the yardstick alone and fails if a goal is missed by more than {noise} %.

## Method

The server runs on one core and the load on another: wrk, {connections} connections, {rounds} rounds, in each of which
every server has its turn of {seconds} s (three times as long for bodies of ten megabytes); the figures are medians.
What counts is the CPU time that the server itself used for a request, its children included, as `/proc/PID/stat` has
it, from the first request until the server is idle again: what it does after the answer (the recognition of the queued
task, in the reference server) counts, too; "until the last answer" is without it, as far as it comes later. Answers per
second and the 99th percentile stand beside it; they depend on what else the machine does.

A 413 is answered before the request has been sent. wrk then waits for an answer that it has had, so these requests come
over sockets of our own, each sent as a whole before its answer is read.

The yardstick is a bare Starlette application on the same uvicorn (uvloop, httptools) that reads the body and answers a
constant. Submissions are PNG images of noise, valid in every respect. Prism and openapi-backend serve our own
`spec/openapi.yaml`: they validate against the schema and answer its example; they know no keys, decode no image, count
no page and keep nothing.
"""

SAMPLING = """\
By a server of its own under the same load, into which a timer looks every millisecond (`bench/sampled.py`).
"""


def page(results: Mapping[str, Any]) -> str:
    """The page in Markdown."""
    method = results["method"]
    parts = [
        INTRODUCTION.format(noise=round(NOISE * 100), **method),
        _machine(results),
        "## Goals\n",
        _table(("goal", "limit", "measured", ""), map(_goal, goals(results))),
        *_why(results),
        _parts(results["parts"], results["requests"]),
        *(_case(name, case) for name, case in results["requests"].items()),
        _memory(results["memory"]),
        "## Start\n",
        _table(
            ("server", "ready (ms)", "CPU (s)", "idle (MB)"),
            (
                (name, f"{one['ready_ms']:.0f}", f"{one['cpu_seconds']:.2f}", f"{one['idle_mb']:.0f}")
                for name, one in results["start"].items()
            ),
        ),
    ]
    return "\n".join(parts)


def _machine(results: Mapping[str, Any]) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    servers = ", ".join(f"{name} {version}" for name, version in results["servers"].items())
    load = results["load_average"]
    reason = results["not_measured"]
    lines = [
        f"Measured on: {facts}. Servers: {servers}.",
        f"Load average before {load['before']}, after {load['after']} (the measurement itself makes about 2).",
        *([f"Prism and openapi-backend are not measured: {reason}."] if reason else []),
    ]
    return "\n".join(lines) + "\n"


def _goal(goal: Goal) -> tuple[str, str, str, str]:
    sign = "at least" if goal.at_least else "at most"
    return goal.says, f"{sign} {goal.limit:g}", f"{goal.measured:.2f}", "met" if goal.is_met else "**missed**"


def _why(results: Mapping[str, Any]) -> Iterable[str]:
    found = reasons(results)
    return ["## Why goals are missed\n", *(f"- {reason}" for reason in found), ""] if found else []


def _parts(parts: Mapping[str, Mapping[str, float]], requests: Mapping[str, Any]) -> str:
    """The parts of each size side by side, their sum, and what the yardstick takes for everything."""
    names = next(iter(parts.values()))
    rows = [
        *((name, *(f"{parts[case][name]:.0f}" for case in parts)) for name in names),
        ("together", *(f"{sum(each.values()):.0f}" for each in parts.values())),
        ("yardstick", *(f"{requests[case]['yardstick']['cpu_us']:.0f}" for case in parts)),
    ]
    head = ("part, µs of CPU time a request", *parts)
    return f"## Where the time of a request goes\n\n{SAMPLING}\n{_table(head, rows)}"


def _case(name: str, case: Mapping[str, Any]) -> str:
    rows = (_turns(case, server) for server in case)
    head = (
        "server",
        "CPU a request (µs)",
        "against the yardstick",
        "until the last answer",
        "answers a second",
        "p99 (ms)",
    )
    title = f"Submission, {name}" if "B" in name else f"Refusal, {name}"
    return f"## {title}\n\n{_table(head, rows)}"


def _turns(case: Mapping[str, Any], server: str) -> tuple[str, ...]:
    turns = case[server]
    if "not_measured" in turns:
        return server, f"not measured: {turns['not_measured']}", "", "", "", ""
    return (
        server,
        f"{turns['cpu_us']:.0f}",
        f"{ratio(case, server):.2f}",
        f"{ratio(case, server, 'answered_cpu_us'):.2f}",
        f"{turns['per_second']:.0f}",
        f"{turns['p99_ms']:.1f}",
    )


def _memory(memory: Mapping[str, Any]) -> str:
    flight, uploads = memory["in_flight"], memory["uploads"]
    sizes = ", ".join(f"{size:.0f}" for size in uploads["resident_mb"])
    peaks = ", ".join(f"{size:.0f}" for size in uploads["peak_mb"])
    return f"""\
## Memory

Ten uploads of 9.9 MB, each sent but for its last byte, hold {flight["held_bodies"]} bodies each over idle
({flight["idle_mb"]} MB); when all are completed at once, the peak is {flight["peak_bodies"]}.

One such upload alone, from its first byte to its recognition, has its peak at {flight["alone_bodies"]} bodies.

{uploads["uploads"]} uploads of 4 MB by 16 connections. Resident MB at rest, before and after each tenth: {sizes}. Peak
within each tenth: {peaks}.
"""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
