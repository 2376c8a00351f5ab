"""A server that repeats the key of each request in its answer, in a form and at a distance that change every time."""

import base64
import html
import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A form is written into JSON as it stands.
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case": str.lower,
    "in upper case": str.upper,
    "percent-encoded": lambda key: "".join(f"%{ord(letter):02x}" for letter in key),
    "percent-encoded in upper case": lambda key: "".join(f"%{ord(letter):02X}" for letter in key),
    "percent-encoded twice": lambda key: "".join(f"%25{ord(letter):02x}" for letter in key),
    "percent-encoded in part": lambda key: key[:5] + "".join(f"%{ord(letter):02x}" for letter in key[5:]),
    "escaped for JSON": lambda key: "".join(f"\\u{ord(letter):04x}" for letter in key),
    "escaped for JSON in UTF-16": lambda key: json.dumps("\0".join(key))[1:-1],
    "escaped for HTML": lambda key: "".join(f"&#{ord(letter)};" for letter in key),
    "escaped for HTML in hexadecimal": lambda key: "".join(f"&#x{ord(letter):X};" for letter in key),
    "in hexadecimal": lambda key: key.encode().hex(),
    "in Base64": lambda key: base64.b64encode(f"{key}!".encode()).decode(),
    "in Base64 after one character": lambda key: base64.b64encode(f"a{key}!".encode()).decode(),
    "in Base64 after two characters": lambda key: base64.b64encode(f"ab{key}!".encode()).decode(),
    "in URL-safe Base64": lambda key: base64.urlsafe_b64encode(f"Bearer {key}!".encode()).decode(),
}

# So that each form lies across what a summary shows, whatever stands around it.
PADDINGS = range(180, 460, 20)


def pieces(key: str, length: int = 12) -> set[str]:
    """Every piece of that length of a key and of what Base64 and hexadecimal make of it, in lower case."""
    encoded = [base64.b64encode(b"x" * shift + key.encode()).decode()[shift + 1 : -4] for shift in range(3)]
    forms = [form.lower() for form in (key, key.encode().hex(), *encoded)]
    return {form[start : start + length] for form in forms for start in range(len(form) - length + 1)}


def found(text: str, keys: set[str]) -> set[str]:
    """The pieces of keys that a text shows, also if it shows them escaped."""
    wanted = set().union(*map(pieces, keys))
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda escape: chr(int(escape[1], 16)), text)
    texts = [text, unquote(unquote(text)), html.unescape(text), unescaped, re.sub("[\0\ufffd]", "", unescaped)]
    return {piece for seen in texts for piece in _windows(seen.lower()) if piece in wanted}


def _windows(text: str, length: int = 12) -> Iterator[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))


def echoing(app: ASGIApp, *, failing: bool) -> ASGIApp:
    """Each answer of the API repeats the key; where it is `failing`, each refusal has another status besides."""
    turns = itertools.cycle(itertools.product(PADDINGS, FORMS.values()))

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_mock"):
            await app(scope, receive, send)
            return
        padding, form = next(turns)
        key = dict(scope["headers"]).get(b"authorization", b"").decode().partition(" ")[2]
        await app(scope, receive, _repeating(send, padding, form(key), failing=failing))

    return wrapped


def _repeating(send: Send, padding: int, echo: str, *, failing: bool) -> Send:
    start: Message = {}

    async def repeat(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body = b"" if start["status"] == 204 else _with_echo(bytes(message.get("body", b"")), padding, echo)
        status = 418 if failing and start["status"] >= 300 else start["status"]
        kept = [header for header in start["headers"] if header[0] != b"content-length"]
        await send({**start, "status": status, "headers": [*kept, (b"x-echo", echo.encode())]})
        await send({"type": "http.response.body", "body": body})

    return repeat


def _with_echo(body: bytes, padding: int, echo: str) -> bytes:
    """The answer with a first member in which the echo stands that far from the beginning."""
    members: dict[str, Any] = json.loads(body) if body.startswith(b"{") else {}
    text = json.dumps({"seen": "@" * padding + " ECHO", **members})
    return text.replace("ECHO", echo).encode()
