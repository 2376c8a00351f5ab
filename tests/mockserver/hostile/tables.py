"""PDF documents whose cross-reference table leads astray."""

import struct
import zlib

from tests.mockserver.hostile.corpus import Corpus
from tests.mockserver.hostile.pdf_parts import CATALOG, MEGABYTE, PAGE, body, bomb, pdf, stream, streamed, tree

CORPUS = Corpus()
TWO_PAGES = (CATALOG, tree([3, 4]), PAGE, PAGE)


@CORPUS.expected(2)
def table_that_is_its_own_predecessor() -> bytes:
    """The trailer names its own table as the one before it."""
    start, _ = body(*TWO_PAGES)
    return pdf(*TWO_PAGES, trailer=f"/Prev {len(start)}")


@CORPUS.expected(2)
def tables_that_follow_each_other() -> bytes:
    """Two tables, each the one before the other."""
    first = pdf(*TWO_PAGES, trailer="/Prev 0000000999")
    start, _ = body(*TWO_PAGES)
    second = f"xref\n0 0\ntrailer\n<< /Size 5 /Root 1 0 R /Prev {len(start)} >>\nstartxref\n{len(first)}\n%%EOF\n"
    return first.replace(b"/Prev 0000000999", b"/Prev %010d" % len(first)) + second.encode()


@CORPUS.expected(2)
def predecessor_beyond_the_end() -> bytes:
    """The table before this one stands a terabyte further."""
    return pdf(*TWO_PAGES, trailer="/Prev 999999999999")


@CORPUS.expected(None)
def hundred_thousand_tables() -> bytes:
    """A chain of a hundred thousand tables without entries."""
    file = bytearray(pdf(*TWO_PAGES))
    before = len(body(*TWO_PAGES)[0])
    for _ in range(100_000):
        here = len(file)
        file += b"xref\n0 0\ntrailer\n<< /Root 1 0 R /Size 5 /Prev %d >>\n" % before
        before = here
    return bytes(file) + b"startxref\n%d\n%%%%EOF\n" % before


@CORPUS.expected(2)
def start_beyond_the_end() -> bytes:
    """The table is said to stand a terabyte further."""
    start, _ = body(*TWO_PAGES)
    return pdf(*TWO_PAGES).replace(b"startxref\n%d" % len(start), b"startxref\n999999999999")


@CORPUS.expected(None)
def table_of_a_trillion_entries() -> bytes:
    """The table says that it has a trillion entries."""
    return pdf(*TWO_PAGES).replace(b"xref\n0 5\n", b"xref\n0 1000000000000\n")


@CORPUS.expected(None)
def three_hundred_thousand_objects_without_a_table() -> bytes:
    """Three hundred thousand empty objects, and no table: a reader has to look for each."""
    start, _ = body(*TWO_PAGES)
    empty = b"".join(b"%d 0 obj\n1\nendobj\n" % number for number in range(5, 300_005))
    return start + empty + b"trailer\n<< /Size 300005 /Root 1 0 R >>\n"


@CORPUS.expected(2)
def ten_thousand_ends() -> bytes:
    """Ten thousand times the end of a file, and before it a file."""
    return pdf(*TWO_PAGES) + b"startxref\n0\n%%EOF\n" * 10_000


@CORPUS.expected(None)
def table_that_inflates() -> bytes:
    """The table is a stream of two megabytes that inflate to two gigabytes."""
    entries = "/Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode"
    return streamed(*TWO_PAGES, table=entries, data=bomb(2000))


@CORPUS.expected(None)
def table_that_inflates_within_limits() -> bytes:
    """The table is a stream of seventy megabytes: seventeen million entries, if they are all read."""
    entries = "/Type /XRef /Size 17000000 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode"
    return streamed(*TWO_PAGES, table=entries, data=bomb(70))


@CORPUS.expected(None)
def table_of_wide_columns() -> bytes:
    """The columns of the table are a gigabyte wide."""
    entries = "/Type /XRef /Size 5 /W [1000000000 1000000000 1000000000] /Root 1 0 R"
    return streamed(*TWO_PAGES, table=entries, data=bytes(20))


@CORPUS.expected(2)
def table_of_no_columns() -> bytes:
    """The columns of the table have no width, and there are a trillion entries."""
    entries = "/Type /XRef /Size 5 /Index [0 1000000000000] /W [0 0 0] /Root 1 0 R"
    return streamed(*TWO_PAGES, table=entries, data=bytes(20))


@CORPUS.expected(2)
def table_in_a_stream() -> bytes:
    """Nothing wrong: the table is a stream."""
    _, offsets = body(*TWO_PAGES)
    rows = b"".join(struct.pack(">BHB", 1, offset, 0) for offset in offsets)
    return streamed(*TWO_PAGES, table="/Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R", data=bytes(4) + rows + bytes(4))


@CORPUS.expected(None)
def object_stream_that_holds_itself() -> bytes:
    """The table says that the stream of objects is in that stream."""
    rows = bytes(4) + struct.pack(">BHB", 2, 1, 0) * 2
    table = "/Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R"
    return streamed(stream("/Type /ObjStm /N 1 /First 4", b"1 0 << >>"), table=table, data=rows)


def object_stream(data: bytes, entries: str = "") -> bytes:
    """A file whose catalogue is in a stream of objects."""
    rows = bytes(4) + struct.pack(">BHB", 2, 5, 0) + bytes(12) + struct.pack(">BHB", 1, 9, 0)
    start = stream(f"/Type /ObjStm /N 1 /First 4 {entries}", data)
    file = b"%PDF-1.7\n5 0 obj\n" + start + b"\nendobj\n"
    table = stream("/Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R", rows)
    return file + b"6 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(file)


@CORPUS.expected(None)
def object_stream_that_inflates() -> bytes:
    """The catalogue is in a stream of seven megabytes that inflate to seven gigabytes."""
    return object_stream(bomb(7000), "/Filter /FlateDecode")


@CORPUS.expected(None)
def object_stream_that_inflates_within_limits() -> bytes:
    """The catalogue is behind seventy megabytes of spaces."""
    return object_stream(bomb(70), "/Filter /FlateDecode")


@CORPUS.expected(1)
def object_stream_of_fifty_megabytes() -> bytes:
    """The catalogue is in a stream of objects, with fifty megabytes of nothing behind it."""
    data = f"1 0 {CATALOG} 0 ".encode() + b"x" * 50 * MEGABYTE
    packed = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", zlib.compress(data))
    objects = ("null", tree([3]), PAGE, packed)
    kinds = (struct.pack(">BIB", 1, offset, 0) for offset in body(*objects)[1][1:])
    rows = bytes(6) + struct.pack(">BIB", 2, 4, 0) + b"".join(kinds)
    return streamed(*objects, table="/Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R", data=rows)


@CORPUS.expected(None)
def object_stream_of_a_trillion_objects() -> bytes:
    """The stream that the catalogue is in says that it has a trillion objects."""
    return object_stream(b"1 0 << >>").replace(b"/N 1 ", b"/N 1000000000000 ")
