"""Faults of the limit: what is held against it, how it is evaded, and how it is told."""

import re
from collections.abc import Callable

from mockserver import checks
from mockserver.checks import byte_limit
from mockserver.documents import PDF
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import answering, checking, refusing
from tests.defects.breaking import ANOTHER_STATUS, breaks, breaks_replies
from tests.rewriting import Reply


def weighing(server: Server, weight: Callable[[Submission], float]) -> Server:
    """The server that reads any body, and holds another number against the limit than its bytes."""

    async def within(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        return weight(submission) <= byte_limit(server.contract)

    return checking(server, checks.body_is_within_limit, within)


def declared(submission: Submission) -> int:
    return int(submission.request.headers.get("content-length", "0"))


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
def limit_of_kilobytes(server: Server) -> Server:
    """A megabyte is taken for a kilobyte."""
    return weighing(server, lambda submission: len(submission.body) * 1024)


@breaks("limit.accepted")
def limit_slightly_too_low(server: Server) -> Server:
    """A kilobyte is kept for the head of the request."""
    spare = server.contract.limit.binary_bytes - server.contract.limit.decimal_bytes + 1024
    return weighing(server, lambda submission: len(submission.body) + spare)


@breaks("limit.accepted")
def limit_lower_for_one_provider(server: Server) -> Server:
    """A file above the limit of the synchronous provider's vendor is refused as if it were above the documented one."""
    most, too_large = server.contract.limit.decimal_bytes * 2 // 5, server.contract.refusal("limit.refused")

    def is_too_large_for_it(submission: Submission) -> bool:
        return submission.members.get("provider") == "baidu" and len(submission.content) > most

    return refusing(server, checks.provider_is_known, is_too_large_for_it, too_large)


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


@breaks("limit.accepted")
def limit_excludes_itself(server: Server) -> Server:
    """A body of exactly the limit is refused, as if it exceeded that."""
    return weighing(server, lambda submission: len(submission.body) + 1)


@breaks("limit.accepted")
def limit_lower_for_large_pdfs(server: Server) -> Server:
    """A PDF may have two fifths of the limit once it is decoded."""
    most, too_large = server.contract.limit.decimal_bytes * 2 // 5, server.contract.refusal("limit.refused")

    def is_too_large(submission: Submission) -> bool:
        return submission.kind == PDF and len(submission.content) > most

    return refusing(server, checks.kind_is_recognised, is_too_large, too_large)
