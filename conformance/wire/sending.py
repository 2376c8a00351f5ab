"""One exchange over httpx's transport: how a request is written, with or without a length, and its whole answer read.

That of httpx.Client would do the same, and look for cookies, redirects and schemes of authentication besides.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

import httpx

from conformance.wire.exchange import Request
from spec.version import __version__

CHUNK = 64 * 1024
GATE_SECONDS = 5.0
# As httpx.Client sends them where nothing else is said.
USUAL_HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}


def exchange(http: httpx.BaseTransport, request: httpx.Request) -> httpx.Response:
    response = http.handle_request(request)
    try:
        response.read()
    finally:
        response.close()
    return response


def joined(headers: httpx.Headers) -> dict[str, str]:
    """By name in lower case; what is said more than once is one list (RFC 9110 section 5.3)."""
    joined: dict[str, str] = {}
    for name, value in headers.multi_items():
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def as_httpx(request: Request, rule: str, timeout: dict[str, float | None]) -> httpx.Request:
    headers = {**USUAL_HEADERS, "User-Agent": _user_agent(rule), **request.headers}
    if request.gate is not None or request.pause:
        headers["Content-Length"] = str(len(request.content))
    extensions = {"timeout": timeout}
    return httpx.Request(
        request.method,
        _url(request.url),
        headers=httpx.Headers(headers, encoding="utf-8"),
        content=_content(request),
        extensions=extensions,
    )


@lru_cache(maxsize=256)
def _url(text: str) -> httpx.URL:
    """A URL is parsed once: most requests go to the same few."""
    return httpx.URL(text)


def _content(request: Request) -> bytes | Iterator[bytes] | None:
    if request.gate is not None:
        return _gated(request.content, request.gate)
    if request.pause:
        return _after(request.pause, request.content)
    return _chunks(request.content) if request.chunked else request.content or None


def _gated(content: bytes, gate: threading.Barrier) -> Iterator[bytes]:
    """All but the last byte, and that one when everybody is there, or when one does not come."""
    yield content[:-1]
    with suppress(threading.BrokenBarrierError):
        gate.wait(GATE_SECONDS)
    yield content[-1:]


def _after(seconds: float, content: bytes) -> Iterator[bytes]:
    time.sleep(seconds)
    yield from _chunks(content)


def _user_agent(rule: str) -> str:
    return f"startocr-conformance/{__version__}" + (f" ({rule})" if rule else "")


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
