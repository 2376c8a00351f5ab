"""What the suite submits: fixtures with known pages, and files made to a size."""

import base64
import hashlib
from dataclasses import dataclass, replace
from functools import cache
from zlib import compress, crc32

from fixtures import fixture

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file: what it is called, its media type, its bytes, and how many pages it has.

    `told` says what is special about it, where its name does not.
    """

    name: str
    media_type: str
    content: bytes
    pages: int
    told: str = ""

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def padding(self) -> int:
        """How many padding characters its Base64 ends with."""
        return -len(self.content) % 3

    @property
    def base64(self) -> str:
        return base64.b64encode(self.content).decode("ascii")

    @property
    def data_uri(self) -> str:
        return f"data:{self.media_type};base64,{self.base64}"


@cache
def document(name: str) -> Document:
    """A fixture by its name. A document whose pages nobody can count is taken for one page at worst."""
    found = fixture(name)
    return Document(name=name, media_type=found.media_type, content=found.content, pages=found.pages or 1)


@cache
def png_with_padding(padding: int) -> Document:
    """The plain page with a comment so long that its Base64 ends with this many padding characters, 0 to 2."""
    plain = document("page.png")
    end = plain.content[-12:]
    comments = (_png_chunk(b"tEXt", b"Comment\0" + b"." * length) for length in range(3))
    contents = (plain.content[:-12] + comment + end for comment in comments)
    content = next(content for content in contents if -len(content) % 3 == padding)
    return replace(plain, content=content)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + crc32(kind + data).to_bytes(4, "big")


@cache
def noise(size: int) -> Document:
    """A grey PNG of noise, as large as a scan, with at most `size` bytes and hardly fewer; always the same."""
    side = int((size * 0.999) ** 0.5) - 4
    pixels = hashlib.shake_256(b"noise").digest(side * side)
    rows = b"".join(b"\0" + pixels[start : start + side] for start in range(0, side * side, side))
    return Document(name="noise.png", media_type="image/png", content=grey_png((side, side), rows), pages=1)


def grey_png(size: tuple[int, int], rows: bytes, *, level: int = 0, interlaced: bool = False) -> bytes:
    """A PNG of 8-bit grey, compressed at that level of zlib; each of the rows begins with its filter."""
    header = b"".join(side.to_bytes(4, "big") for side in size) + bytes([8, 0, 0, 0, interlaced])
    chunks = (_png_chunk(b"IHDR", header), _png_chunk(b"IDAT", compress(rows, level)), _png_chunk(b"IEND", b""))
    return PNG_SIGNATURE + b"".join(chunks)
