"""From the member that brings a file to the bytes of the document: data URIs and Base64, each read strictly."""

import pybase64

# The documented members that the server gives a meaning to; which of them are required is said by the contract.
IMAGE = "imageBase64"
FILENAME = "filename"
PROVIDER = "provider"


class PayloadError(ValueError):
    """The text cannot be decoded. Says what is wrong with it, without quoting it."""


def split_data_uri(text: str) -> tuple[str | None, str]:
    """The media type of a Base64 data URI and its data; None and the text itself if it is no data URI.

    Raises PayloadError for a data URI that is not in Base64 (`data_uri_without_base64`), or neither of an image nor of
    a PDF (`pdf_data_uri`, `data_uri_octet_stream`, `data_uri_without_type`).
    """
    if text[:5].lower() != "data:":
        return None, text
    # A head of ten megabytes is not taken apart at each of its semicolons.
    comma = text.find(",")
    semicolon = text.rfind(";", 0, max(comma, 0))
    if semicolon < 0 or text[semicolon + 1 : comma].strip().lower() != "base64":
        raise PayloadError("a data URI has ;base64 before its comma")
    media_type = text[5 : text.find(";")].strip().lower()
    if not (media_type.startswith("image/") or media_type == "application/pdf"):
        raise PayloadError("a data URI is of an image type or of application/pdf")
    return media_type, text[comma + 1 :]


def decode_base64(text: str) -> bytes:
    """The bytes of a Base64 text in the standard alphabet with padding. Raises PayloadError for any other text.

    What the last letter holds beside the last byte is passed over (`base64_trailing_bits`).
    """
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as problem:
        raise PayloadError("the text is no Base64 in the standard alphabet with padding") from problem
