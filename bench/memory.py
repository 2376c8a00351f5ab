"""Resident memory: with ten large uploads in flight, and over two thousand uploads one after the other."""

from contextlib import ExitStack
from typing import Any

from bench import processes, uploads
from bench.cases import Case
from bench.servers import Running

IN_FLIGHT = 10
LARGE = Case(name="9.9 MB", size=9_900_000)
MANY = Case(name="4 MB", size=4_000_000)
SAMPLES = 10


def in_flight(server: Running) -> dict[str, float]:
    """The most memory over idle, for each upload and in bodies: ten are sent but for their last byte, then all end."""
    request = uploads.raw_request(LARGE, server.key())
    processes.wait_until_idle(server.pid)
    idle = processes.resident(server.pid)
    processes.forget_peak(server.pid)
    with ExitStack() as stack:
        connections = [stack.enter_context(uploads.connected(server.port)) for _ in range(IN_FLIGHT)]
        for connection in connections:
            connection.sendall(request[:-1])
        processes.wait_until_idle(server.pid)
        held = processes.resident(server.pid)
        for connection in connections:
            connection.sendall(request[-1:])
        for connection in connections:
            uploads.answer(connection)
    bodies = IN_FLIGHT * LARGE.size
    return {
        "idle_mb": round(idle / 1e6, 1),
        "held_bodies": round((held - idle) / bodies, 2),
        "peak_bodies": round((processes.peak(server.pid) - idle) / bodies, 2),
    }


def alone(server: Running) -> float:
    """The most memory over idle of a server that takes one large upload, in bodies."""
    request = uploads.raw_request(LARGE, server.key())
    processes.wait_until_idle(server.pid)
    idle = processes.resident(server.pid)
    processes.forget_peak(server.pid)
    uploads.upload(server.port, request, 1)
    processes.wait_until_idle(server.pid)
    return round((processes.peak(server.pid) - idle) / LARGE.size, 2)


def over_uploads(server: Running, count: int) -> dict[str, Any]:
    """Memory at rest before, and after each tenth of so many uploads by sixteen connections."""
    request = uploads.raw_request(MANY, server.key())
    sizes = [processes.resident(server.pid)]
    peaks = []
    for _ in range(SAMPLES):
        processes.forget_peak(server.pid)
        uploads.upload(server.port, request, count // SAMPLES)
        processes.wait_until_idle(server.pid)
        sizes.append(processes.resident(server.pid))
        peaks.append(processes.peak(server.pid))
    return {
        "uploads": count // SAMPLES * SAMPLES,
        "resident_mb": [round(size / 1e6, 1) for size in sizes],
        "peak_mb": [round(size / 1e6, 1) for size in peaks],
        "growth": round(sizes[-1] / sizes[1], 3),
        "peak_growth": round(max(peaks[1:]) / peaks[0], 3),
    }
