"""In what a request differs from the control: the plain submission, which any conforming server accepts."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Mapping

from conformance.wire.exchange import Request

# Characters. The beginning of a long value tells what it is: the type of a data URI, the signature of a file.
LONGEST_VALUE, SHOWN = 100, 40

Pair = tuple[str | None, str | None]


def difference(request: Request, redact: Callable[[str], str]) -> list[dict[str, str | None]]:
    """Each part that differs, with what the control and the request have there: None for nothing.

    Without secrets; of long values the beginning, their size and digest. Empty for the control itself and for what was
    derived from none.
    """
    control = request.control
    if control is None:
        return []
    pairs: dict[str, Pair] = {"method": (control.method, request.method), "URL": (control.url, request.url)}
    pairs |= _paired("header", _headers(control), _headers(request))
    pairs |= _bodies(control.content, request.content)
    if request.after:
        pairs["connection"] = (None, f"the one on which {request.after.method} {request.after.url} was sent before")

    redacted = {part: tuple(text and redact(text) for text in pair) for part, pair in pairs.items()}
    return [
        {"part": part, "control": _short(before, after), "request": _short(after, before)}
        for part, (before, after) in redacted.items()
        if before != after
    ]


def _paired(kind: str, control: Mapping[str, str], request: Mapping[str, str]) -> dict[str, Pair]:
    return {f"{kind} {name}": (control.get(name), request.get(name)) for name in {**control, **request}}


def _headers(request: Request) -> Mapping[str, str]:
    return {**request.headers, "Transfer-Encoding": "chunked"} if request.chunked else request.headers


def _bodies(control: bytes, request: bytes) -> dict[str, Pair]:
    """Member by member where two JSON objects differ, otherwise as a whole."""
    before, after = _members(control), _members(request)
    if before is None or after is None or before == after:
        return {"body": (_text(control), _text(request))}
    return _paired("member", before, after)


def _members(content: bytes) -> dict[str, str] | None:
    """The members of a JSON object, each as JSON; None if it is no object."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    return {name: json.dumps(member, ensure_ascii=False) for name, member in value.items()}


def _text(content: bytes) -> str | None:
    return content.decode("utf-8", "replace") or None


def _short(text: str | None, other: str | None) -> str | None:
    """A text; of a long one the beginning, which tells the type of a data URI or of a file, or where it differs."""
    if text is None or len(text) <= LONGEST_VALUE:
        return text
    content = text.encode("utf-8", "replace")
    first = max(_alike(text, other or "") - SHOWN // 2, 0)
    shown = f"{text[:SHOWN]}…" if first < SHOWN else f"{text[: SHOWN // 2]}…{text[first : first + SHOWN]}…"
    return f"{shown} ({len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()[:16]})"


def _alike(text: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings. They may have millions."""
    return bisect_left(range(min(len(text), len(other))), 1, key=lambda last: text[: last + 1] != other[: last + 1])
