"""Faults of the limit: what is held against it, how it is evaded, how it is told; and of statuses and codes."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from starlette.types import ASGIApp

from mockserver import checks
from mockserver.checks import byte_limit
from mockserver.server import Server
from mockserver.submission import Submission
from spec import Error
from tests.changing import answering, checking, deciding, refusing
from tests.defects.breaking import ANOTHER_STATUS, breaks, breaks_replies, breaks_wrapped
from tests.rewriting import Reply, Request, receiving, replying


def weighing(server: Server, weight: Callable[[Submission], float]) -> Server:
    """The server that reads any body, and holds another number against the limit than its bytes."""

    async def within(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        return weight(submission) <= byte_limit(server.contract)

    return checking(server, checks.body_is_within_limit, within)


def declared(submission: Submission) -> int:
    return int(submission.request.headers.get("content-length", "0"))


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


@breaks("limit.refused")
def limit_not_looked_at(server: Server) -> Server:
    """A body of any size is read."""
    return weighing(server, lambda submission: 0)


@breaks("limit.refused")
def limit_evaded_by_chunks(server: Server) -> Server:
    """Only the declared length is held against the limit."""
    return weighing(server, declared)


@breaks("limit.refused")
def limit_for_chunks_only(server: Server) -> Server:
    """A body that comes with its length is trusted, and only one in chunks is measured."""
    return weighing(server, lambda submission: 0 if declared(submission) else len(submission.body))


@breaks("limit.refused")
def limit_of_decoded_bytes(server: Server) -> Server:
    """The limit is held against the decoded file."""
    return weighing(server, lambda submission: len(submission.body) * 3 / 4)


@breaks("limit.refused")
def limit_of_the_image_alone(server: Server) -> Server:
    """The limit is held against imageBase64, and what stands around it is not counted."""

    def weight(submission: Submission) -> int:
        image = re.search(rb'"imageBase64": *"([^"]*)"', submission.body)
        return len(image[1]) if image else len(submission.body)

    return weighing(server, weight)


@breaks("limit.refused")
def limit_of_characters(server: Server) -> Server:
    """The characters of a body are counted, and not its bytes."""
    return weighing(server, lambda submission: len(submission.body.decode("utf-8", "replace")))


@breaks("limit.refused")
def limit_for_one_provider_only(server: Server) -> Server:
    """What goes to the synchronous provider is not held against the limit."""
    return weighing(server, lambda submission: 0 if b'"baidu"' in submission.body else len(submission.body))


@breaks("limit.refused")
def limit_of_sixteen_megabytes(server: Server) -> Server:
    """The limit is six tenths higher than the documented one."""
    return weighing(server, lambda submission: len(submission.body) / 1.6)


@breaks("limit.refused")
def limit_with_some_leeway(server: Server) -> Server:
    """A body may be four kilobytes larger than the limit, for what stands around the file."""
    return weighing(server, lambda submission: len(submission.body) - 4096)


@breaks("limit.refused", besides=ANOTHER_STATUS)
def too_large_is_a_bad_request(server: Server) -> Server:
    """A body above the limit is refused with 400."""
    return answering(server, "limit.refused", status=400)


@breaks("limit.refused")
def too_large_has_another_code(server: Server) -> Server:
    """The code for a body above the limit is that of another API."""
    return answering(server, "limit.refused", code="request_entity_too_large")


@breaks_replies("limit.refused", besides={"http.json_answer": "the page of a proxy is no JSON"})
def too_large_told_by_the_proxy(reply: Reply) -> None:
    """A body above the limit is refused by the proxy in front, with a page."""
    if reply.status == 413:
        reply.headers["content-type"] = "text/html"
        reply.body = b"<html><head><title>413 Request Entity Too Large</title></head></html>"


@breaks("limit.refused")
def too_large_is_truncated(server: Server) -> Server:
    """A body above the limit is cut off there, and what is left of it is read."""

    async def cut(submission: Submission) -> bool:
        submission.body = (await submission.request.body())[: byte_limit(server.contract)].rstrip()
        return True

    return checking(server, checks.body_is_within_limit, cut)


@breaks("limit.accepted")
def limit_too_low(server: Server) -> Server:
    """A body of more than half the limit is refused."""
    return weighing(server, lambda submission: len(submission.body) * 2)


@breaks("limit.accepted")
def limit_slightly_too_low(server: Server) -> Server:
    """A kilobyte is kept for the head of the request."""
    spare = server.contract.limit.binary_bytes - server.contract.limit.decimal_bytes + 1024
    return weighing(server, lambda submission: len(submission.body) + spare)


@breaks("limit.accepted")
def limit_lower_for_pdfs(server: Server) -> Server:
    """A PDF may have two thirds of the limit."""
    return weighing(server, lambda submission: len(submission.body) * (1.5 if b'"JVBER' in submission.body else 1))


@breaks("limit.accepted")
def limit_lower_for_chunks(server: Server) -> Server:
    """A body without a declared length may have two thirds of the limit."""
    return weighing(server, lambda submission: len(submission.body) * (1 if declared(submission) else 1.5))


@breaks("limit.accepted")
def limit_of_the_framework(server: Server) -> Server:
    """The framework takes no body of more than 100 kilobytes."""
    return weighing(server, lambda submission: len(submission.body) * byte_limit(server.contract) / 102_400)


@breaks_replies("limit.accepted")
def large_body_is_an_error(reply: Reply) -> None:
    """The server runs out of memory over a body of more than half the limit."""
    if reply.is_accepted and int(reply.request.get("content-length", "0")) > 500_000:
        reply.status = 500
        reply.say({"error": "internal_error"})
