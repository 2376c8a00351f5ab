"""Faults of refusals that have no rule of their own: their statuses and codes. Faults of the limit: see `limits`."""

from collections import Counter
from dataclasses import replace

from starlette.types import ASGIApp

from mockserver import checks
from mockserver.documents import kind_of_content
from mockserver.server import Server
from mockserver.submission import Submission
from spec import Error
from tests.changing import checking, deciding, refusing
from tests.defects.breaking import breaks, breaks_wrapped
from tests.rewriting import Reply, Request, receiving, replying


def unprocessable(server: Server, question: str) -> Server:
    """The server that refuses with 422 where it decides this question, and keeps the code."""
    return deciding(server, question, lambda error: replace(error, status=422))


@breaks("errors.status")
def unknown_provider_is_unprocessable(server: Server) -> Server:
    """A provider that nobody knows is refused with 422 and a code that has another status."""
    return unprocessable(server, "unknown_provider")


@breaks("errors.status")
def null_image_is_unprocessable(server: Server) -> Server:
    """An imageBase64 of null is refused with 422 and a code that has another status."""
    return unprocessable(server, "null_image")


@breaks("errors.status")
def malformed_json_is_unprocessable(server: Server) -> Server:
    """A body that is not JSON is refused with 422 and a code that has another status."""
    return unprocessable(server, "malformed_json")


@breaks("errors.status")
def odd_member_is_unprocessable(server: Server) -> Server:
    """A member whose name is not in ASCII is refused with 422 and a code that has another status."""
    error = replace(server.contract.refusal("body.required_field"), status=422)
    return refusing(server, checks.body_is_object, lambda it: not all(map(str.isascii, it.members)), error)


STUMBLED = Error(status=500, code="internal_error", meaning="It stumbled")


def stumbling(server: Server, question: str) -> Server:
    """The server that ends in a 500 where it decides this question."""
    return deciding(server, question, lambda error: STUMBLED)


@breaks("http.client_error")
def malformed_json_is_an_error(server: Server) -> Server:
    """The server stumbles over a body that is not JSON."""
    return stumbling(server, "malformed_json")


@breaks("http.client_error")
def empty_image_is_an_error(server: Server) -> Server:
    """The server stumbles over an imageBase64 that is empty."""
    return stumbling(server, "empty_image")


@breaks("http.client_error")
def list_is_an_error(server: Server) -> Server:
    """The server stumbles over JSON that is no object."""
    return stumbling(server, "non_object_json")


@breaks("http.client_error")
def number_as_image_is_an_error(server: Server) -> Server:
    """The server stumbles over an imageBase64 that is no string."""
    return stumbling(server, "non_string_image")


@breaks("http.client_error")
def unknown_provider_is_an_error(server: Server) -> Server:
    """The server stumbles over a provider that it does not find in its table."""
    return stumbling(server, "unknown_provider")


@breaks("http.client_error")
def encrypted_pdf_is_an_error(server: Server) -> Server:
    """The server stumbles over a PDF that needs a password."""
    return stumbling(server, "encrypted_pdf")


@breaks("http.client_error")
def long_name_is_an_error(server: Server) -> Server:
    """The server stumbles over a file name that is too long for its column."""
    return stumbling(server, "long_filename")


@breaks("http.client_error")
def control_character_is_an_error(server: Server) -> Server:
    """The server stumbles over a control character in a file name, which its database does not store."""
    return refusing(server, checks.filename_is_text, lambda submission: min(submission.filename or " ") < " ", STUMBLED)


@breaks("http.client_error")
def number_as_filename_is_an_error(server: Server) -> Server:
    """The server stumbles over a file name that is a number, which has no suffix to look at."""
    return refusing(server, checks.body_is_object, lambda it: isinstance(it.members.get("filename"), int), STUMBLED)


@breaks("http.client_error")
def wrong_suffix_is_an_error(server: Server) -> Server:
    """The server stumbles over a file that is called an image, and which its library cannot open."""

    def is_wrong(submission: Submission) -> bool:
        return kind_of_content(submission.content) is None and (submission.filename or "").endswith(".png")

    return refusing(server, checks.image_is_decodable, is_wrong, STUMBLED)


@breaks("http.client_error")
def unknown_member_is_an_error(server: Server) -> Server:
    """The server stumbles over a member that it has no attribute for."""
    documented = {field.name for field in server.contract.fields}
    return refusing(server, checks.body_is_object, lambda submission: submission.members.keys() - documented, STUMBLED)


@breaks("http.client_error")
def letter_in_the_key_is_an_error(server: Server) -> Server:
    """The server stumbles over a key with a letter outside ASCII, which it cannot look up."""
    return refusing(server, checks.has_authorization, lambda submission: not submission.token.isascii(), STUMBLED)


@breaks("http.client_error")
def list_as_provider_is_an_error(server: Server) -> Server:
    """The server stumbles over a provider that is a list, which cannot be looked up in its table."""

    async def looked_up(submission: Submission) -> bool:
        hash(submission.members.get("provider"))
        return await checks.provider_is_known(submission)

    return checking(server, checks.provider_is_known, looked_up)


@breaks("http.client_error")
def unreadable_bytes_are_an_error(server: Server) -> Server:
    """The server stumbles over bytes that are no image."""
    return stumbling(server, "unrecognised_bytes")


@breaks_wrapped("http.client_error")
def contended_balance_is_an_error(app: ASGIApp) -> ASGIApp:
    """While several submissions wait for a balance, one that it does not cover ends in a 500."""
    waiting: Counter[str] = Counter()

    def come(request: Request) -> None:
        waiting["all"] += request.is_submission

    def go(reply: Reply) -> None:
        if reply.status == 402 and waiting["all"] > 1:
            reply.status = 500
            reply.say({"error": "internal_error"})
        waiting["all"] -= reply.is_submission

    return receiving(come)(replying(go)(app))
