"""From the bytes of a request body to the bytes of the document: JSON, data URIs and Base64, each read strictly."""

import json
from typing import Any, NoReturn

import msgspec
import pybase64

# The documented members that the server gives a meaning to; which of them are required is said by the contract.
IMAGE = "imageBase64"
FILENAME = "filename"
PROVIDER = "provider"


# What a body usually is; ten megabytes of it are read in a fifth of the time that the standard library takes.
FLAT = msgspec.json.Decoder(dict[str, str | int | float | bool | None])
MOST_MEMBERS = 16


class PayloadError(ValueError):
    """The text cannot be decoded. Says what is wrong with it, without quoting it."""


def parse_json(body: bytes) -> object:
    """The value of a JSON text. Raises PayloadError for anything that RFC 8259 does not allow or leaves unclear."""
    try:
        members = FLAT.decode(body)
    except (msgspec.MsgspecError, UnicodeError):
        return _parse_strictly(body)
    return members if _is_whole(members, body) else _parse_strictly(body)


def _is_whole(members: dict[str, Any], body: bytes) -> bool:
    """Whether the members are all that stands in the body: of two with one name, the decoder keeps the last.

    No string can hide then, since each has two quotes, and none of them is an escaped one.
    """
    if len(members) > MOST_MEMBERS or (b"\\" in body and b'\\"' in body):
        return False
    strings = len(members) + sum(isinstance(value, str) for value in members.values())
    place = -1
    for _ in range(2 * strings):
        place = body.index(b'"', place + 1)
    return body.find(b'"', place + 1) == -1


def _parse_strictly(body: bytes) -> object:
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
        if b"\\u" in body:
            # JSON can spell half of a surrogate pair, which is no text: no encoder takes it.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as problem:
        raise PayloadError("the body is no JSON text in UTF-8") from problem
    return value


def split_data_uri(text: str) -> tuple[str | None, str]:
    """The media type of a Base64 data URI and its data; None and the text itself if it is no data URI.

    Raises PayloadError for a data URI that is not in Base64, or neither of an image nor of a PDF.
    """
    if text[:5].lower() != "data:":
        return None, text
    head, comma, data = text.partition(",")
    media_type, *parameters = (part.strip().lower() for part in head[5:].split(";"))
    if not comma or "base64" not in parameters[-1:]:
        raise PayloadError("a data URI has ;base64 before its comma")
    if not (media_type.startswith("image/") or media_type == "application/pdf"):
        raise PayloadError("a data URI is of an image type or of application/pdf")
    return media_type, data


def decode_base64(text: str) -> bytes:
    """The bytes of a Base64 text in the standard alphabet with padding. Raises PayloadError for any other text."""
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as problem:
        raise PayloadError("the text is no Base64 in the standard alphabet with padding") from problem


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise PayloadError("a member occurs twice")
    return value


def _constant(name: str) -> NoReturn:
    raise PayloadError(f"{name} is no JSON")
