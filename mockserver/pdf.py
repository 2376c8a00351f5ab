"""The pages of a PDF and their text layers, read with pypdf, which is loaded when the first PDF comes."""

import logging
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from mockserver.unreadable import EncryptedDocument, UnreadableDocument

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader


@dataclass(frozen=True, kw_only=True)
class TextLayer:
    """The text of a page, and its size in points (pixels at 72 dpi)."""

    text: str
    width: int
    height: int


def count_pages(content: bytes) -> int:
    """How many pages the page tree has. Raises EncryptedDocument, or UnreadableDocument if there is none to find."""
    return len(_pages(content))


def text_layers(content: bytes) -> list[TextLayer]:
    """The text layer of every page, empty where a page has none. Raises as `count_pages` does."""
    pages = _pages(content)
    try:
        return [_text_layer(page) for page in pages]
    except Exception as problem:  # pypdf raises whatever a broken document makes it stumble over
        raise UnreadableDocument("the text of the PDF cannot be read") from problem


def _pages(content: bytes) -> "list[PageObject]":
    from pypdf.errors import FileNotDecryptedError

    try:
        pages = list(_open(content).pages)
    except FileNotDecryptedError as problem:
        raise EncryptedDocument("the PDF needs a password") from problem
    except Exception as problem:  # as above
        raise UnreadableDocument("the pages of the PDF cannot be counted") from problem
    if not pages:
        raise UnreadableDocument("the PDF has no page")
    return pages


def _open(content: bytes) -> "PdfReader":
    from pypdf import PdfReader

    # It would report every flaw of a client's document in the log of the server.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return PdfReader(BytesIO(content))


def _text_layer(page: "PageObject") -> TextLayer:
    box = page.mediabox
    return TextLayer(
        text=page.extract_text().encode("utf-8", "replace").decode(),
        width=max(1, round(box.width)),
        height=max(1, round(box.height)),
    )
