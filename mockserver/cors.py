"""CORS: which browser pages may read the answers. Everybody is answered alike; only the headers differ.

Starlette's own middleware is not used: it refuses foreign preflights, answers with 200 and leaves out `Vary`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.answers import RULE_HEADER
from mockserver.headers import first

VARY = (b"vary", b"Origin")
CONTROL_PLANE = "/_mock"


@dataclass(frozen=True, kw_only=True)
class CorsPolicy:
    """Origins are compared as they are written: scheme, host and port, in lower case, as browsers send them."""

    allowed_origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ("POST", "GET")
    headers: tuple[str, ...] = ("authorization", "content-type")
    max_age: int = 600

    def allows(self, origin: str | None) -> bool:
        return origin in self.allowed_origins

    def answer_headers(self, origin: str | None) -> dict[str, str]:
        """The headers of an answer to a page of this origin."""
        return {"Access-Control-Allow-Origin": origin} if origin is not None and self.allows(origin) else {}

    def preflight_headers(self) -> dict[str, str]:
        """What the preflight of an allowed origin is granted, beside the headers of any answer."""
        return {
            "Access-Control-Allow-Methods": ", ".join(self.methods),
            "Access-Control-Allow-Headers": ", ".join(self.headers),
            "Access-Control-Max-Age": str(self.max_age),
        }


class Cors:
    """Middleware: applies a policy to every path but those of the control plane."""

    def __init__(self, app: ASGIApp, policy: CorsPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_control_plane(scope["path"]):
            await self._app(scope, receive, send)
            return
        origin = first(scope, b"origin")
        added = answer_headers(self._policy, scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        app = self._preflight if self._is_granted_preflight(scope, origin) else self._app
        await app(scope, receive, with_headers)

    def _is_granted_preflight(self, scope: Scope, origin: str | None) -> bool:
        is_preflight = scope["method"] == "OPTIONS" and first(scope, b"access-control-request-method") is not None
        return is_preflight and self._policy.allows(origin)

    async def _preflight(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {RULE_HEADER: "cors.preflight", **self._policy.preflight_headers()}
        await Response(status_code=204, headers=headers)(scope, receive, send)


def answer_headers(policy: CorsPolicy, scope: Scope) -> list[tuple[bytes, bytes]]:
    """What the answer to this request has besides, unless it goes to the control plane."""
    return [VARY, *_encoded(policy.answer_headers(first(scope, b"origin")))]


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def is_control_plane(path: str) -> bool:
    return path == CONTROL_PLANE or path.startswith(f"{CONTROL_PLANE}/")
