"""A request as a command line that sends it again: for a POSIX shell, in the folder of the report.

Secrets are names of environment variables there (`redaction.NAMES`), which the shell fills in.
"""

import hashlib
import re
import shlex
from collections.abc import Callable, Iterator, Mapping

from conformance.redaction import NAMES, Redactor
from conformance.verdicts.checks import Findings
from conformance.wire.exchange import Request

LONGEST_INLINE = 2000
# The answer to a HEAD tells the length of a body that never comes, for which curl would wait if a body is sent.
HEAD_SECONDS = 5

VARIABLE = rf"(?:{'|'.join(map(re.escape, NAMES))})\b"
# What a shell would not take literally between double quotes.
SPECIAL = re.compile(rf'(?!{VARIABLE})[$"\\`]')


def curl(request: Request, redact: Callable[[str], str]) -> str:
    """The command line, without secrets. A body that is long or no line of text is read from its file."""
    before = [*_words(request.after, redact), "--next"] if request.after else []
    return " ".join(["curl", *before, *_words(request, redact)])


def _words(request: Request, redact: Callable[[str], str]) -> list[str]:
    words = ["-i", "-X", request.method, _quoted(redact(request.url))]
    if request.method == "HEAD":
        words += ["--max-time", str(HEAD_SECONDS)]
    for header in _headers(request):
        words += ["-H", _quoted(redact(header))]
    if _is_apart(request.content):
        words += ["--data-binary", f"@{body_name(request.content)}"]
    elif request.content:
        words += ["--data-raw", _quoted(redact(request.content.decode()))]
    return words


def body_name(content: bytes) -> str:
    """The name of the file in which such a body lies beside the report."""
    return f"bodies/{hashlib.sha256(content).hexdigest()[:16]}"


def bodies_apart(findings: Findings, redactor: Redactor) -> dict[str, bytes]:
    """The request bodies of all failures that have a file of their own, by its name, without secrets."""
    shown = [check.request for check in findings.checks if check.request]
    contents = [request.content for one in shown for request in (one, one.after) if request]
    return {body_name(content): redactor.content(content) for content in contents if _is_apart(content)}


def _is_apart(content: bytes) -> bool:
    try:
        return len(content) > LONGEST_INLINE or not content.decode().isprintable()
    except UnicodeDecodeError:
        return True


def _headers(request: Request) -> Iterator[str]:
    """The headers that were sent, as curl wants them; `Name:` stops it from adding one of its own."""
    sent: Mapping[str, str] = request.headers
    yield from (f"{name}: {value}" if value else f"{name};" for name, value in sent.items())
    if request.chunked:
        yield "Transfer-Encoding: chunked"
    if request.content and "Content-Type" not in sent:
        yield "Content-Type:"


def _quoted(text: str) -> str:
    """One word, in which nothing but the names of secrets expands."""
    if not re.search(VARIABLE, text):
        return shlex.quote(text)
    escaped = SPECIAL.sub(r"\\\g<0>", text)
    return f'"{escaped}"'
