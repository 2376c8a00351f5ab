"""An exchange as a person can read it and send it again."""

import hashlib
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from conformance.checks import Findings
from conformance.exchange import Answer, Request
from conformance.report.difference import difference

LONGEST_TEXT = 2000


Redact = Callable[[str], str]


def evidence(request: Request, answer: Answer | None, redact: Redact) -> dict[str, Any]:
    """Request and response, long bodies as size and digest, and a curl line that sends the request again."""
    return {
        "request": {
            "method": request.method,
            "url": redact(request.url),
            "headers": _headers(request.headers, redact),
            "chunked": request.chunked,
            **_body(request.content, redact),
        },
        "difference": difference(request, redact),
        "response": answer and _response(answer, redact),
        "curl": redact(curl(request)),
    }


def _response(answer: Answer, redact: Redact) -> dict[str, Any]:
    return {
        "status": answer.status,
        "headers": _headers(answer.headers, redact),
        **_body(answer.content, redact),
    }


def body_name(content: bytes) -> str:
    """The name of the file in which a long body lies beside the report."""
    return f"bodies/{hashlib.sha256(content).hexdigest()[:16]}"


def long_bodies(findings: Findings) -> dict[str, bytes]:
    """The long request bodies of all failures by the name of their file."""
    contents = [check.request.content for check in findings.checks if check.request]
    return {body_name(content): content for content in contents if is_long(content)}


def is_long(content: bytes) -> bool:
    return len(content) > LONGEST_TEXT


def curl(request: Request) -> str:
    """The request as a command for a POSIX shell, run in the folder of the report; `$` names expand there."""
    words = ["curl", "-i", "-X", request.method, shlex.quote(request.url)]
    for name, value in _sent_headers(request).items():
        words += ["-H", _double_quoted(f"{name}: {value}" if value else f"{name}:")]
    if request.content:
        body = (
            f"@{body_name(request.content)}" if is_long(request.content) else request.content.decode("utf-8", "replace")
        )
        words += ["--data-binary", shlex.quote(body)]
    return " ".join(words)


def _sent_headers(request: Request) -> Mapping[str, str]:
    """The headers that were sent; one without a value stops curl from adding its own."""
    if request.chunked:
        return {**request.headers, "Transfer-Encoding": "chunked"}
    return request.headers if "Content-Type" in request.headers else {**request.headers, "Content-Type": ""}


def _double_quoted(text: str) -> str:
    """Quoted so that a `$NAME` still expands: that is how a redacted key is filled in again."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`")
    return f'"{escaped}"'


def _headers(headers: Mapping[str, str], redact: Redact) -> dict[str, str]:
    return {redact(name): redact(value) for name, value in headers.items()}


def _body(content: bytes, redact: Redact) -> dict[str, Any]:
    size = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return size if is_long(content) else {**size, "text": redact(content.decode("utf-8", "replace"))}
