"""Where the CPU time of a request goes: by part of the server, in microseconds, under the same load as elsewhere."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bench import rounds
from bench.cases import Case
from bench.sampled import HTTP, PARTS
from bench.servers import Candidate, running

# So that even a small part is seen some hundred times.
LONGER = 3


def measure(cases: Iterable[Case], core: int, plan: rounds.Plan) -> dict[str, dict[str, float]]:
    """By case, the parts; together they are what the server takes for a request."""
    return {case.name: one_case(case, core, replace(plan, seconds=LONGER * plan.seconds)) for case in cases}


def one_case(case: Case, core: int, plan: rounds.Plan) -> dict[str, float]:
    file = plan.folder / "parts.json"
    command = (sys.executable, "-m", "bench.sampled", "{port}", str(file))
    sampled = Candidate(name="startocr-mock, sampled", version="", command=command, refuses=True)
    with running(sampled, core=core) as server:
        body = case.write(plan.folder)
        turn = rounds.patient_turn(server, case, key=server.key(), plan=plan, body=body)
    return shares(turn["cpu_us"], json.loads(file.read_text(encoding="utf-8")))


def shares(cpu: float, seconds: Mapping[str, float]) -> dict[str, float]:
    """The CPU time of one request, divided as that of all was."""
    whole = sum(seconds.values())
    return {name: round(cpu * seconds.get(name, 0.0) / whole, 2) for name in (HTTP, *PARTS)}
