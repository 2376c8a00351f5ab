"""The size of an image, read from its header and checked for plausibility.

Pixels are not decoded: ten megabytes of noise, or a header that promises billions of pixels, cost as little as any
other image. The formats are those whose headers are short. HEIC is not among them: its size stands behind nested boxes,
properties and references between them, which only a library with a decoder of its own reads reliably.
"""

import re
import struct
from collections.abc import Callable

from mockserver import tiff
from mockserver.unreadable import UnreadableDocument

Size = tuple[int, int]

# A file with as many may exist; none that a scanner, a camera or an editor writes comes near.
MOST_SEGMENTS = 2_000

PNG_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
PNG_LARGEST = 2**31 - 1
# What a header may be long: 12 bytes at first, and from 40 to 124 since.
BMP_HEADERS = frozenset({12, *range(40, 125)})
BMP_DEPTHS = {1, 2, 4, 8, 16, 24, 32}
GIF_BLOCKS = b"\x21\x2c"
# Fill bytes are not given back, however many there are: no shorter row of them leads to a marker.
JPEG_MARKER = re.compile(rb"\xff++([^\x00\xff])")
# Start of frame; between them stand the markers of tables (c4, cc) and a reserved one (c8).
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_LONE = frozenset({0x01, *range(0xD0, 0xD9)})
JPEG_ENDS = frozenset({0xD9, 0xDA})


def size(content: bytes, kind: str) -> Size:
    """Width and height in pixels. Raises UnreadableDocument if the header does not tell them."""
    try:
        width, height = HEADERS[kind](content)
    except (struct.error, IndexError) as problem:
        raise UnreadableDocument("the header of the image cannot be read") from problem
    if width < 1 or height < 1:
        raise UnreadableDocument("the image has no pixels")
    return width, height


def png(content: bytes) -> Size:
    length, name, width, height, depth, colour = struct.unpack_from(">I4sIIBB", content, 8)
    require(content.startswith(b"\x89PNG\r\n\x1a\n") and length == 13 and name == b"IHDR")
    require(depth in PNG_DEPTHS.get(colour, ()) and max(width, height) <= PNG_LARGEST)
    # Of compression, filter and interlacing there are one, one and two.
    require(content[26:28] == b"\0\0" and content[28] <= 1)
    return width, height


def jpeg(content: bytes) -> Size:
    """What the first frame says; it stands behind any number of segments, which are skipped by their lengths."""
    require(content.startswith(b"\xff\xd8"))
    place = 2
    for _ in range(MOST_SEGMENTS):
        marker = JPEG_MARKER.match(content, place)
        if marker is None or marker[1][0] in JPEG_ENDS:
            break
        place = marker.end()
        if marker[1][0] in JPEG_FRAMES:
            return jpeg_frame(content, place)
        if marker[1][0] not in JPEG_LONE:
            [length] = struct.unpack_from(">H", content, place)
            require(length >= 2)
            place += length
    raise UnreadableDocument("the header of the image cannot be read")


def jpeg_frame(content: bytes, place: int) -> Size:
    length, depth, height, width, components = struct.unpack_from(">HBHHB", content, place)
    require(2 <= depth <= 16 and 1 <= components <= 4 and length == 8 + 3 * components)
    return width, height


def webp(content: bytes) -> Size:
    require(content[:4] == b"RIFF" and content[8:12] == b"WEBP")
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(part(content, 24, 3), "little"), 1 + int.from_bytes(part(content, 27, 3), "little")
    if form == b"VP8L":
        require(content[20:21] == b"\x2f")
        [bits] = struct.unpack_from("<I", content, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    require(form == b"VP8 " and content[23:26] == b"\x9d\x01\x2a")
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def gif(content: bytes) -> Size:
    """The size of the screen. After the table of colours, if there is one, comes an extension or an image."""
    require(content.startswith((b"GIF87a", b"GIF89a")))
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    colours = 2 << (flags & 7) if flags & 0x80 else 0
    require(content[13 + 3 * colours] in GIF_BLOCKS)
    return width, height


def is_bmp(content: bytes) -> bool:
    """Whether a header of some length follows the two letters, with which many a text begins, too."""
    return content.startswith(b"BM") and int.from_bytes(content[14:18], "little") in BMP_HEADERS


def bmp(content: bytes) -> Size:
    require(is_bmp(content))
    form = "<HHHH" if content[14] == 12 else "<iiHH"
    width, height, planes, depth = struct.unpack_from(form, content, 18)
    require(planes == 1 and depth in BMP_DEPTHS)
    # Rows from the top down are said with a negative height.
    return width, abs(height)


def part(content: bytes, place: int, length: int) -> bytes:
    found = content[place : place + length]
    require(len(found) == length)
    return found


def require(holds: bool) -> None:
    if not holds:
        raise UnreadableDocument("the header of the image cannot be read")


HEADERS: dict[str, Callable[[bytes], Size]] = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/webp": webp,
    "image/gif": gif,
    "image/bmp": bmp,
    "image/tiff": tiff.size,
}
