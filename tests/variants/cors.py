"""Other ways to let the pages of an allowed domain read, and no others."""

from dataclasses import replace
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from mockserver.cors import CorsPolicy
from mockserver.server import Server
from tests.rewriting import Reply, Request, answering_instead
from tests.servers import ORIGIN
from tests.variants.varying import varies, varies_replies, varies_wrapped

ALLOW = "access-control-allow-origin"


def is_foreign(request: Request) -> bool:
    return request.headers.get("origin", ORIGIN) != ORIGIN


@varies_wrapped(foreign_origin_answer="refused")
def foreign_origin_refused(app: ASGIApp) -> ASGIApp:
    """A call from a domain that is not allowed is refused with 403."""
    return answering_instead(is_foreign, 403, b'{"error": "origin_not_allowed"}')(app)


@varies_replies()
def allowed_origin_told_to_all(reply: Reply) -> None:
    """Every answer names the one allowed origin, whoever asks."""
    reply.headers[ALLOW] = ORIGIN


@varies_replies()
def no_vary(reply: Reply) -> None:
    """No answer says that it varies with the origin."""
    del reply.headers["vary"]


@varies_replies()
def preflight_with_more(reply: Reply) -> None:
    """A preflight is answered with 200 and a text, and grants more methods and headers, written in capitals."""
    if reply.method == "OPTIONS" and ALLOW in reply.headers:
        reply.status, reply.body = 200, b"ok"
        reply.headers["access-control-allow-methods"] = "GET,POST,PUT,PATCH,DELETE,OPTIONS"
        reply.headers["access-control-allow-headers"] = "Accept, AUTHORIZATION,Content-Type , X-Requested-With"


@varies_replies()
def allowed_with_credentials(reply: Reply) -> None:
    """An allowed page may send credentials, and read a header of its own."""
    if ALLOW in reply.headers:
        reply.headers["access-control-allow-credentials"] = "true"
        reply.headers["access-control-expose-headers"] = "X-Request-Id"


@varies_replies()
def preflights_answered_for_all(reply: Reply) -> None:
    """Every OPTIONS is answered with 204, but only an allowed page is named in it."""
    if reply.method == "OPTIONS":
        reply.status = 204
        reply.body = b""


@varies()
def several_origins_allowed(server: Server) -> Server:
    """The parent domain and the developers' own machines are allowed as well."""
    more = ("https://example.com", "http://localhost:3000", "http://localhost")
    return replace(server, cors=replace(server.cors, allowed_origins=(*server.cors.allowed_origins, *more)))


@varies()
def subdomains_allowed(server: Server) -> Server:
    """A domain stands in the list with all that is below it."""

    class WithSubdomains(CorsPolicy):
        def allows(self, origin: str | None) -> bool:
            host = urlsplit(origin or "").hostname or ""
            return super().allows(origin) or host.endswith(f".{urlsplit(ORIGIN).hostname}")

    return replace(server, cors=WithSubdomains(**vars(server.cors)))
