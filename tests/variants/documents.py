"""Other readings of what a file may be, and how many pages it has."""

import re
from base64 import b64encode
from dataclasses import replace

from mockserver import checks
from mockserver.documents import PDF, TIFF, Documents
from mockserver.payload import PayloadError, decode_base64
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import When, declining, decoding, lending, pricing, refusing, tolerating, without
from tests.variants.varying import Variant, add, varies


@varies(pdf_data_uri="refused")
def data_uri_of_images_only(server: Server) -> Server:
    """A data URI may be of an image type only."""
    return refusing(server, checks.image_is_decodable, lambda submission: submission.data_type == PDF)


def also_decoding(server: Server, head: str) -> Server:
    """The server that takes data URIs with such a head as well, for the plain Base64 of the file."""

    def is_decoded(submission: Submission) -> bool:
        text = str(submission.members["imageBase64"])
        found = re.match(head, text)
        try:
            submission.content = decode_base64(text[found.end() :]) if found else submission.content
        except PayloadError:
            return False
        return found is not None

    return tolerating(server, checks.image_is_decodable, is_decoded)


@varies(data_uri_octet_stream="accepted")
def data_uri_of_any_bytes(server: Server) -> Server:
    """A data URI may be of application/octet-stream."""
    return also_decoding(server, "data:application/octet-stream;base64,")


@varies(data_uri_without_type="accepted")
def data_uri_of_no_type(server: Server) -> Server:
    """A data URI may leave out its type."""
    return also_decoding(server, "data:;base64,")


@varies(data_uri_without_base64="accepted")
def data_uri_in_base64_all_the_same(server: Server) -> Server:
    """A data URI need not say that it is in Base64."""
    return also_decoding(server, "data:image/png,")


@varies(data_uri_octet_stream="accepted", data_uri_without_type="accepted", data_uri_without_base64="accepted")
def what_follows_a_comma_decoded(server: Server) -> Server:
    """Whatever stands before a comma is taken for the head of a data URI, and left out."""
    return also_decoding(server, "[^,]*,")


@varies(base64_trailing_bits="refused")
def no_trailing_bits_in_base64(server: Server) -> Server:
    """The last letter of Base64 holds nothing but bits of the file."""

    def decode(text: str) -> bytes:
        content = decode_base64(text)
        if b64encode(content).decode() != text:
            raise ValueError("bits that belong to no byte")
        return content

    return decoding(server, decode)


@varies(base64_line_breaks="accepted")
def line_breaks_in_base64(server: Server) -> Server:
    """Base64 may have line breaks, as in MIME."""
    return decoding(server, lambda text: decode_base64(re.sub(r"\r?\n", "", text)))


@varies(base64_url_safe="accepted")
def url_safe_base64(server: Server) -> Server:
    """Base64 may be written in the URL-safe alphabet."""
    return decoding(server, lambda text: decode_base64(text.replace("-", "+").replace("_", "/")))


@varies(base64_unpadded="accepted")
def unpadded_base64(server: Server) -> Server:
    """Base64 may come without its padding."""
    return decoding(server, lambda text: decode_base64(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)))


@varies(base64_line_breaks="accepted", base64_url_safe="accepted", base64_unpadded="accepted")
def base64_however_it_is_written(server: Server) -> Server:
    """Base64 may have white space, either alphabet, and padding or none."""

    def decode(text: str) -> bytes:
        plain = re.sub(r"\s", "", text).replace("-", "+").replace("_", "/").rstrip("=")
        return decode_base64(plain + "=" * (-len(plain) % 4))

    return decoding(server, decode)


def excess_padding_in_base64(server: Server) -> Server:
    def decode(text: str) -> bytes:
        letters = text.rstrip("=")
        return decode_base64(text[: len(letters) + -len(letters) % 4])

    return decoding(server, decode)


