"""What a connection says by itself, of a request that does not get to the application."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.responses import JSONResponse
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mockserver.answers import refusal
from mockserver.cors import CorsPolicy, answer_headers, is_control_plane
from mockserver.errors import RETRY_AFTER
from spec import Error

MALFORMED = Error(status=400, code="malformed_request", meaning="The request is no HTTP that can be understood")
# RFC 9112 section 3.2; only HTTP/1.0 may leave it out.
NO_HOST = Error(status=400, code="malformed_request", meaning="A request names its host once, in a field Host")
BAD_HOST = Error(status=400, code="malformed_request", meaning="The field Host has a host, maybe a port, and no more")
TIMED_OUT = Error(status=408, code="request_timeout", meaning="The request took too long to arrive")
UNKNOWN_CODING = Error(status=501, code="unknown_coding", meaning="A body may come in chunks, and in no other coding")
HEAD_TOO_LARGE = Error(status=431, code="head_too_large", meaning="The head of the request is larger than 64 KB")
TOO_MANY = Error(status=429, code="too_many_requests", meaning="More than 100 requests wait on this connection")

# The path of an address, which may name its host as well (RFC 9112 section 3.2).
ADDRESS = re.compile(rb"(\w+://[^/?#]*)?(?P<path>[^?#]*)")


def complaint(error: Error, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The answer as it is sent, with these headers beside its own; it is the last one of its connection."""
    again = RETRY_AFTER if error == TOO_MANY else {}
    answer = JSONResponse(refusal(error), error.status, {"Connection": "close", **again})
    fields = [b"%s: %s\r\n" % field for field in (*headers, *answer.raw_headers)]
    return b"".join([STATUS_LINE[error.status], *fields, b"\r\n", bytes(answer.body)])


def cors_headers(policy: CorsPolicy | None, scope: Any, address: bytes) -> list[tuple[bytes, bytes]]:
    """What lets the page read the answer that asked for this address with the headers in the scope, if it may."""
    found = ADDRESS.match(address)
    path = unquote_to_bytes(found["path"] if found else b"").decode("latin-1")
    return [] if policy is None or is_control_plane(path) else answer_headers(policy, scope)
