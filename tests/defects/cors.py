"""Faults of CORS: whose pages may read which answers. A missing `Vary` breaks no rule: it misleads caches only."""

import re
from collections.abc import Callable
from dataclasses import replace

from starlette.types import ASGIApp

from mockserver.cors import CorsPolicy
from mockserver.server import Server
from tests.defects.breaking import breaks, breaks_replies, breaks_wrapped
from tests.rewriting import Reply, answering_instead

ALLOW = "access-control-allow-origin"
ALLOW_HEADERS = "access-control-allow-headers"


def admitting(server: Server, alike: Callable[[str, str], object]) -> Server:
    """The server that takes the origin of a page for an allowed one if they are alike."""

    class Policy(CorsPolicy):
        def allows(self, origin: str | None) -> bool:
            return origin is not None and any(alike(allowed, origin) for allowed in self.allowed_origins)

    policy = server.cors
    return replace(
        server, cors=Policy(allowed_origins=policy.allowed_origins, methods=policy.methods, headers=policy.headers)
    )


def host(origin: str) -> str:
    return origin.partition("//")[2]


@breaks(
    "cors.allowed_origin",
    besides={"cors.preflight": "a page that is not allowed is granted no preflight either"},
)
def no_origin_allowed(server: Server) -> Server:
    """The configured origins are not allowed."""
    return admitting(server, lambda allowed, origin: False)


@breaks_replies("cors.allowed_origin")
def only_preflights_allowed(reply: Reply) -> None:
    """The headers stand in the answer to the preflight, and not in that to the submission."""
    if reply.is_submission:
        del reply.headers[ALLOW]


@breaks_replies("cors.allowed_origin")
def origin_told_with_a_slash(reply: Reply) -> None:
    """The answer to a submission names the origin with a slash behind it."""
    if reply.is_submission and ALLOW in reply.headers:
        reply.headers[ALLOW] += "/"


@breaks_replies("cors.allowed_origin")
def all_origins_told_at_once(reply: Reply) -> None:
    """The answer to a submission lists every allowed origin, which no browser understands."""
    if reply.is_submission and ALLOW in reply.headers:
        reply.headers[ALLOW] += ", https://other.example.com"


@breaks_replies("cors.allowed_origin")
def one_provider_without_cors(reply: Reply) -> None:
    """What the synchronous provider answers has no CORS headers."""
    if reply.is_accepted and reply.members["provider"] == "baidu":
        del reply.headers[ALLOW]


@breaks_replies("cors.allowed_origin")
def page_is_not_told_its_task(reply: Reply) -> None:
    """The answer to a page names no task, since the page is to wait for the one that its server polls."""
    if reply.is_accepted and "origin" in reply.request:
        reply.say_without("taskId")


@breaks("cors.foreign_origin")
def any_origin_allowed(server: Server) -> Server:
    """Every origin is told that it is allowed."""
    return admitting(server, lambda allowed, origin: True)


@breaks_replies("cors.foreign_origin")
def any_origin_allowed_by_a_wildcard(reply: Reply) -> None:
    """Every answer may be read by any page."""
    reply.headers[ALLOW] = "*"


@breaks_replies("cors.foreign_origin")
def any_origin_allowed_with_credentials(reply: Reply) -> None:
    """Every page is named as allowed, with its credentials."""
    if "origin" in reply.request:
        reply.headers[ALLOW] = reply.request["origin"]
        reply.headers["access-control-allow-credentials"] = "true"


@breaks("cors.foreign_origin")
def null_origin_allowed(server: Server) -> Server:
    """A page that has no origin to tell is allowed, as one from a file is."""
    return admitting(server, lambda allowed, origin: origin in (allowed, "null"))


@breaks("cors.foreign_origin")
def origin_compared_by_prefix(server: Server) -> Server:
    """An origin that begins like an allowed one is allowed."""
    return admitting(server, lambda allowed, origin: origin.startswith(allowed))


@breaks("cors.foreign_origin")
def origin_compared_by_suffix(server: Server) -> Server:
    """An origin that ends like the host of an allowed one is allowed."""
    return admitting(server, lambda allowed, origin: origin.endswith(host(allowed)))


@breaks("cors.foreign_origin")
def origin_found_anywhere(server: Server) -> Server:
    """An origin in which the host of an allowed one occurs is allowed."""
    return admitting(server, lambda allowed, origin: host(allowed) in origin)


@breaks("cors.foreign_origin")
def origin_compared_by_a_pattern(server: Server) -> Server:
    """The dots of an allowed origin stand for any character."""
    return admitting(server, lambda allowed, origin: re.fullmatch(allowed, origin))


@breaks_replies("cors.foreign_origin")
def one_provider_for_every_origin(reply: Reply) -> None:
    """What the synchronous provider answers may be read by any page."""
    if reply.is_accepted and reply.members["provider"] == "baidu":
        reply.headers[ALLOW] = "*"


