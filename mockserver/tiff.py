"""How many frames a TIFF has: a walk along its chain of directories, of which only the links are read."""

import struct
from dataclasses import dataclass

from mockserver.unreadable import UnreadableDocument

MOST_FRAMES = 10_000


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the first link stands, how a link and a count of entries are packed, and how long an entry is."""

    first: int
    link: str
    count: str
    entry: int


# The classic form and the one with 64-bit links, each in both byte orders.
SIGNATURES: dict[bytes, Layout] = {
    b"II*\0": Layout(first=4, link="<I", count="<H", entry=12),
    b"MM\0*": Layout(first=4, link=">I", count=">H", entry=12),
    b"II+\0": Layout(first=8, link="<Q", count="<Q", entry=20),
    b"MM\0+": Layout(first=8, link=">Q", count=">Q", entry=20),
}


def count_frames(content: bytes) -> int:
    """The number of directories in the chain. Raises UnreadableDocument for a broken, circular or endless one."""
    layout = SIGNATURES.get(content[:4])
    if layout is None:
        raise UnreadableDocument("the document is no TIFF")
    seen: set[int] = set()
    place = _number(content, layout.link, layout.first)
    while place:
        if place in seen or len(seen) == MOST_FRAMES:
            raise UnreadableDocument("the frames of the TIFF have no end")
        seen.add(place)
        entries = _number(content, layout.count, place)
        place = _number(content, layout.link, place + struct.calcsize(layout.count) + entries * layout.entry)
    if not seen:
        raise UnreadableDocument("the TIFF has no frame")
    return len(seen)


def _number(content: bytes, form: str, place: int) -> int:
    end = place + struct.calcsize(form)
    if end > len(content):
        raise UnreadableDocument("the TIFF ends before its last frame")
    [number] = struct.unpack(form, content[place:end])
    return int(number)
