"""Images as scanners and telephones make them: PNG and JPEG in several kinds, drawn of a size that any engine takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from typing import Any

from hypothesis import strategies as st
from PIL import Image, ImageDraw

from conformance.target.documents import Document, grey_png

# Exif, which says that the image stands upright: tag 274, a short, is 1.
UPRIGHT = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x01\0\0\0\0\0\0"
JFIF_SEGMENT = slice(2, 20)

# The passes of an interlaced PNG: its first column and row, and the steps to the next ones.
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))

# Recognition engines have a least and a largest side; these are far from both.
SIDES = st.integers(min_value=64, max_value=400)
# As small as an icon. Below that, some engines take no image for one.
SMALL = (16, 16)


@dataclass(frozen=True, kw_only=True)
class ImageKind:
    """A kind of image: what its name ends in, Pillow's mode for it, options of Pillow's encoder, and a typical size.

    Pillow writes no interlaced images.
    """

    name: str
    suffix: str
    mode: str
    options: Mapping[str, Any] = field(default_factory=dict)
    size: tuple[int, int] = (320, 200)
    interlaced: bool = False

    @property
    def media_type(self) -> str:
        return "image/png" if self.suffix == "png" else "image/jpeg"


KINDS = (
    ImageKind(name="grey PNG", suffix="png", mode="L"),
    ImageKind(name="colour PNG", suffix="png", mode="RGB"),
    ImageKind(name="PNG with transparency", suffix="png", mode="RGBA"),
    ImageKind(name="black and white PNG of a whole sheet", suffix="png", mode="1", size=(2480, 3508)),
    ImageKind(name="PNG with a palette", suffix="png", mode="P", options={"optimize": True}),
    ImageKind(name="PNG of 16 bits", suffix="png", mode="I;16"),
    ImageKind(name="small PNG", suffix="png", mode="L", size=SMALL),
    ImageKind(name="interlaced PNG", suffix="png", mode="L", interlaced=True),
    ImageKind(name="grey JPEG", suffix="jpg", mode="L", options={"quality": 70}),
    ImageKind(name="colour JPEG", suffix="jpg", mode="RGB", options={"subsampling": 0}),
    ImageKind(name="progressive JPEG", suffix="jpg", mode="RGB", options={"progressive": True}),
    ImageKind(name="JPEG in the colours of print", suffix="jpg", mode="CMYK"),
    ImageKind(name="JPEG of a scanner", suffix="jpeg", mode="RGB", options={"dpi": (300, 300)}),
    ImageKind(name="JPEG of a telephone", suffix="jpg", mode="RGB", options={"exif": UPRIGHT}),
)


def kind_named(name: str) -> ImageKind:
    return next(kind for kind in KINDS if kind.name == name)


@st.composite
def images(draw: st.DrawFn) -> Document:
    """An image of one page."""
    kind = draw(st.sampled_from(KINDS))
    return image(kind, (draw(SIDES), draw(SIDES)), draw(st.integers(0, 9999)))


def image(kind: ImageKind, size: tuple[int, int] | None = None, number: int = 1) -> Document:
    """The image of that kind; the same bytes each time."""
    # Dithered, a whole sheet takes twice as long, and its letters are black and white as they are.
    page = _page(size or kind.size, number).convert(kind.mode, dither=Image.Dither.NONE)
    content = _interlaced(page) if kind.interlaced else _encoded(page, kind.media_type, kind.options)
    return Document(name=f"page.{kind.suffix}", media_type=kind.media_type, content=content, pages=1, told=kind.name)


def uncompressed(size: int) -> Document:
    """A grey PNG as large as a scan, with `size` bytes or a few more; its page is white but for a few words."""
    side = ceil(size**0.5)
    kind = ImageKind(name="PNG that is not compressed", suffix="png", mode="L", options={"compress_level": 0})
    return image(kind, (side, side))


def _page(size: tuple[int, int], number: int) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((8, 8), f"Page {number}", fill="black")
    return image


def _encoded(image: Image.Image, media_type: str, options: Mapping[str, Any]) -> bytes:
    file = BytesIO()
    image.save(file, media_type.partition("/")[2], **options)
    content = file.getvalue()
    # A telephone writes Exif in the place of JFIF, and not behind it.
    return content[: JFIF_SEGMENT.start] + content[JFIF_SEGMENT.stop :] if "exif" in options else content


def _interlaced(image: Image.Image) -> bytes:
    """A grey image as a PNG that shows in seven passes (PNG, third edition, section 8.1)."""
    (width, height), pixels = image.size, image.tobytes()
    rows = (
        b"\0" + pixels[row * width + left : (row + 1) * width : across]
        for left, top, across, down in ADAM7
        if left < width
        for row in range(top, height, down)
    )
    return grey_png(image.size, b"".join(rows), level=9, interlaced=True)
