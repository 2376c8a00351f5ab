"""Faults that show only with large files, and limits that hold for some of them only."""

import base64
import re

from mockserver import checks
from mockserver.documents import PDF
from mockserver.payload import PayloadError, decode_base64
from mockserver.providers import enqueue
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import checking, declining, decoding, refusing_first
from tests.defects.breaking import breaks
from tests.defects.forms import SYNCHRONOUS, handing_some

LARGE = 200_000
BEGINNING = 100_000


@breaks("body.invalid_image")
def beginning_decoded_strictly(server: Server) -> Server:
    """Only the first hundred thousand characters are held to be Base64, and what is none behind them is passed over."""

    def decode(text: str) -> bytes:
        try:
            return decode_base64(text)
        except PayloadError:
            if len(text) <= BEGINNING:
                raise
            decode_base64(text[:BEGINNING])
            letters = re.sub("[^A-Za-z0-9+/]", "", text)
            return base64.b64decode(letters + "=" * (-len(letters) % 4))

    return decoding(server, decode)


@breaks("body.data_uri")
def long_data_uri_refused(server: Server) -> Server:
    """A data URI is taken apart by a regular expression, which gives up over a long one."""

    def is_long_uri(submission: Submission) -> bool:
        text = str(submission.members.get("imageBase64"))
        return text.startswith("data:") and len(text) > LARGE

    return refusing_first(server, checks.image_is_decodable, is_long_uri)


@breaks("body.pdf_file")
def large_pdf_refused(server: Server) -> Server:
    """A PDF of more than 200 kilobytes is refused."""
    return declining(server, lambda content, kind: kind == PDF and len(content) > LARGE)


def limiting(server: Server, spared: re.Pattern[bytes]) -> Server:
    """The server that takes a body of any size if this stands near its beginning."""

    async def is_within_limit(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        is_spared = spared.search(submission.body[:LARGE]) is not None
        return is_spared or len(submission.body) <= checks.byte_limit(server.contract)

    return checking(server, checks.body_is_within_limit, is_within_limit)


@breaks("limit.refused")
def pdf_of_any_size(server: Server) -> Server:
    """The limit is that of an image, and a PDF may have any size."""
    return limiting(server, re.compile(b'"JVBERi0'))


@breaks("limit.refused")
def data_uri_of_any_size(server: Server) -> Server:
    """The limit is held against plain Base64 only."""
    return limiting(server, re.compile(b'"data:'))


@breaks("providers.synchronous")
def synchronous_provider_queues_large_files(server: Server) -> Server:
    """A synchronous provider answers for a large file first and processes it later."""
    return handing_some(server, SYNCHRONOUS, lambda submission: len(submission.content) > LARGE, enqueue)
