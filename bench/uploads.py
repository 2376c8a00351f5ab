"""Requests over sockets of our own, each sent as a whole before its answer is read.

For what wrk is not made for: so many requests and no more, and answers that come before the request has been sent (wrk
then waits for another one).
"""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from bench.cases import Case
from bench.load import CONNECTIONS, Load, LoadError

HOST = "127.0.0.1"


def raw_request(case: Case, key: str) -> bytes:
    body = case.body()
    fields = {"Host": HOST, **case.headers(key), "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST /api/ocr HTTP/1.1\r\n{head}\r\n".encode() + body


def put(port: int, request: bytes, *, status: int, seconds: float) -> Load:
    """Send the request for some seconds. Raises LoadError if an answer has another status."""
    start = time.monotonic()
    times = _together(partial(_until, port, request, status, start + seconds), [()] * CONNECTIONS)
    slowest = sorted(times)[int(len(times) * 0.99)]
    return Load(requests=len(times), seconds=time.monotonic() - start, p99=slowest)


def upload(port: int, request: bytes, count: int) -> None:
    """Send the request so many times. Raises LoadError unless it is accepted every time."""
    shares = [(count // CONNECTIONS + (number < count % CONNECTIONS),) for number in range(CONNECTIONS)]
    _together(partial(_so_often, port, request), shares)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, port), timeout=60) as connection:
        yield connection


def answer(connection: socket.socket, status: int = 200) -> None:
    """Read an answer, which is a short object. Raises LoadError if it has another status, or none comes."""
    got = b""
    while b"}" not in got:
        part = connection.recv(65536)
        if not part:
            raise LoadError("a connection was closed without an answer")
        got += part
    if not got.startswith(f"HTTP/1.1 {status} ".encode()):
        raise LoadError(f"an answer is {got[:12].decode('latin-1')} and not {status}")


def _together(work: Callable[..., list[float]], shares: Sequence[tuple[int, ...]]) -> list[float]:
    """What all connections measure, each in a thread of its own."""
    with ThreadPoolExecutor(len(shares)) as threads:
        works = [threads.submit(work, *share) for share in shares]
        try:
            return [each for done in works for each in done.result()]
        except OSError as problem:
            raise LoadError(f"a connection is lost: {problem}") from problem


def _until(port: int, request: bytes, status: int, end: float) -> list[float]:
    times = []
    with connected(port) as connection:
        while time.monotonic() < end:
            times.append(_timed(connection, request, status))
    return times


def _so_often(port: int, request: bytes, count: int) -> list[float]:
    with connected(port) as connection:
        return [_timed(connection, request, 200) for _ in range(count)]


def _timed(connection: socket.socket, request: bytes, status: int) -> float:
    start = time.monotonic()
    connection.sendall(request)
    answer(connection, status)
    return time.monotonic() - start
