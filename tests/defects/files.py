"""Faults in what is taken for a file: Base64, data URIs, images, and PDF documents. Faults of names: see `names`."""

import base64
import re
from dataclasses import replace

from mockserver import checks
from mockserver.documents import PDF, Documents
from mockserver.payload import PayloadError, decode_base64
from mockserver.server import Server
from mockserver.submission import Submission
from spec import Error
from tests.changing import answering, checking, declining, decoding, refusing, refusing_first
from tests.defects.breaking import ANOTHER_STATUS, breaks


@breaks("body.invalid_image")
def foreign_characters_passed_over(server: Server) -> Server:
    """Characters that are no Base64 are passed over."""
    return decoding(server, lambda text: base64.b64decode(text + "=="))


@breaks("body.invalid_image")
def letters_outside_ascii_passed_over(server: Server) -> Server:
    """Letters outside ASCII are left out before Base64 is decoded."""
    return decoding(server, lambda text: decode_base64(text.encode("ascii", "ignore").decode()))


@breaks("body.invalid_image")
def letters_outside_ascii_are_an_error(server: Server) -> Server:
    """A text outside ASCII cannot be made the bytes that the decoder of Base64 takes, and ends in a 500."""
    stumbled = Error(status=500, code="internal_error", meaning="It stumbled")
    return refusing(server, checks.image_is_string, lambda it: not text_of(it).isascii(), stumbled)


