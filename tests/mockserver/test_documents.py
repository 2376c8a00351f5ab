"""The kind of a document is found by content, then declaration, then name; its pages are counted or it is refused."""

import io
import os
import time

import pytest
from PIL import Image

from fixtures import fixture
from mockserver.documents import Documents
from mockserver.pdf import PdfReader
from mockserver.unreadable import EncryptedDocument, UnreadableDocument

pytestmark = pytest.mark.anyio


@pytest.fixture
def documents(pdfs: PdfReader) -> Documents:
    return Documents(pdfs)


def drawn(form: str, *, frames: int = 1, **options: object) -> bytes:
    """An image file of that form; the frames differ."""
    first, *others = (Image.new("L", (8, 8), 40 * number) for number in range(frames))
    file = io.BytesIO()
    first.save(file, form, **options, **({"save_all": True, "append_images": others} if others else {}))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (drawn("PNG"), "image/png"),
        (drawn("JPEG"), "image/jpeg"),
        (drawn("WEBP"), "image/webp"),
        (drawn("GIF"), "image/gif"),
        (drawn("BMP"), "image/bmp"),
        (drawn("TIFF"), "image/tiff"),
        (fixture("one-page.pdf").content, "application/pdf"),
        (b"\n" * 1000 + fixture("one-page.pdf").content, "application/pdf"),
        (b"BMW 2026, received by mail\r\n" + fixture("one-page.pdf").content, "application/pdf"),
        (drawn("PNG") + fixture("three-pages.pdf").content, "image/png"),
        (drawn("JPEG", comment=b"made from %PDF-1.4"), "image/jpeg"),
    ],
    ids=[
        *("png", "jpeg", "webp", "gif", "bmp", "tiff", "pdf", "pdf after empty lines", "pdf after BM"),
        *("png before a pdf", "jpeg that names a pdf"),
    ],
)
async def test_the_content_tells_the_kind_whatever_the_client_says(
    documents: Documents, content: bytes, kind: str
) -> None:
    assert documents.kind(content, declared="image/gif", filename="scan.bmp") == kind
    assert await documents.pages(content, kind) == 1


@pytest.mark.parametrize(
    ("declared", "filename", "kind"),
    [
        ("image/png", "scan.pdf", "image/png"),
        ("image/svg+xml", "scan.pdf", "application/pdf"),
        (None, "SCAN.PDF", "application/pdf"),
        (None, "a.b.jpeg", "image/jpeg"),
        (None, "scan.txt", None),
        (None, "pdf", None),
        (None, None, None),
    ],
)
async def test_what_the_client_says_counts_where_the_content_says_nothing(
    documents: Documents, declared: str | None, filename: str | None, kind: str | None
) -> None:
    assert documents.kind(b"Hello", declared=declared, filename=filename) == kind


@pytest.mark.parametrize(
    ("form", "kind", "pages"), [("TIFF", "image/tiff", 3), ("GIF", "image/gif", 1), ("WEBP", "image/webp", 1)]
)
async def test_frames_of_a_tiff_are_pages_and_those_of_an_animation_are_not(
    documents: Documents, form: str, kind: str, pages: int
) -> None:
    assert await documents.pages(drawn(form, frames=3), kind) == pages


@pytest.mark.parametrize(
    ("name", "pages"), [("one-page.pdf", 1), ("three-pages.pdf", 3), ("twenty-pages.pdf", 20), ("scanned.pdf", 2)]
)
async def test_counts_the_pages_of_a_pdf(documents: Documents, name: str, pages: int) -> None:
    assert await documents.pages(fixture(name).content, "application/pdf") == pages


async def test_refuses_a_pdf_that_needs_a_password(documents: Documents) -> None:
    with pytest.raises(EncryptedDocument, match="the PDF needs a password"):
        await documents.pages(fixture("encrypted.pdf").content, "application/pdf")


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", fixture("truncated.pdf").content, b"Hello"],
    ids=["header", "header and end", "truncated", "no PDF"],
)
async def test_refuses_a_pdf_whose_pages_cannot_be_counted(documents: Documents, content: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        await documents.pages(content, "application/pdf")
    assert not isinstance(caught.value, EncryptedDocument)


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        *((form, "the header of the image cannot be read") for form in ("PNG", "JPEG", "WEBP", "GIF", "BMP")),
        ("TIFF", "the TIFF ends before its directories"),
    ],
)
async def test_refuses_an_image_that_ends_in_its_header(documents: Documents, form: str, problem: str) -> None:
    with pytest.raises(UnreadableDocument, match=problem):
        await documents.pages(drawn(form)[:14], f"image/{form.lower()}")


async def test_refuses_a_kind_that_it_does_not_know(documents: Documents) -> None:
    with pytest.raises(UnreadableDocument, match="the document is of no known kind"):
        await documents.pages(b"", "image/svg+xml")


async def test_an_image_of_ten_megabytes_is_not_decoded(documents: Documents) -> None:
    file = io.BytesIO()
    Image.frombytes("RGB", (1900, 1800), os.urandom(1900 * 1800 * 3)).save(file, "PNG", compress_level=0)
    assert file.tell() > 10_000_000
    await documents.pages(drawn("PNG"), "image/png")
    start = time.perf_counter()
    assert await documents.pages(file.getvalue(), "image/png") == 1
    assert time.perf_counter() - start < 0.05


async def test_an_image_that_would_be_huge_is_measured_and_not_decoded(documents: Documents) -> None:
    header = bytearray(drawn("BMP"))
    header[18:26] = (60_000).to_bytes(4, "little") * 2
    assert await documents.pages(bytes(header), "image/bmp") == 1
