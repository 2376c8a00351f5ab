"""Sizes by header: as an image library finds them, in every form that it writes; what lies is in the hostile corpus."""

import io
import timeit
from typing import Any

import pytest
from PIL import Image

from mockserver import images
from mockserver.documents import kind_of_content
from mockserver.unreadable import UnreadableDocument

FORMS: list[tuple[str, list[str], dict[str, Any]]] = [
    ("PNG", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"], {}),
    ("JPEG", ["L", "RGB", "CMYK"], {}),
    ("JPEG", ["L", "RGB"], {"progressive": True, "exif": b"Exif\0\0" + bytes(60_000)}),
    ("WEBP", ["RGB", "RGBA"], {}),
    ("WEBP", ["RGB", "RGBA"], {"lossless": True}),
    ("WEBP", ["RGB"], {"exif": b"Exif\0\0"}),
    ("GIF", ["1", "L", "P"], {}),
    ("BMP", ["1", "L", "P", "RGB", "RGBA"], {}),
    ("TIFF", ["1", "L", "P", "RGB", "CMYK", "I;16", "F"], {}),
    ("TIFF", ["L", "RGB"], {"compression": "tiff_lzw"}),
    ("TIFF", ["L", "RGB"], {"big_tiff": True}),
]


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (1023, 5)], ids=str)
@pytest.mark.parametrize(("form", "modes", "options"), FORMS)
def test_sizes_are_those_that_were_drawn(
    form: str, modes: list[str], options: dict[str, Any], size: tuple[int, int]
) -> None:
    for mode in modes:
        file = io.BytesIO()
        Image.new(mode, size).save(file, form, **options)
        kind = kind_of_content(file.getvalue())
        assert kind == f"image/{form.lower()}"
        assert images.size(file.getvalue(), kind) == size, mode


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_header_that_breaks_off_anywhere_is_refused(form: str) -> None:
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, form)
    content, kind = file.getvalue(), f"image/{form.lower()}"
    whole = next(length for length in range(len(content) + 1) if tells(content[:length], kind))
    assert not any(tells(content[:length], kind) for length in range(whole))
    assert all(tells(content[:length], kind) for length in range(whole, len(content)))


@pytest.mark.parametrize("end", [b"", b"\0"])
def test_filling_that_leads_nowhere_takes_no_longer_than_what_leads_to_a_frame(end: bytes) -> None:
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "JPEG")
    filling = b"\xff\xd8" + b"\xff" * 2_000_000
    whole, hopeless = filling + file.getvalue()[2:], filling + end
    assert tells(whole, "image/jpeg")
    assert not tells(hopeless, "image/jpeg")
    assert seconds(hopeless) < 5 * seconds(whole)


def seconds(content: bytes) -> float:
    """The least that it takes to look for the size of this JPEG."""
    return min(timeit.repeat(lambda: tells(content, "image/jpeg"), number=1, repeat=9))


def tells(content: bytes, kind: str) -> bool:
    try:
        return images.size(content, kind) == (8, 8)
    except UnreadableDocument:
        return False
