"""One request and its answer as values, with what a person needs to see them again.

Bodies are kept as bytes, with whatever secret stands in them: only a summary is without, since it is cut. The rest is
redacted where it is written.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any, Literal, TypeGuard

from conformance.outcomes import Nonconformance, Unverified
from conformance.redaction import Redactor

LONGEST_SUMMARY = 400

Kind = Literal["submission", "account API", "hook", "preflight", "other"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """An HTTP request. `chunked` sends the content without a length, `pause` so many seconds after the head.

    `alone` sends it on a connection of its own; `once` sends it no second time, whatever its answer is; `gate` holds
    its last byte back until all who wait there have come as far. `pages` is what it costs if it is accepted, `metered`
    whether somebody pays for them: then they count against `spend.pages`, unless it is `faulty`, so that a conforming
    server refuses it. `control` is the plain submission from which it differs, `kind` what its time is told under.
    `after` went before it on the same connection, where that is part of the fault. `told` says what is special about
    its document.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    chunked: bool = False
    alone: bool = False
    once: bool = False
    gate: Barrier | None = None
    pause: float = 0
    pages: int = 0
    told: str = ""
    metered: bool = False
    faulty: bool = False
    control: "Request | None" = field(default=None, repr=False)
    after: "Request | None" = field(default=None, repr=False)
    kind: Kind = "other"

    def __getstate__(self) -> dict[str, Any]:
        """Without the gate, which is of this process alone."""
        return {**vars(self), "gate": None}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP response to `request`; `headers` by name in lower case, `seconds` until it was read whole.

    `uncertain`: an answer to what is paid for was lost, this one or that of its first sending, and may be charged.
    """

    request: Request
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float
    uncertain: bool = False
    redactor: Redactor = field(default_factory=Redactor, repr=False)

    def json(self) -> Any:
        """The content as JSON: strict UTF-8, no duplicate members, no NaN. Raises Nonconformance if it is not.

        What a lenient client could read all the same is one rule's matter alone (`strict_json`), and Unverified here.
        """
        try:
            return self.strict_json()
        except Nonconformance as problem:
            if self._is_readable:
                raise Unverified(f"needs an answer in strict JSON ({problem})") from problem
            raise

    def strict_json(self) -> Any:
        """The same, where it is all about how the JSON is written. Raises Nonconformance."""
        try:
            return parse_json(self.content)
        except (ValueError, RecursionError) as problem:
            raise Nonconformance(
                expected="an answer in JSON", got=f"{self.summary} ({problem})", answer=self
            ) from problem

    @property
    def _is_readable(self) -> bool:
        try:
            json.loads(self.content.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return False
        return True

    def object(self) -> dict[str, Any]:
        """The content as a JSON object. Raises Nonconformance if it is not one."""
        value = self.json()
        if not isinstance(value, dict):
            raise Nonconformance(expected="a JSON object", got=self.summary, answer=self)
        return value

    @property
    def is_declared_as_json(self) -> bool:
        """Whether its Content-Type says that it is JSON."""
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return media_type == "application/json" or media_type.endswith("+json")

    @property
    def is_success(self) -> bool:
        return 200 <= self.status <= 299

    @property
    def summary(self) -> str:
        """Status and the beginning of the content, on one line, without secrets."""
        text = " ".join(self.redactor.text(self.content.decode("utf-8", "replace")).split())
        return f"{self.status} {text[:LONGEST_SUMMARY]}{'…' if len(text) > LONGEST_SUMMARY else ''}".rstrip()


def parse_json(content: bytes) -> Any:
    """JSON as RFC 8259 has it. Raises ValueError for invalid UTF-8, duplicate members and numbers that JSON lacks."""
    return json.loads(content.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_constant)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def strings(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a JSON value with the JSON Pointer (RFC 6901) that leads to it."""
    match value:
        case str():
            yield pointer, value
        case dict():
            for name, member in value.items():
                yield from strings(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
        case list():
            for index, element in enumerate(value):
                yield from strings(element, f"{pointer}/{index}")


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a JSON value is a number; neither true nor false is one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole_pages(pages: int | float) -> int:
    """A balance. Raises Nonconformance where something took a part of a page from it."""
    if pages % 1:
        raise Nonconformance(expected="a balance of whole pages", got=f"{pages:g}")
    return int(pages)


def resolve(value: Any, pointer: str) -> Any:
    """What a JSON Pointer leads to. Raises LookupError if it leads nowhere."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        match value:
            case dict() if name in value:
                value = value[name]
            case list() if name.isdigit() and int(name) < len(value):
                value = value[int(name)]
            case _:
                raise LookupError(f"nothing at {pointer}")
    return value
