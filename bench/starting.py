"""The start: seconds until a server answers, the CPU time that it takes, and the memory that it then rests in."""

from collections.abc import Sequence
from statistics import median

from bench import processes
from bench.servers import Candidate, running


def measure(candidates: Sequence[Candidate], *, times: int, core: int) -> dict[str, dict[str, float]]:
    """Medians by server; each is started once before, so that Python finds its compiled modules."""
    started: dict[str, list[dict[str, float]]] = {candidate.name: [] for candidate in candidates}
    for candidate in candidates:
        once(candidate, core)
    for _ in range(times):
        for candidate in candidates:
            started[candidate.name].append(once(candidate, core))
    return {
        name: {key: round(median(one[key] for one in each), 3) for key in each[0]} for name, each in started.items()
    }


def once(candidate: Candidate, core: int) -> dict[str, float]:
    with running(candidate, core=core) as server:
        cpu = processes.cpu_seconds(server.pid)
        processes.wait_until_idle(server.pid)
        return {
            "ready_ms": server.ready_seconds * 1e3,
            "cpu_seconds": cpu,
            "idle_mb": processes.resident(server.pid) / 1e6,
        }