@breaks("body.invalid_image")
def base64_ends_at_a_foreign_character(server: Server) -> Server:
    """Base64 is decoded up to the first character that is none."""

    def up_to(text: str) -> bytes:
        good = re.split(r"[^A-Za-z0-9+/=]", text)[0]
        return base64.b64decode(good[: len(good) // 4 * 4])

    return decoding(server, up_to)


@breaks("body.invalid_image")
def base64_looked_at_in_its_beginning_only(server: Server) -> Server:
    """Only the first hundred characters are held to be Base64, the rest is decoded anyhow."""

    def decode(text: str) -> bytes:
        decode_base64(text[: min(100, len(text) // 4 * 4)])
        return base64.b64decode(text + "==")

    return decoding(server, decode)


@breaks("body.invalid_image")
def data_uri_not_looked_at(server: Server) -> Server:
    """What a data URI holds is decoded anyhow, be it Base64 or not."""

    async def decodes(submission: Submission) -> bool:
        head, _, data = str(submission.members["imageBase64"]).partition(";base64,")
        if not data:
            return await checks.image_is_decodable(submission)
        letters = re.sub(r"[^A-Za-z0-9+/]", "", data)
        # One letter alone in the end is no byte.
        whole = letters[:-1] if len(letters) % 4 == 1 else letters
        submission.data_type, submission.content = head[5:], base64.b64decode(whole + "==")
        return True

    return checking(server, checks.image_is_decodable, decodes)


@breaks("body.invalid_image")
def what_follows_the_padding_passed_over(server: Server) -> Server:
    """Base64 is decoded up to its padding, whatever comes after it."""
    return decoding(server, lambda text: decode_base64(re.sub("=[^=]+$", "=", text)))


@breaks("body.invalid_image")
def one_line_of_base64_is_enough(server: Server) -> Server:
    """Where one line is Base64, all are taken for it, and what is none is passed over."""

    def decode(text: str) -> bytes:
        if len(text) % 4 or not re.search("^[A-Za-z0-9+/]+={0,2}$", text, re.MULTILINE):
            raise PayloadError
        return base64.b64decode(text)

    return decoding(server, decode)


@breaks("body.invalid_image")
def last_character_alone_passed_over(server: Server) -> Server:
    """A last character that stands for six bits, which are no byte, is passed over."""
    return decoding(server, lambda text: decode_base64(text[:-1] if len(text) % 4 == 1 else text))


@breaks("body.invalid_image")
def undecodable_is_missing(server: Server) -> Server:
    """What cannot be decoded is refused as missing."""
    return answering(server, "body.invalid_image", code="missing_image_base64")


@breaks("body.invalid_image")
def undecodable_is_an_error(server: Server) -> Server:
    """What cannot be decoded ends in a 500."""
    return answering(server, "body.invalid_image", status=500, code="internal_error")


@breaks("body.invalid_image", besides=ANOTHER_STATUS)
def undecodable_is_unprocessable(server: Server) -> Server:
    """What cannot be decoded is refused with 422."""
    return answering(server, "body.invalid_image", status=422)


def text_of(submission: Submission) -> str:
    return str(submission.members.get("imageBase64"))


@breaks("body.base64")
def plain_base64_refused(server: Server) -> Server:
    """Only data URIs are decoded."""
    return refusing_first(server, checks.image_is_decodable, lambda it: not text_of(it).startswith("data:"))


@breaks("body.base64")
def padding_refused(server: Server) -> Server:
    """Base64 that ends in padding is none."""
    return refusing_first(server, checks.image_is_decodable, lambda it: text_of(it).endswith("="))


@breaks("body.base64")
def single_padding_refused(server: Server) -> Server:
    """Base64 that ends in one padding character is none."""
    return refusing_first(server, checks.image_is_decodable, lambda it: re.search("[^=]=$", text_of(it)))


@breaks("body.base64")
def standard_alphabet_refused(server: Server) -> Server:
    """Only the URL-safe alphabet is Base64."""
    return decoding(server, lambda text: decode_base64(re.sub("[+/]", "*", text).translate({45: 43, 95: 47})))


@breaks("body.base64", besides={"body.pdf_file": "A PDF with large pictures is long Base64, too."})
def long_base64_refused(server: Server) -> Server:
    """Base64 of more than 300,000 characters is taken for none."""
    return refusing_first(server, checks.image_is_decodable, lambda it: len(text_of(it)) > 300_000)


@breaks("body.data_uri")
def data_uri_refused(server: Server) -> Server:
    """Only plain Base64 is decoded."""
    return refusing_first(server, checks.image_is_decodable, lambda it: text_of(it).startswith("data:"))


@breaks("body.data_uri")
def data_uri_of_webp_refused(server: Server) -> Server:
    """The data URIs that are known are those of PNG and JPEG, while WebP is taken as plain Base64."""
    return refusing_first(
        server, checks.image_is_decodable, lambda it: text_of(it).startswith("data:image/webp;base64,")
    )


@breaks("body.data_uri")
def data_uri_of_jpeg_refused(server: Server) -> Server:
    """A data URI may be of image/png only, as in the example."""
    return refusing(server, checks.image_is_decodable, lambda submission: submission.data_type == "image/jpeg")


@breaks("body.image_file")
def jpeg_refused(server: Server) -> Server:
    """Only PNG is an image."""
    return declining(server, lambda content, kind: kind == "image/jpeg")


@breaks("body.image_file")
def colour_refused(server: Server) -> Server:
    """A PNG in colour is refused, unless it has a palette or an alpha channel."""
    return declining(server, lambda content, kind: kind == "image/png" and content[25:26] == b"\x02")


@breaks("body.image_file")
def small_image_refused(server: Server) -> Server:
    """An image of less than a kilobyte is taken for the picture of an error, and refused."""
    return declining(server, lambda content, kind: kind != PDF and len(content) < 1024)


@breaks("body.image_file")
def colour_with_alpha_refused(server: Server) -> Server:
    """A PNG with an alpha channel is refused."""
    return declining(server, lambda content, kind: kind == "image/png" and content[25:26] == b"\x06")


@breaks("body.image_file")
def progressive_jpeg_refused(server: Server) -> Server:
    """A progressive JPEG is refused."""
    return declining(server, lambda content, kind: kind == "image/jpeg" and b"\xff\xc2" in content)


@breaks("body.image_file")
def jpeg_refused_by_one_provider(server: Server) -> Server:
    """The synchronous provider takes no JPEG."""
    return refusing(
        server,
        checks.kind_is_recognised,
        lambda submission: submission.kind == "image/jpeg" and submission.members.get("provider") == "baidu",
    )


@breaks("body.pdf_file")
def long_pdf_refused(server: Server) -> Server:
    """A PDF of more than ten pages is refused."""
    error = server.contract.refusal("body.invalid_image")
    return refusing(server, checks.pages_are_counted, lambda submission: (submission.pages or 0) > 10, error)


@breaks("body.pdf_file")
def pdf_refused(server: Server) -> Server:
    """Only images are documents."""
    return declining(server, lambda content, kind: kind == PDF)


@breaks("body.pdf_file")
def compressed_pdf_refused(server: Server) -> Server:
    """A PDF without a classic cross-reference table is refused."""
    return declining(server, lambda content, kind: kind == PDF and b"\ntrailer" not in content)


@breaks("body.pdf_file")
def scanned_pdf_refused(server: Server) -> Server:
    """A PDF that has no font, and so no text, is refused."""
    return declining(server, lambda content, kind: kind == PDF and b"/Font" not in content and b"/Image" in content)


@breaks("body.pdf_file", besides={"body.optional_field": "a PDF then needs its name"})
def nameless_pdf_refused(server: Server) -> Server:
    """A PDF is known by its name only."""

    class ByName(Documents):
        def kind(self, content: bytes, *, declared: str | None, filename: str | None) -> str | None:
            kind = super().kind(content, declared=declared, filename=filename)
            return None if kind == PDF and not (filename or "").endswith(".pdf") else kind

    return replace(server, documents=ByName(server.pdfs))


@breaks("body.pdf_file")
def pdf_refused_by_one_provider(server: Server) -> Server:
    """The synchronous provider takes images only."""
    return refusing(
        server,
        checks.kind_is_recognised,
        lambda submission: submission.kind == PDF and submission.members.get("provider") == "baidu",
    )
