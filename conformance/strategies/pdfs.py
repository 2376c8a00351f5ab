"""PDF documents: plain ones, and those whose pages only a reader of the page tree counts right, since they have object
streams, later versions of a document behind earlier ones, or things that look like pages and are none.

Not a PDF library: what is written here is what ISO 32000-1 calls for, and no more.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from conformance.target.documents import Document

CATALOG, ROOT, FONT, CONTENT, RESOURCES = 1, 2, 3, 4, 5
FIRST_FREE = 6
MOST_PAGES = 5
PAGES = st.integers(1, MOST_PAGES)
VERSIONS = st.sampled_from(["1.0", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"])
KIDS = st.sampled_from([100, 2])
IMAGES = st.sampled_from([0, 2])
IMAGE = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d"

Objects = Mapping[int, bytes]


@dataclass(frozen=True, kw_only=True)
class PdfShape:
    """`pages` to be paid; an earlier version has `removed` ones more. A node of the page tree has at most `kids`.

    All pages share some `images`, each side of which has `side` pixels. Nothing but `compressed` objects needs a
    `version` beyond the first.
    """

    pages: int
    version: str = "1.5"
    kids: int = 100
    compressed: bool = False
    removed: int = 0
    decoys: bool = False
    images: int = 0
    side: int = 1

    def __str__(self) -> str:
        parts = {
            f"PDF {self.version}": True,
            "a page tree of several levels": self.kids < self.pages,
            "compressed objects": self.compressed,
            f"two earlier versions with {self.pages + self.removed} pages each": bool(self.removed),
            "pages and counts left in it that no tree holds": self.decoys,
            f"{self.images} images on each page": bool(self.images),
        }
        return ", ".join(part for part, is_so in parts.items() if is_so)


def pdfs() -> st.SearchStrategy[Document]:
    """A plain PDF of a few pages: whoever looks for pages finds them."""
    return st.builds(PdfShape, pages=PAGES, version=VERSIONS, kids=KIDS, images=IMAGES).map(pdf)


def intricate_pdfs() -> st.SearchStrategy[Document]:
    """A PDF of a few pages that only show to who follows the page tree."""
    shapes = st.builds(
        PdfShape,
        pages=PAGES,
        kids=KIDS,
        compressed=st.booleans(),
        removed=st.sampled_from([0, 2]),
        decoys=st.booleans(),
    )
    return shapes.filter(lambda shape: shape.compressed or shape.removed or shape.decoys).map(pdf)


def pdf(shape: PdfShape) -> Document:
    """The document of that shape; the same bytes each time."""
    file = b"%%PDF-%b\n%%\xe2\xe3\xcf\xd3\n" % shape.version.encode()
    earlier: int | None = None
    for pages in [shape.pages + shape.removed] * bool(shape.removed) + [shape.pages]:
        file, earlier = _with_version(file, _objects(pages, shape), earlier, compressed=shape.compressed)
    told = str(shape)
    return Document(name="pages.pdf", media_type="application/pdf", content=file, pages=shape.pages, told=told)


def _objects(pages: int, shape: PdfShape) -> Objects:
    text = b"BT /F1 18 Tf 60 700 Td (Invoice) Tj ET"
    objects = {
        CATALOG: b"<< /Type /Catalog /Pages %d 0 R >>" % ROOT,
        CONTENT: b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
        **_resources(shape.images, shape.side),
    }
    _add_node(objects, ROOT, None, pages, shape.kids)
    if shape.decoys:
        # A page that no tree holds, a text that reads like one, and a number that nobody should believe.
        objects[max(objects) + 1] = b"<< /Type /Page /MediaBox [0 0 595 842] >>"
        objects[max(objects) + 1] = b"<< /Note (/Type /Page /Type /Page /Count 77) >>"
    return objects


def _resources(images: int, side: int) -> Objects:
    """What all pages share: a font, and white images."""
    pixels = side * side
    image = b"<< %b >>\nstream\n%b\nendstream" % (IMAGE % (side, side, pixels), b"\xff" * pixels)
    names = range(FIRST_FREE, FIRST_FREE + images)
    listed = b" ".join(b"/I%d %d 0 R" % (name, name) for name in names)
    return {
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        RESOURCES: b"<< /Font << /F1 %d 0 R >> /XObject << %b >> >>" % (FONT, listed),
        **dict.fromkeys(names, image),
    }


def _add_node(objects: dict[int, bytes], number: int, parent: int | None, pages: int, kids: int) -> None:
    """A node of the page tree at that number, and all below it."""
    shares = [pages // kids + (at < pages % kids) for at in range(kids)] if pages > kids else [1] * pages
    names = []
    for share in filter(None, shares):
        name = max(FIRST_FREE, max(objects) + 1, number + 1)
        names.append(name)
        objects[name] = b""
        if share > 1:
            _add_node(objects, name, number, share, kids)
        else:
            objects[name] = (
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources %d 0 R >>"
                % (number, CONTENT, RESOURCES)
            )
    above = b"" if parent is None else b" /Parent %d 0 R" % parent
    listed = b" ".join(b"%d 0 R" % name for name in names)
    objects[number] = b"<< /Type /Pages%b /Kids [%b] /Count %d >>" % (above, listed, pages)


def _with_version(file: bytes, objects: Objects, earlier: int | None, *, compressed: bool) -> tuple[bytes, int]:
    """The file with a version of the document behind it, and where the cross-references of that version stand."""
    if not compressed:
        file, offsets = _written(file, objects)
        return _with_table(file, offsets, max(objects) + 1, earlier)
    packed = {number: body for number, body in objects.items() if b"stream" not in body}
    container, references = max(objects) + 1, max(objects) + 2
    plain = {number: body for number, body in objects.items() if number not in packed}
    file, offsets = _written(file, {**plain, container: _object_stream(packed)})
    return _with_reference_stream(file, offsets, list(packed), container, references, earlier)


def _written(file: bytes, objects: Objects) -> tuple[bytes, dict[int, int]]:
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(file)
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return file, offsets


def _with_table(file: bytes, offsets: Mapping[int, int], size: int, earlier: int | None) -> tuple[bytes, int]:
    start = len(file)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items()))
    trailer = _trailer(size, earlier)
    file += b"xref\n0 1\n0000000000 65535 f \n%btrailer\n<< %b >>\nstartxref\n%d\n%%%%EOF\n" % (rows, trailer, start)
    return file, start


def _with_reference_stream(
    file: bytes, offsets: Mapping[int, int], packed: list[int], container: int, references: int, earlier: int | None
) -> tuple[bytes, int]:
    start = len(file)
    rows = {0: (0, 0, 65535), references: (1, start, 0)}
    rows |= {number: (1, offset, 0) for number, offset in offsets.items()}
    rows |= {number: (2, container, at) for at, number in enumerate(packed)}
    data = zlib.compress(b"".join(_row(*rows[number]) for number in sorted(rows)))
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    entries = b"/Type /XRef /W [1 4 2] /Index [%b] /Filter /FlateDecode /Length %d" % (index, len(data))
    head = b"<< %b %b >>" % (entries, _trailer(references + 1, earlier))
    file += b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (references, head, data)
    return file + b"startxref\n%d\n%%%%EOF\n" % start, start


def _trailer(size: int, earlier: int | None) -> bytes:
    previous = b"" if earlier is None else b" /Prev %d" % earlier
    return b"/Size %d /Root %d 0 R%b" % (size, CATALOG, previous)


def _row(kind: int, second: int, third: int) -> bytes:
    return kind.to_bytes(1, "big") + second.to_bytes(4, "big") + third.to_bytes(2, "big")


def _object_stream(objects: Objects) -> bytes:
    bodies, places, at = b"", [], 0
    for number, body in objects.items():
        places.append(b"%d %d" % (number, at))
        bodies += body + b"\n"
        at = len(bodies)
    head = b" ".join(places) + b"\n"
    data = zlib.compress(head + bodies)
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data), data)


def every_shape(pages: int) -> Iterable[PdfShape]:
    """Each shape once, for a document of that many pages."""
    for kids in (100, 2):
        for compressed in (False, True):
            for removed in (0, 2):
                for decoys in (False, True):
                    yield PdfShape(pages=pages, kids=kids, compressed=compressed, removed=removed, decoys=decoys)
