"""An exchange as a person can read it and send it again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.report.curl import curl
from conformance.report.difference import difference
from conformance.wire.exchange import Answer, Request

LONGEST_TEXT = 2000

Redact = Callable[[str], str]


def evidence(request: Request, answer: Answer | None, redact: Redact, *, steps: Sequence[str] = ()) -> dict[str, Any]:
    """Request and response, long bodies as size and digest, and a curl line that sends the request again.

    `steps` are those of the test that led there, in words.
    """
    return {
        "steps": list(steps),
        "request": {
            "method": request.method,
            "url": redact(request.url),
            "headers": _headers(request.headers, redact),
            "chunked": request.chunked,
            **_body(request.content, redact),
        },
        "difference": difference(request, redact),
        "response": answer and _response(answer, redact),
        "curl": curl(request, redact),
    }


def _response(answer: Answer, redact: Redact) -> dict[str, Any]:
    return {
        "status": answer.status,
        "headers": {name: _shortened(value) for name, value in _headers(answer.headers, redact).items()},
        **_body(answer.content, redact),
    }


def _headers(headers: Mapping[str, str], redact: Redact) -> dict[str, str]:
    return {redact(name): redact(value) for name, value in headers.items()}


def _shortened(value: str) -> str:
    """Nobody reads kilobytes in a header, and a report in which each failure shows them does not open."""
    return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}… ({len(value)} characters)"


def _body(content: bytes, redact: Redact) -> dict[str, Any]:
    size = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return size if len(content) > LONGEST_TEXT else {**size, "text": redact(content.decode("utf-8", "replace"))}
