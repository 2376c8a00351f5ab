"""How many frames a TIFF has, by a walk along its chain of directories, and how large the first one is.

Of a directory only the link to the next one is read, and of the first one the entries that tell its size.
"""

from dataclasses import dataclass
from struct import Struct, error

from mockserver.unreadable import UnreadableDocument

MOST_FRAMES = 10_000
MOST_ENTRIES = 1_000
WIDTH, HEIGHT = 256, 257
# The types that a size may have, and how each is packed.
NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the first link stands, how a link and a count of entries are packed, and how long an entry is.

    An entry is a tag and a type (two bytes each), the number of its values (like a link), and the value (in as many).
    """

    order: str
    first: int
    link: Struct
    count: Struct
    entry: int


def _classic(order: str) -> Layout:
    return Layout(order=order, first=4, link=Struct(order + "I"), count=Struct(order + "H"), entry=12)


def _big(order: str) -> Layout:
    return Layout(order=order, first=8, link=Struct(order + "Q"), count=Struct(order + "Q"), entry=20)


# The classic form and the one with 64-bit links, each in both byte orders.
SIGNATURES = {b"II*\0": _classic("<"), b"MM\0*": _classic(">"), b"II+\0": _big("<"), b"MM\0+": _big(">")}


def count_frames(content: bytes) -> int:
    """The number of directories in the chain. Raises UnreadableDocument for a broken, circular or endless one."""
    layout = _layout(content)
    seen: set[int] = set()
    place = _number(content, layout.link, layout.first)
    while place:
        if place in seen or len(seen) == MOST_FRAMES:
            raise UnreadableDocument("the frames of the TIFF have no end")
        seen.add(place)
        entries = _number(content, layout.count, place)
        place = _number(content, layout.link, place + layout.count.size + entries * layout.entry)
    if not seen:
        raise UnreadableDocument("the TIFF has no frame")
    return len(seen)


def size(content: bytes) -> tuple[int, int]:
    """Width and height of the first frame, 0 if not told. Raises UnreadableDocument if its directory is broken."""
    layout = _layout(content)
    place = _number(content, layout.link, layout.first)
    entries = _number(content, layout.count, place)
    if entries > MOST_ENTRIES:
        raise UnreadableDocument("the header of the image cannot be read")
    place += layout.count.size
    found = dict(_entry(content, layout, place + number * layout.entry) for number in range(entries))
    return found.get(WIDTH, 0), found.get(HEIGHT, 0)


def _entry(content: bytes, layout: Layout, place: int) -> tuple[int, int]:
    """Tag and value of an entry; 0 for a value that is no whole number."""
    short = Struct(layout.order + "H")
    tag, form = _number(content, short, place), NUMBERS.get(_number(content, short, place + 2))
    value = place + 4 + layout.link.size
    return tag, _number(content, Struct(layout.order + form), value) if form else 0


def _layout(content: bytes) -> Layout:
    layout = SIGNATURES.get(content[:4])
    if layout is None:
        raise UnreadableDocument("the document is no TIFF")
    return layout


def _number(content: bytes, form: Struct, place: int) -> int:
    try:
        return int(form.unpack_from(content, place)[0])
    except (error, OverflowError) as problem:
        raise UnreadableDocument("the TIFF ends before its directories") from problem
