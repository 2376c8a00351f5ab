"""Images as scanners and telephones make them: PNG and JPEG in several kinds, of a size that any engine takes."""

from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from PIL import Image, ImageDraw

from conformance.documents import Document

# Recognition engines have a least and a largest side; these are far from both.
SIDES = st.integers(min_value=64, max_value=400)

# Suffix, media type, Pillow's mode, and options of Pillow's encoder.
KINDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("png", "image/png", "L", {}),
    ("png", "image/png", "RGB", {}),
    ("png", "image/png", "RGBA", {}),
    ("png", "image/png", "1", {}),
    ("png", "image/png", "P", {"optimize": True}),
    ("jpg", "image/jpeg", "L", {"quality": 70}),
    ("jpg", "image/jpeg", "RGB", {"quality": 90, "subsampling": 0}),
    ("jpg", "image/jpeg", "RGB", {"quality": 80, "progressive": True}),
    ("jpeg", "image/jpeg", "RGB", {"quality": 60, "dpi": (300, 300)}),
)


@st.composite
def images(draw: st.DrawFn) -> Document:
    """An image of one page."""
    suffix, media_type, mode, options = draw(st.sampled_from(KINDS))
    size = draw(SIDES), draw(SIDES)
    content = _encoded(_page(size, draw(st.integers(0, 9999))).convert(mode), media_type, options)
    return Document(name=f"page.{suffix}", media_type=media_type, content=content, pages=1)


def _page(size: tuple[int, int], number: int) -> Image.Image:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((8, 8), f"Page {number}", fill="black")
    return image


def _encoded(image: Image.Image, media_type: str, options: dict[str, Any]) -> bytes:
    file = BytesIO()
    image.save(file, media_type.partition("/")[2], **options)
    return file.getvalue()
