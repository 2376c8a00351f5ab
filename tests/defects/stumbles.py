"""Requests over which a server stumbles, each in a place that few send anything odd to. Others: `error_responses`."""

from starlette.types import ASGIApp

from mockserver import checks
from mockserver.decisions import Check
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import When, checking, deciding
from tests.defects.breaking import breaks, breaks_wrapped
from tests.defects.error_responses import STUMBLED
from tests.rewriting import Request, answering_instead

INHERITED_NAMES = ("constructor", "toString", "__proto__")


def stumbling_over(server: Server, check: Check, when: When) -> Server:
    """The server that stumbles in this check over some submissions."""

    async def stumble(submission: Submission) -> bool:
        if when(submission):
            raise TypeError("it has none")
        return await check(submission)

    return checking(server, check, stumble)


@breaks("http.client_error")
def provider_looked_up_among_inherited_names(server: Server) -> Server:
    """Providers are members of an object that inherits others, and the engine that is found by such a name is none."""
    return stumbling_over(
        server, checks.provider_is_known, lambda submission: submission.members.get("provider") in INHERITED_NAMES
    )


@breaks("http.client_error")
def cut_png_is_an_error(server: Server) -> Server:
    """The server stumbles over a PNG that ends within its header, which its library cannot open."""
    return stumbling_over(
        server,
        checks.kind_is_recognised,
        lambda submission: submission.content.startswith(b"\x89PNG") and b"IEND" not in submission.content,
    )


@breaks("http.client_error")
def empty_data_uri_is_an_error(server: Server) -> Server:
    """The server stumbles over a data URI of an image with nothing in it."""
    return stumbling_over(
        server, checks.kind_is_recognised, lambda submission: submission.data_type and not submission.content
    )


@breaks("http.client_error")
def data_uri_of_text_is_an_error(server: Server) -> Server:
    """The server stumbles over a data URI that is not of an image, which its expression does not match."""
    return stumbling_over(
        server,
        checks.image_is_decodable,
        lambda submission: str(submission.members.get("imageBase64")).startswith("data:text/"),
    )


@breaks("http.client_error")
def bare_scheme_is_an_error(server: Server) -> Server:
    """The server stumbles over a header that is but a scheme, behind which it takes a key for granted."""
    return deciding(server, "empty_token", lambda error: STUMBLED)


@breaks_wrapped("http.method_not_allowed")
def options_without_an_origin_is_an_error(app: ASGIApp) -> ASGIApp:
    """The server stumbles over OPTIONS without an Origin, which its CORS takes for granted."""

    def has_no_origin(request: Request) -> bool:
        return request.method == "OPTIONS" and "origin" not in request.headers

    return answering_instead(has_no_origin, 500)(app)