@breaks_replies("cors.foreign_origin")
def refusals_for_every_origin(reply: Reply) -> None:
    """A refusal may be read by any page."""
    if reply.status >= 400:
        reply.headers[ALLOW] = "*"


@breaks_replies("cors.foreign_origin")
def refused_keys_for_every_origin(reply: Reply) -> None:
    """The refusal of a key, which a gateway writes, names whatever page asks."""
    if reply.status == 401:
        reply.headers[ALLOW] = reply.request.get("origin", "*")


@breaks_replies("cors.foreign_origin")
def refused_payment_for_every_origin(reply: Reply) -> None:
    """The refusal of an account without pages may be read by any page."""
    if reply.status == 402:
        reply.headers[ALLOW] = "*"


@breaks_replies("cors.foreign_origin")
def refused_size_for_every_origin(reply: Reply) -> None:
    """The refusal of a body above the limit, which a proxy writes, may be read by any page."""
    if reply.status == 413:
        reply.headers[ALLOW] = "*"


@breaks_replies("cors.foreign_origin")
def tasks_for_every_origin(reply: Reply) -> None:
    """What the task API tells may be read by any page."""
    if reply.path.startswith("/api/tasks/"):
        reply.headers[ALLOW] = reply.request.get("origin", "*")


@breaks_replies("cors.foreign_origin")
def balance_for_every_origin(reply: Reply) -> None:
    """A balance may be read by any page."""
    if reply.path == "/api/account":
        reply.headers[ALLOW] = "*"


@breaks_replies("cors.foreign_origin")
def preflights_for_every_origin(reply: Reply) -> None:
    """Every preflight is granted, whatever page asks."""
    if reply.method == "OPTIONS":
        reply.status = 204
        reply.headers[ALLOW] = reply.request.get("origin", "*")


@breaks_replies("cors.refusal_readable")
def refusals_without_cors(reply: Reply) -> None:
    """Only what was accepted carries the CORS headers."""
    if reply.status >= 400:
        del reply.headers[ALLOW]


@breaks_replies("cors.refusal_readable")
def refused_keys_without_cors(reply: Reply) -> None:
    """The refusal of a key, which another layer writes, has no CORS headers."""
    if reply.status == 401:
        del reply.headers[ALLOW]


@breaks_replies("cors.refusal_readable")
def refused_payment_without_cors(reply: Reply) -> None:
    """The refusal of an account without pages has no CORS headers."""
    if reply.status == 402:
        del reply.headers[ALLOW]


@breaks_replies("cors.refusal_readable")
def refused_size_without_cors(reply: Reply) -> None:
    """The refusal of a body above the limit, which a proxy writes, has no CORS headers."""
    if reply.status == 413:
        del reply.headers[ALLOW]


@breaks_wrapped(
    "cors.server_to_server",
    besides={"submit.endpoint": "no other submission has an Origin either, so none is accepted"},
)
def origin_required(app: ASGIApp) -> ASGIApp:
    """A call without an Origin is refused."""
    refused = answering_instead(
        lambda request: request.is_submission and "origin" not in request.headers, 403, b'{"error": "origin_required"}'
    )
    return refused(app)


@breaks_wrapped("cors.preflight")
def preflight_needs_a_key(app: ASGIApp) -> ASGIApp:
    """A preflight is refused for want of a key, which no browser sends with it."""
    return answering_instead(lambda request: request.method == "OPTIONS", 401)(app)


@breaks_wrapped("cors.preflight")
def preflight_is_another_method(app: ASGIApp) -> ASGIApp:
    """A preflight is answered with 405, like any other method."""
    return answering_instead(lambda request: request.method == "OPTIONS", 405, headers={"allow": "POST"})(app)


@breaks_replies("cors.preflight")
def preflight_grants_no_key(reply: Reply) -> None:
    """A preflight does not grant the header that brings the key."""
    if ALLOW_HEADERS in reply.headers:
        reply.headers[ALLOW_HEADERS] = "content-type"


@breaks_replies("cors.preflight")
def preflight_grants_no_json(reply: Reply) -> None:
    """A preflight does not grant the header that declares JSON."""
    if ALLOW_HEADERS in reply.headers:
        reply.headers[ALLOW_HEADERS] = "authorization"


@breaks_replies("cors.preflight")
def preflight_grants_any_header(reply: Reply) -> None:
    """A preflight grants `*`, which leaves the header that brings the key out."""
    if ALLOW_HEADERS in reply.headers:
        reply.headers[ALLOW_HEADERS] = "*"


@breaks_replies("cors.preflight")
def preflight_names_no_origin(reply: Reply) -> None:
    """The answer to a preflight does not say whom it allows."""
    if reply.method == "OPTIONS":
        del reply.headers[ALLOW]


@breaks_replies("cors.preflight")
def preflight_is_an_error(reply: Reply) -> None:
    """A preflight is answered with all its headers, and with 500."""
    if reply.method == "OPTIONS" and "origin" in reply.request:
        reply.status = 500
