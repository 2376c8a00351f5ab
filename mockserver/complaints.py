"""What a connection says by itself, of a request that does not get to the application."""

from collections.abc import Iterable
from typing import Any

from starlette.responses import JSONResponse
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mockserver.answers import refusal
from mockserver.cors import CorsPolicy, answer_headers, is_control_plane
from spec import Error

MALFORMED = Error(status=400, code="malformed_request", meaning="The request is no HTTP that can be understood")
TIMED_OUT = Error(status=408, code="request_timeout", meaning="The request took too long to arrive")
HEAD_TOO_LARGE = Error(status=431, code="head_too_large", meaning="The head of the request is larger than 64 KB")
TOO_MANY = Error(status=429, code="too_many_requests", meaning="More than 100 requests wait on this connection")


def complaint(error: Error, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The answer as it is sent, with these headers beside its own; it is the last one of its connection."""
    answer = JSONResponse(refusal(error), error.status, {"Connection": "close"})
    fields = [b"%s: %s\r\n" % field for field in (*headers, *answer.raw_headers)]
    return b"".join([STATUS_LINE[error.status], *fields, b"\r\n", bytes(answer.body)])


def cors_headers(policy: CorsPolicy | None, scope: Any) -> list[tuple[bytes, bytes]]:
    """What lets the page read the answer that asked for what is in the scope, if it may."""
    return [] if policy is None or is_control_plane(scope["path"]) else answer_headers(policy, dict(scope))
