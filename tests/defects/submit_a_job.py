"""Faults of the endpoint: how JSON is read there, which media types are taken for it, and what other methods get."""

import re

from mockserver import checks
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import answering, checking, refusing, refusing_first, tolerating, without
from tests.defects.breaking import ANOTHER_STATUS, breaks, breaks_replies, breaks_requests
from tests.rewriting import Reply, Request


@breaks_replies("submit.endpoint")
def accepted_is_an_error(reply: Reply) -> None:
    """Every submission that is in order ends in a 500."""
    if reply.is_accepted:
        reply.status = 500
        reply.say({"error": "internal_error"})


@breaks_replies("submit.endpoint")
def accepted_is_a_redirection(reply: Reply) -> None:
    """An accepted submission is answered with 303 and the place of its task."""
    if reply.is_accepted:
        reply.status = 303
        reply.headers["location"] = f"/api/tasks/{reply.members['taskId']}"


@breaks("submit.endpoint")
def json_begins_with_a_brace(server: Server) -> Server:
    """White space before the JSON makes it none."""
    return refusing_first(server, checks.body_is_json, lambda submission: submission.body[:1] != b"{")


@breaks("submit.endpoint")
def json_read_as_ascii(server: Server) -> Server:
    """A body with a letter outside ASCII is no JSON, unless the letter is escaped."""
    return refusing_first(server, checks.body_is_json, lambda submission: not submission.body.isascii())


@breaks("submit.endpoint")
def json_escapes_not_undone(server: Server) -> Server:
    """The image is cut out of the body with a regular expression, escapes and all."""

    async def cut_out(submission: Submission) -> bool:
        found = re.search(rb'"imageBase64": *"((?:[^"\\]|\\.)*)"', submission.body)
        if await checks.body_is_json(submission) and found and isinstance(submission.payload, dict):
            submission.payload["imageBase64"] = found[1].decode()
        return submission.payload is not None

    return checking(server, checks.body_is_json, cut_out)


@breaks("submit.endpoint")
def json_members_in_order(server: Server) -> Server:
    """The members of the body are expected in the order of the documentation."""
    order = ["imageBase64", "filename", "provider"]
    return refusing(
        server,
        checks.body_is_object,
        lambda submission: list(submission.members) != [name for name in order if name in submission.members],
    )


@breaks("submit.media_type")
def media_type_not_looked_at(server: Server) -> Server:
    """The body is read whatever its Content-Type says."""
    return without(server, checks.media_type_is_right)


def declared(submission: Submission) -> str:
    """The Content-Type of a submission, in lower case."""
    return submission.request.headers.get("content-type", "").lower()


@breaks("submit.media_type")
def media_type_compared_by_prefix(server: Server) -> Server:
    """Whatever begins with application/json is taken for it."""
    return tolerating(
        server, checks.media_type_is_right, lambda submission: declared(submission).startswith("application/json")
    )


@breaks("submit.media_type")
def media_type_compared_by_its_end(server: Server) -> Server:
    """Whatever ends with /json is taken for it, like text/json."""
    return tolerating(server, checks.media_type_is_right, lambda submission: declared(submission).endswith("/json"))


@breaks("submit.media_type")
def media_type_with_a_json_suffix_accepted(server: Server) -> Server:
    """Any type in +json is taken for application/json."""
    return tolerating(server, checks.media_type_is_right, lambda submission: "+json" in declared(submission))


@breaks("submit.media_type")
def media_type_found_among_parameters(server: Server) -> Server:
    """Any type that has application/json in a parameter is taken for it."""
    return tolerating(server, checks.media_type_is_right, lambda submission: "application/json" in declared(submission))


@breaks("submit.media_type")
def media_type_may_be_absent(server: Server) -> Server:
    """A body without a Content-Type is read."""
    return tolerating(server, checks.media_type_is_right, lambda submission: not declared(submission))


@breaks("submit.media_type")
def media_type_may_be_empty(server: Server) -> Server:
    """A body with a Content-Type that is empty is read."""
    return tolerating(
        server,
        checks.media_type_is_right,
        lambda submission: submission.request.headers.get("content-type") == "",
    )


@breaks("submit.media_type")
def media_type_may_be_text(server: Server) -> Server:
    """JSON that is declared as text/plain is read, as browsers send it without a preflight."""
    return tolerating(
        server, checks.media_type_is_right, lambda submission: declared(submission).startswith("text/plain")
    )


@breaks("submit.media_type")
def media_type_must_name_its_charset(server: Server) -> Server:
    """JSON that is declared without a charset is taken for another media type."""
    return refusing(server, checks.media_type_is_right, lambda submission: ";" not in declared(submission))


@breaks("submit.media_type", besides=ANOTHER_STATUS)
def media_type_is_a_bad_request(server: Server) -> Server:
    """Another media type is refused with 400."""
    return answering(server, "submit.media_type", status=400)


@breaks("submit.media_type")
def media_type_has_another_code(server: Server) -> Server:
    """The code for another media type has another spelling."""
    return answering(server, "submit.media_type", code="unsupported_content_type")


@breaks("http.media_type_spelling")
def media_type_compared_with_case(server: Server) -> Server:
    """The media type is compared letter by letter."""
    return refusing(
        server,
        checks.media_type_is_right,
        lambda submission: "application/json" not in submission.request.headers["content-type"],
    )


@breaks("http.media_type_spelling")
def media_type_without_parameters(server: Server) -> Server:
    """A media type with a charset is another one."""
    return refusing(server, checks.media_type_is_right, lambda submission: ";" in declared(submission))


@breaks("http.media_type_spelling")
def charset_without_quotes(server: Server) -> Server:
    """A charset in quotes is none that the server knows."""
    return refusing(server, checks.media_type_is_right, lambda submission: '"' in declared(submission))


@breaks_replies("http.method_not_allowed")
def methods_not_named(reply: Reply) -> None:
    """A 405 has no Allow."""
    del reply.headers["allow"]


@breaks_replies("http.method_not_allowed")
def methods_of_another_path_named(reply: Reply) -> None:
    """A 405 names the methods of the account API."""
    if reply.status == 405:
        reply.headers["allow"] = "GET, HEAD"


@breaks_requests("http.method_not_allowed")
def put_is_a_submission(request: Request) -> None:
    """A PUT is taken for a POST."""
    if request.method == "PUT":
        request.scope["method"] = "POST"


@breaks_replies("http.method_not_allowed")
def patch_is_an_error(reply: Reply) -> None:
    """The server stumbles over the method PATCH."""
    if reply.method == "PATCH":
        reply.status = 500
