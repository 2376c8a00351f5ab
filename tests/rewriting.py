"""Applications around that of a server: what comes in or goes out is changed there. For defects and variants alike.

The control plane passes untouched, since what is arranged there is not what is looked at.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.cors import is_control_plane

Wrap = Callable[[ASGIApp], ASGIApp]
ENDPOINT = "/api/ocr"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is known of a request before its body is read; scope and headers are changed in place."""

    scope: Scope
    headers: MutableHeaders

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def is_endpoint(self) -> bool:
        return bool(self.scope["path"] == ENDPOINT)

    @property
    def is_submission(self) -> bool:
        return self.method == "POST" and self.is_endpoint


@dataclass(kw_only=True)
class Reply:
    """A whole answer, to be changed in place, and what it answers."""

    method: str
    path: str
    request: Headers
    status: int
    headers: MutableHeaders
    body: bytes

    @property
    def is_submission(self) -> bool:
        return self.method == "POST" and self.path == ENDPOINT

    @property
    def is_accepted(self) -> bool:
        """Whether it says that a submission was accepted."""
        return self.is_submission and self.status < 400

    @property
    def is_refused(self) -> bool:
        return self.is_submission and self.status >= 400

    @property
    def members(self) -> dict[str, Any]:
        """The members of the JSON object that it is; empty if it is none."""
        value = json.loads(self.body) if self.body else {}
        return value if isinstance(value, dict) else {}

    def say(self, value: object) -> None:
        """Answer this JSON instead."""
        self.body = json.dumps(value).encode()

    def say_with(self, **members: object) -> None:
        """Answer the same JSON object with these members."""
        self.say({**self.members, **members})

    def say_without(self, *names: str) -> None:
        self.say({name: value for name, value in self.members.items() if name not in names})


def replying(change: Callable[[Reply], None]) -> Wrap:
    """The application whose answers are changed before they go out."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or is_control_plane(scope["path"]):
                await app(scope, receive, send)
                return
            reply = await reply_of(app, scope, receive)
            change(reply)
            if "content-length" in reply.headers:
                reply.headers["content-length"] = str(len(reply.body))
            await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers.raw})
            await send({"type": "http.response.body", "body": reply.body})

        return wrapped

    return wrap


def receiving(change: Callable[[Request], None]) -> Wrap:
    """The application that is told of another request than the one that came."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and not is_control_plane(scope["path"]):
                scope = {**scope, "headers": list(scope["headers"])}
                request = Request(scope=scope, headers=MutableHeaders(raw=scope["headers"]))
                change(request)
            await app(scope, receive, send)

        return wrapped

    return wrap


def answering_instead(
    when: Callable[[Request], bool], status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Wrap:
    """The application that some requests never reach: they are answered before their body is read."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            outside = scope["type"] != "http" or is_control_plane(scope["path"])
            if outside or not when(Request(scope=scope, headers=MutableHeaders(raw=list(scope["headers"])))):
                await app(scope, receive, send)
                return
            raw = Headers({"content-length": str(len(body)), **(headers or {})}).raw
            await send({"type": "http.response.start", "status": status, "headers": raw})
            await send({"type": "http.response.body", "body": body})

        return wrapped

    return wrap


async def reply_of(app: ASGIApp, scope: Scope, receive: Receive) -> Reply:
    """What the application answers, once it has done so."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start = messages[0]
    return Reply(
        method=scope["method"],
        path=scope["path"],
        request=Headers(scope=scope),
        status=start["status"],
        headers=MutableHeaders(raw=list(start["headers"])),
        body=b"".join(message.get("body", b"") for message in messages[1:]),
    )
