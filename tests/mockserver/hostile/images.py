"""Images whose headers promise what nobody can hold, or lead nowhere."""

import struct

from tests.mockserver.hostile.corpus import Corpus

CORPUS = Corpus()


def png(width: int, height: int, *, depth: int = 8, colour: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", width, height, depth, colour, 0, 0, 0, 0)


def jpeg(segments: bytes) -> bytes:
    """A JPEG with these segments before the frame, which says 65,535 by 65,535."""
    return b"\xff\xd8" + segments + struct.pack(">HHBHHB9x", 0xFFC0, 17, 8, 65535, 65535, 3)


def tiff(links: list[int], *, entries: bytes = b"", count: int = 0) -> bytes:
    """Directories of which the first has these entries, and the others none; each links to where it is told."""
    first = struct.pack("<H", count) + entries
    others = b"".join(struct.pack("<IH", link, 0) for link in links[:-1])
    return b"II*\0" + struct.pack("<I", 8) + first + others + struct.pack("<I", links[-1])


SIZE = struct.pack("<HHIIHHII", 256, 4, 1, 100, 257, 4, 1, 100)


@CORPUS.expected(1)
def png_of_four_quintillion_pixels() -> bytes:
    """A PNG as wide and high as its header can say."""
    return png(2**31 - 1, 2**31 - 1)


@CORPUS.expected(None)
def png_wider_than_allowed() -> bytes:
    """A PNG that is wider than the format allows."""
    return png(2**32 - 1, 1)


@CORPUS.expected(None)
def png_without_pixels() -> bytes:
    """A PNG that is 0 pixels wide."""
    return png(0, 100)


@CORPUS.expected(None)
def png_of_unknown_colours() -> bytes:
    """A PNG whose colours are of a kind that there is not."""
    return png(10, 10, colour=5)


@CORPUS.expected(1)
def jpeg_of_four_billion_pixels() -> bytes:
    """A JPEG as wide and high as its header can say."""
    return jpeg(b"")


@CORPUS.expected(None)
def jpeg_of_a_million_segments() -> bytes:
    """A JPEG with almost two million empty comments before its frame."""
    return jpeg(b"\xff\xfe\0\x02" * 1_800_000)


@CORPUS.expected(1)
def jpeg_with_megabytes_of_filling() -> bytes:
    """A JPEG with seven megabytes of fill bytes before its frame."""
    return jpeg(b"\xff" * 7_000_000)


@CORPUS.expected(None)
def jpeg_of_nothing_but_filling() -> bytes:
    """A JPEG of fill bytes that lead to no marker."""
    return b"\xff\xd8" + b"\xff" * 7_000_000


@CORPUS.expected(None)
def jpeg_of_a_segment_without_length() -> bytes:
    """A JPEG with a segment that is shorter than its own length."""
    return jpeg(b"\xff\xe0\0\0")


@CORPUS.expected(None)
def jpeg_without_a_frame() -> bytes:
    """A JPEG that ends before its frame."""
    return jpeg(b"\xff\xd9")


@CORPUS.expected(1)
def gif_of_four_billion_pixels() -> bytes:
    """A GIF as wide and high as its header can say."""
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b"\x2c"


@CORPUS.expected(None)
def gif_without_pixels() -> bytes:
    """A GIF of no size."""
    return b"GIF89a" + bytes(7) + b"\x2c"


@CORPUS.expected(1)
def webp_of_hundreds_of_trillions_of_pixels() -> bytes:
    """A WebP as wide and high as its header can say."""
    return b"RIFF\x16\0\0\0WEBPVP8X" + struct.pack("<II", 10, 0) + b"\xff" * 6


@CORPUS.expected(None)
def webp_of_an_unknown_form() -> bytes:
    """A WebP that begins with a part that there is not."""
    return b"RIFF\x16\0\0\0WEBPVP9 " + bytes(30)


@CORPUS.expected(1)
def bmp_of_quintillions_of_pixels() -> bytes:
    """A BMP as wide and high as its header can say, its rows from the top down."""
    return b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 2**31 - 1, -(2**31), 1, 24) + bytes(24)


@CORPUS.expected(None)
def bmp_of_negative_width() -> bytes:
    """A BMP that is -1 pixels wide."""
    return b"BM" + bytes(12) + struct.pack("<IiiHH", 40, -1, 1, 1, 24) + bytes(24)


@CORPUS.expected(1)
def tiff_of_ten_thousand_pixels() -> bytes:
    """Nothing wrong: a TIFF of one directory."""
    return tiff([0], entries=SIZE, count=2)


@CORPUS.expected(None)
def tiff_whose_directory_is_its_successor() -> bytes:
    """A TIFF whose only directory links to itself."""
    return tiff([8], entries=SIZE, count=2)


@CORPUS.expected(10_000)
def tiff_of_ten_thousand_directories() -> bytes:
    """A TIFF with as many directories as are counted."""
    return tiff([*range(38, 38 + 6 * 9_999, 6), 0], entries=SIZE, count=2)


@CORPUS.expected(None)
def tiff_of_a_million_directories() -> bytes:
    """A TIFF with a million directories."""
    return tiff([*range(38, 38 + 6 * 999_999, 6), 0], entries=SIZE, count=2)


@CORPUS.expected(None)
def tiff_that_goes_on_beyond_its_end() -> bytes:
    """A TIFF whose second directory stands four gigabytes further."""
    return tiff([2**32 - 1], entries=SIZE, count=2)


@CORPUS.expected(None)
def tiff_of_sixty_thousand_entries() -> bytes:
    """A TIFF whose directory has as many entries as it can say."""
    return tiff([0], entries=SIZE * 32_767, count=65_534)


@CORPUS.expected(None)
def tiff_without_a_size() -> bytes:
    """A TIFF whose directory does not tell its size."""
    return tiff([0])
