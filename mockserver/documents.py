"""What kind of document some bytes are, and how many pages it has. Nothing here recognises text.

A kind is a media type. The content decides it (`misleading_name`); what the client says counts only where the content
says nothing.
"""

from mockserver import images, tiff
from mockserver.pdf import PdfReader
from mockserver.pdf_worker import PDF_START, PDF_START_WITHIN
from mockserver.unreadable import UnreadableDocument

PDF = "application/pdf"
TIFF = "image/tiff"

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    *((signature, TIFF) for signature in tiff.SIGNATURES),
)

SUFFIXES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".tif": TIFF,
    ".tiff": TIFF,
    ".pdf": PDF,
}
KINDS = frozenset(SUFFIXES.values())


class Documents:
    """The part of the server that looks into documents."""

    def __init__(self, pdfs: PdfReader) -> None:
        self._pdfs = pdfs

    def kind(self, content: bytes, *, declared: str | None, filename: str | None) -> str | None:
        """The kind by content, else as declared in a data URI, else by the suffix of the name; None if none tells."""
        return kind_of_content(content) or _known(declared) or kind_of_name(filename)

    async def pages(self, content: bytes, kind: str, *, account_id: str = "") -> int:
        """How many pages that account is to pay. Raises UnreadableDocument if they cannot be counted."""
        if kind != PDF:
            return image_pages(content, kind)
        return await self._pdfs.count_pages(content, account_id=account_id)


def kind_of_content(content: bytes) -> str | None:
    """The kind that the first bytes show."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if images.is_bmp(content):
        return "image/bmp"
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    # Other bytes may come before the first line of a PDF, as that line may stand in what an image says of itself.
    return PDF if PDF_START in content[:PDF_START_WITHIN] else None


def kind_of_name(filename: str | None) -> str | None:
    """The kind that the suffix of a file name shows."""
    _, dot, suffix = (filename or "").rpartition(".")
    return SUFFIXES.get(dot + suffix.lower())


def image_pages(content: bytes, kind: str) -> int:
    """The frames of a TIFF, else one; only headers are read. Raises UnreadableDocument."""
    if kind not in KINDS:
        raise UnreadableDocument("the document is of no known kind")
    images.size(content, kind)
    return tiff.count_frames(content) if kind == TIFF else 1


def _known(declared: str | None) -> str | None:
    return declared if declared in KINDS else None
