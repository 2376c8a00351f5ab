"""The size of an image, read from its header. The pixels are not decoded, so ten megabytes of noise cost nothing."""

from importlib import import_module
from io import BytesIO

from mockserver.unreadable import UnreadableDocument

# Where Pillow keeps the reader of each kind. Called directly, since Image.open would load every reader there is.
READERS = {
    "image/png": ("PIL.PngImagePlugin", "PngImageFile"),
    "image/jpeg": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "image/webp": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "image/gif": ("PIL.GifImagePlugin", "GifImageFile"),
    "image/bmp": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "image/tiff": ("PIL.TiffImagePlugin", "TiffImageFile"),
}


def size(content: bytes, kind: str) -> tuple[int, int]:
    """Width and height in pixels. Raises UnreadableDocument if the header does not tell them."""
    module, name = READERS[kind]
    reader = getattr(import_module(module), name)
    try:
        with reader(BytesIO(content)) as image:
            width, height = image.size
    except Exception as problem:  # the readers raise whatever they stumble over
        raise UnreadableDocument("the header of the image cannot be read") from problem
    if width < 1 or height < 1:
        raise UnreadableDocument("the image has no pixels")
    return width, height
