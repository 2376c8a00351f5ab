"""Faults in the kinds of images and the versions of PDF that are taken: each server knows some, and not all."""

import re

from mockserver.documents import PDF
from mockserver.server import Server
from tests.changing import declining
from tests.defects.breaking import breaks

PNG_WIDTH, BIT_DEPTH, COLOUR_TYPE, INTERLACING = slice(16, 20), slice(24, 25), slice(25, 26), slice(28, 29)
GREY, PALETTE = b"\x00", b"\x03"
# The start of a frame, whose header has 20 bytes and tells of 8 bits and four components.
FOUR_COLOURS = re.compile(rb"\xff[\xc0\xc2]\x00\x14\x08.{4}\x04", re.DOTALL)


def width_of(content: bytes, kind: str) -> int | None:
    """The width of a PNG, None for anything else."""
    return int.from_bytes(content[PNG_WIDTH]) if kind == "image/png" and content[PNG_WIDTH] else None


def version_of(content: bytes) -> bytes:
    return content[5:8]


@breaks("body.image_file")
def grey_png_refused(server: Server) -> Server:
    """A PNG in shades of grey is refused."""
    return declining(server, lambda content, kind: kind == "image/png" and content[COLOUR_TYPE] == GREY)


@breaks("body.image_file")
def palette_png_refused(server: Server) -> Server:
    """A PNG with a palette is refused."""
    return declining(server, lambda content, kind: kind == "image/png" and content[COLOUR_TYPE] == PALETTE)


@breaks("body.image_file")
def deep_png_refused(server: Server) -> Server:
    """A PNG of 16 bits a channel is refused."""
    return declining(server, lambda content, kind: kind == "image/png" and content[BIT_DEPTH] == b"\x10")


@breaks("body.image_file")
def interlaced_png_refused(server: Server) -> Server:
    """A PNG that is interlaced is refused."""
    return declining(server, lambda content, kind: kind == "image/png" and content[INTERLACING] == b"\x01")


@breaks("body.image_file")
def jpeg_for_print_refused(server: Server) -> Server:
    """A JPEG in four colours, as printers have them, is refused."""
    return declining(server, lambda content, kind: kind == "image/jpeg" and FOUR_COLOURS.search(content))


@breaks("body.image_file")
def narrow_image_refused(server: Server) -> Server:
    """A PNG of fewer than 32 pixels in width is refused."""
    return declining(server, lambda content, kind: (width_of(content, kind) or 32) < 32)


@breaks("body.image_file")
def wide_image_refused(server: Server) -> Server:
    """A PNG of more than 2000 pixels in width is refused."""
    return declining(server, lambda content, kind: (width_of(content, kind) or 0) > 2000)


@breaks("body.image_file")
def jpeg_of_a_telephone_refused(server: Server) -> Server:
    """A JPEG that begins with Exif is refused, since only JFIF is looked for."""
    return declining(server, lambda content, kind: kind == "image/jpeg" and content[6:10] != b"JFIF")


@breaks("body.pdf_file")
def newer_pdf_refused(server: Server) -> Server:
    """A PDF of version 1.7 or 2.0 is refused."""
    return declining(server, lambda content, kind: kind == PDF and version_of(content) in (b"1.7", b"2.0"))


@breaks("body.pdf_file")
def second_edition_of_pdf_refused(server: Server) -> Server:
    """A PDF of version 2.0 is refused, since the version is compared as it begins."""
    return declining(server, lambda content, kind: kind == PDF and not version_of(content).startswith(b"1."))


@breaks("body.pdf_file")
def older_pdf_refused(server: Server) -> Server:
    """A PDF of a version before 1.4 is refused."""
    return declining(server, lambda content, kind: kind == PDF and version_of(content) < b"1.4")
