"""Faults of the endpoint and of the request body."""

import base64
from dataclasses import replace

from mockserver.checks import image_is_decodable, provider_is_known
from mockserver.decisions import Check
from mockserver.documents import PDF, Documents
from mockserver.server import Server
from mockserver.submission import Submission
from tests.defects.breaking import answering, breaks, checking, without


@breaks("submit.endpoint")
def accepted_is_an_error(server: Server) -> Server:
    """Every submission that is in order ends in a 500."""

    async def never(submission: Submission) -> bool:
        return False

    rows = list(server.decisions)
    last = replace(rows[-1], check=never, error=replace(rows[-1].error, status=500))
    return replace(server, decisions=(*rows, last))


@breaks("submit.media_type")
def media_type_not_looked_at(server: Server) -> Server:
    """The body is read whatever its Content-Type says."""
    return without(server, "submit.media_type")


@breaks("submit.media_type")
def media_type_compared_by_prefix(server: Server) -> Server:
    """Whatever begins with application/json is taken for it."""

    async def begins_alike(submission: Submission) -> bool:
        return submission.request.headers.get("content-type", "").lower().startswith("application/json")

    return checking(server, "submit.media_type", begins_alike)


@breaks("submit.media_type")
def media_type_may_be_absent(server: Server) -> Server:
    """A body without a Content-Type is read."""

    async def absent_or_json(submission: Submission) -> bool:
        declared = submission.request.headers.get("content-type", "application/json")
        return declared.partition(";")[0].strip().lower() == "application/json"

    return checking(server, "submit.media_type", absent_or_json)


@breaks("submit.media_type")
def media_type_is_a_bad_request(server: Server) -> Server:
    """Another media type is refused with 400."""
    return answering(server, "submit.media_type", status=400)


@breaks("body.required_field")
def missing_field_is_an_error(server: Server) -> Server:
    """A body without imageBase64 ends in a 500."""
    return answering(server, "body.required_field", status=500, code="internal_error")


@breaks("body.required_field")
def missing_field_misspelt(server: Server) -> Server:
    """The code for a missing imageBase64 has another spelling."""
    return answering(server, "body.required_field", code="missing_imageBase64")


def decoding(server: Server, check: Check) -> Server:
    """The server that decodes imageBase64 in another way."""
    rows = (replace(row, check=check) if row.check is image_is_decodable else row for row in server.decisions)
    return replace(server, decisions=tuple(rows))


@breaks("body.invalid_image")
def base64_decoded_leniently(server: Server) -> Server:
    """Characters that are no Base64 are passed over."""

    async def decodes_somehow(submission: Submission) -> bool:
        text = str(submission.members["imageBase64"])
        submission.content = base64.b64decode((text.partition(",")[2] or text) + "==")
        return True

    return decoding(server, decodes_somehow)


@breaks("body.data_uri")
def data_uri_refused(server: Server) -> Server:
    """Only plain Base64 is decoded."""

    async def plain_only(submission: Submission) -> bool:
        text = submission.members.get("imageBase64", "")
        return not str(text).startswith("data:") and await image_is_decodable(submission)

    return decoding(server, plain_only)


@breaks("body.pdf_file")
def pdf_refused(server: Server) -> Server:
    """Only images are documents."""

    class ImagesOnly(Documents):
        def kind(self, content: bytes, *, declared: str | None, filename: str | None) -> str | None:
            kind = super().kind(content, declared=declared, filename=filename)
            return None if kind == PDF else kind

    return replace(server, documents=ImagesOnly(server.pdfs))


@breaks("body.filename")
def filename_must_be_ascii(server: Server) -> Server:
    """A file name with a letter outside ASCII is refused."""

    async def is_ascii(submission: Submission) -> bool:
        return (submission.filename or "").isascii()

    return checking(server, "body.filename", is_ascii)


@breaks("body.filename")
def filename_refused(server: Server) -> Server:
    """A body with a file name is refused."""

    async def has_no_name(submission: Submission) -> bool:
        return submission.filename is None

    return checking(server, "body.filename", has_no_name)


@breaks("body.optional_field")
def filename_required(server: Server) -> Server:
    """A body without a file name is refused."""

    async def has_name(submission: Submission) -> bool:
        return submission.filename is not None

    return checking(server, "body.filename", has_name)


@breaks("body.default_provider")
def default_is_another_provider(server: Server) -> Server:
    """A submission without a provider goes to the one that is not the default."""

    async def other_default(submission: Submission) -> bool:
        if "provider" not in submission.members:
            submission.provider = submission.server.contract.providers["baidu"]
            return True
        return await provider_is_known(submission)

    return checking(server, "body.provider", other_default)