add(
    Variant(
        name="excess_padding_in_base64",
        says="Base64 may have more padding than it needs.",
        readings={"base64_excess_padding": "accepted"},
        unseen={"base64_excess_padding": "the suite does not ask, since no encoder writes it"},
        change=excess_padding_in_base64,
        made_of=(excess_padding_in_base64,),
    )
)


def pricing_at_one(server: Server, when: When) -> Server:
    """The server that takes some files which it cannot count for one page."""

    def takes(submission: Submission) -> bool:
        if when(submission):
            submission.pages = 1
        return submission.pages == 1

    return tolerating(server, checks.pages_are_counted, takes)


@varies(empty_image="accepted", unrecognised_bytes="accepted")
def any_bytes_accepted(server: Server) -> Server:
    """Whatever can be decoded is accepted, be it nothing; the task fails later."""
    anything = tolerating(server, checks.kind_is_recognised, lambda submission: True)
    anything = without(anything, checks.member_is_not_empty)
    return pricing_at_one(anything, lambda submission: submission.kind is None or not submission.content)


@varies(unrecognised_bytes="accepted")
def any_content_accepted(server: Server) -> Server:
    """Bytes that are neither an image nor a PDF are accepted; the task fails later."""
    anything = tolerating(server, checks.kind_is_recognised, lambda submission: submission.content)
    return pricing_at_one(anything, lambda submission: submission.kind is None)


@varies(broken_pdf="accepted")
def broken_pdf_accepted(server: Server) -> Server:
    """A PDF whose pages cannot be counted is accepted as one page; the task fails later."""
    return pricing_at_one(server, lambda submission: submission.kind == PDF)


@varies(encrypted_pdf="accepted")
def encrypted_pdf_accepted(server: Server) -> Server:
    """A PDF that needs a password is accepted as one page; the task fails later."""

    def takes(submission: Submission) -> bool:
        submission.pages = 1
        return True

    return tolerating(server, checks.opens_without_password, takes)


@varies(image_types="webp")
def tiff_refused(server: Server) -> Server:
    """A TIFF is refused."""
    return declining(server, lambda content, kind: kind == TIFF)


@varies(image_types="tiff")
def webp_refused(server: Server) -> Server:
    """A WebP is refused."""
    return declining(server, lambda content, kind: kind == "image/webp")


@varies(image_types="none")
def png_and_jpeg_only(server: Server) -> Server:
    """PNG and JPEG are the only images."""
    return declining(server, lambda content, kind: kind not in ("image/png", "image/jpeg", PDF))


@varies(image_pages="one")
def tiff_costs_one(server: Server) -> Server:
    """An image is one page, however many frames it has."""

    class OnePage(Documents):
        async def pages(self, content: bytes, kind: str, *, account_id: str = "") -> int:
            pages = await super().pages(content, kind)
            return pages if kind == PDF else 1

    return replace(server, documents=OnePage(server.pdfs))


def is_called_an_image(submission: Submission) -> bool:
    return (submission.filename or "").endswith(".png") and submission.kind == PDF


@varies(misleading_name="refused")
def names_must_be_true(server: Server) -> Server:
    """A PDF that is called .png is refused."""
    return refusing(server, checks.kind_is_recognised, is_called_an_image)


@varies(misleading_name="name")
def names_are_believed(server: Server) -> Server:
    """A PDF that is called .png is an image of one page."""
    return pricing(server, lambda submission, pages: 1 if is_called_an_image(submission) else pages)


@varies(partial_balance="accepted")
def last_document_on_credit(server: Server) -> Server:
    """As long as a page is left, any document is accepted, and the balance may end below zero."""
    return lending(
        server, lambda submission: 0 < server.ledger.balance(submission.account_id) < (submission.pages or 1)
    )


@varies(partial_balance="accepted")
def last_document_for_what_is_left(server: Server) -> Server:
    """As long as a page is left, any document is accepted, and takes no more than there is."""

    def price(submission: Submission, pages: int) -> int:
        return min(pages, max(server.ledger.balance(submission.account_id), 1))

    return pricing(server, price)
