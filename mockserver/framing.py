"""Where one request may end and the next begin, so that the first line of each is seen whole before it is parsed.

The parser stops at the first letter of a method that it does not know, and says neither where it stands nor what it
read; other methods it takes for another protocol's. Nothing else is judged here: what is no first line of HTTP/1 goes
to the parser as it came. So does what comes together with the end of a chunked body, which only the parser finds: a
method that it does not know is malformed there.
"""

import re
from enum import Enum, auto

# Those of RFC 9110 section 9 and RFC 5789. All others are read as one that no path has, and refused like it.
METHODS = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"})
UNSERVED = b"TRACE"

LINE_BREAKS = re.compile(rb"[\r\n]+")
TOKEN = rb"[\w!#$%&'*+.^`|~-]+"
FIRST_LINE = re.compile(rb"(?P<method>" + TOKEN + rb") [^ \r\n]+ HTTP/1\.[01]\r\n")
BEGUN_LINE = re.compile(TOKEN + rb"( [^ \r\n]*( [HTP/1.0]{0,8}\r?)?)?")


class Reading(Enum):
    """What the next byte belongs to."""

    NOTHING = auto()
    LINE = auto()  # the first line of a request, of which none is parsed before all is there
    HEAD = auto()
    BODY = auto()


def begin(data: bytes, start: int) -> int:
    """Where the first line begins: line breaks before it mean nothing (RFC 9112 section 2.2)."""
    breaks = LINE_BREAKS.match(data, start)
    return breaks.end() if breaks else start


def method_of(data: bytes, start: int) -> bytes | None:
    """The method in the first line; None if there is no whole one of HTTP/1."""
    line = FIRST_LINE.match(data, start)
    return line["method"] if line else None


def is_begun(data: bytes, start: int) -> bool:
    """Whether all that is there is the beginning of a first line, or nothing."""
    return start == len(data) or BEGUN_LINE.fullmatch(data, start) is not None


def piece_end(data: bytes, start: int, reading: Reading, left: int | None) -> int:
    """Up to where the data belongs to the request that is read; `left` of its body, if that has a length."""
    if reading is Reading.BODY:
        return len(data) if left is None else min(start + left, len(data))
    # A head mostly comes at once; one that does not may end with any of its lines.
    mark = b"\n" if reading is Reading.HEAD else b"\r\n\r\n"
    found = data.find(mark, start)
    return found + len(mark) if found >= 0 else len(data)
