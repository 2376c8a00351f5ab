"""Parts of which the hostile PDF documents are made: numbered objects, their table, and deflated bombs."""

import zlib
from collections.abc import Sequence
from functools import cache

CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"
MEGABYTE = 1 << 20


def tree(kids: Sequence[int], count: object | None = None) -> str:
    """A node of the page tree; its /Count is true unless another is given."""
    references = " ".join(f"{kid} 0 R" for kid in kids)
    return f"<< /Type /Pages /Kids [{references}] /Count {len(kids) if count is None else count} >>"


def stream(entries: str, data: bytes) -> bytes:
    """A stream object with its true length."""
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def body(*objects: str | bytes) -> tuple[bytes, list[int]]:
    """A file up to its table: objects numbered from 1 on, and where each stands."""
    file, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content if isinstance(content, bytes) else content.encode())
    return bytes(file), offsets


def pdf(*objects: str | bytes, trailer: str = "", root: int = 1) -> bytes:
    """A whole file; the first object is the catalogue. `trailer` is added to the dictionary of that name."""
    start, offsets = body(*objects)
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    end = f"trailer\n<< /Size {len(objects) + 1} /Root {root} 0 R {trailer} >>\nstartxref\n{len(start)}\n%%EOF\n"
    return start + table.encode() + end.encode()


def streamed(*objects: str | bytes, table: str, data: bytes) -> bytes:
    """A file whose table is a stream with these entries and that data."""
    start, _ = body(*objects)
    number = len(objects) + 1
    return start + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, stream(table, data), len(start))


@cache
def bomb(megabytes: int) -> bytes:
    """So many megabytes of spaces, deflated: about a thousandth of that."""
    packer = zlib.compressobj(9)
    head = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    part = packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    # The check sum at the end is left out: readers do without.
    return head + part * (megabytes - 1) + b"\x03\x00"
