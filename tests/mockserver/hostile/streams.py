"""PDF documents whose pages are plain, and whose streams are not."""

import zlib

from tests.mockserver.hostile.corpus import Corpus
from tests.mockserver.hostile.pdf_parts import CATALOG, bomb, pdf, stream, tree

CORPUS = Corpus()
PAGE_WITH_CONTENT = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>"


def page_with(content: str | bytes, *more: str | bytes) -> bytes:
    """One page with that object as its content."""
    return pdf(CATALOG, tree([3]), PAGE_WITH_CONTENT, content, *more)


@CORPUS.expected(1)
def content_that_inflates() -> bytes:
    """The content of the page is seven megabytes that inflate to seven gigabytes; to count it, nobody needs them."""
    return page_with(stream("/Filter /FlateDecode", bomb(7000)))


@CORPUS.expected(1)
def content_that_inflates_twice() -> bytes:
    """The content of the page is a bomb, deflated again to a few kilobytes."""
    return page_with(stream("/Filter [/FlateDecode /FlateDecode]", zlib.compress(bomb(7000), 9)))


@CORPUS.expected(1)
def content_through_ten_thousand_filters() -> bytes:
    """The content of the page is deflated, it says, ten thousand times."""
    return page_with(stream(f"/Filter [{'/FlateDecode ' * 10_000}]", bomb(1)))


@CORPUS.expected(1)
def content_without_end() -> bytes:
    """The content of the page says that it has a terabyte."""
    return page_with("<< /Length 1000000000000 >>\nstream\nq Q\nendstream")


@CORPUS.expected(1)
def content_whose_length_is_itself() -> bytes:
    """The length of the content is the content."""
    return page_with("<< /Length 4 0 R >>\nstream\nq Q\nendstream")


@CORPUS.expected(1)
def content_of_millions_of_operators() -> bytes:
    """The content of the page shows five million empty texts."""
    return page_with(stream("/Filter /FlateDecode", zlib.compress(b"BT () Tj ET\n" * 5_000_000)))


@CORPUS.expected(1)
def content_of_sixty_thousand_lines() -> bytes:
    """The page shows sixty thousand lines of a hundred letters each, one below the other; the file is small."""
    lines = b"(%b) Tj T*\n" % (b"a b c d e f g h i j " * 10) * 60_000
    content = stream("/Filter /FlateDecode", zlib.compress(b"BT /F 8 Tf 9 TL\n" + lines + b"ET", 9))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = "<< /Type /Page /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
    return pdf(CATALOG, tree([3]), page, content, font)


@CORPUS.expected(1)
def content_that_draws_itself() -> bytes:
    """The page draws a form that draws itself twice."""
    resources = "/Resources << /XObject << /F 4 0 R >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R {resources} >>"
    form = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}"
    return pdf(CATALOG, tree([3]), page, stream(form, b"/F Do /F Do"))
