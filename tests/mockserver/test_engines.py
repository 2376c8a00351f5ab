"""The recorded engine: fixtures as they were measured, text layers as they are written, else a text made up."""

import io
from hashlib import sha256

import pytest
from PIL import Image

from fixtures import fixture, fixtures
from mockserver.engines.layout import laid_out
from mockserver.engines.recorded import LARGEST_WHOLE, RecordedEngine
from mockserver.pdf import PdfReader
from mockserver.recognition import Page, as_result
from mockserver.unreadable import UnreadableDocument
from tests.mockserver.hostile.pdf_parts import CATALOG, PAGE, pdf, tree

pytestmark = pytest.mark.anyio


@pytest.fixture
def engine(pdfs: PdfReader) -> RecordedEngine:
    return RecordedEngine(pdfs)


def assert_words_are_on(page: Page) -> None:
    """Every word of the text is there in order, with a box inside the page."""
    assert [word.text for word in page.words] == page.text.split()
    for word in page.words:
        assert 0 <= word.left < word.left + word.width <= page.width, word
        assert 0 <= word.top < word.top + word.height <= page.height, word


@pytest.mark.parametrize("name", ["page.png", "page.jpg", "two-pages.tiff", "three-pages.pdf", "scanned.pdf"])
async def test_knows_the_fixtures(engine: RecordedEngine, name: str) -> None:
    known = fixture(name)
    pages = await engine.recognise(known.content, pages=known.pages or 0)
    assert [(page.text, page.width, page.height) for page in pages] == [
        (page.text, page.width, page.height) for page in known.page_details
    ]
    assert [(word.text, word.left, word.top, word.width, word.height) for page in pages for word in page.words] == [
        (word.text, word.left, word.top, word.width, word.height) for page in known.page_details for word in page.words
    ]


async def test_reads_the_text_layer_of_a_pdf_that_it_does_not_know(engine: RecordedEngine) -> None:
    content = fixture("three-pages.pdf").content + b"\n% another file\n"
    pages = await engine.recognise(content, pages=3)
    expected = [page.text.split() for page in fixture("three-pages.pdf").page_details]
    assert [page.text.split() for page in pages] == expected
    for page in pages:
        assert_words_are_on(page)


async def test_makes_a_text_up_for_a_scanned_pdf(engine: RecordedEngine) -> None:
    content = fixture("scanned.pdf").content + b"\n% another file\n"
    pages = await engine.recognise(content, pages=2)
    assert [page.text for page in pages] == [f"Document {sha256(content).hexdigest()[:8]}"] * 2


@pytest.mark.parametrize(
    ("objects", "size"),
    [
        ((CATALOG, tree([3]), "<< /Type /Page /Parent 2 0 R >>"), (612, 792)),
        ((CATALOG, tree([3]), "<< /Type /Page /Parent 2 0 R /MediaBox [0 0] >>"), (612, 792)),
        ((CATALOG, tree([3]), "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] >>"), (612, 792)),
        ((CATALOG, PAGE.replace("2 0 R", "3 0 R")), (100, 100)),
    ],
    ids=["no size", "half a size", "a size that is none", "a page in place of the tree"],
)
async def test_a_page_that_says_nothing_sensible_is_done_like_any_other(
    engine: RecordedEngine, pdfs: PdfReader, objects: tuple[str, ...], size: tuple[int, int]
) -> None:
    content = pdf(*objects)
    assert await pdfs.count_pages(content) == 1
    [page] = await engine.recognise(content, pages=1)
    assert (page.width, page.height) == size
    assert page.text == f"Document {sha256(content).hexdigest()[:8]}"


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (640, 480)])
async def test_makes_a_text_up_for_an_image(engine: RecordedEngine, size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.new("L", size).save(file, "PNG")
    [page] = await engine.recognise(file.getvalue(), pages=1)
    assert page.text == f"Document {sha256(file.getvalue()).hexdigest()[:8]}"
    assert (page.width, page.height) == size
    assert_words_are_on(page)
    assert [page] == list(await engine.recognise(file.getvalue(), pages=1))


async def test_looks_at_the_beginning_of_a_large_document_only(engine: RecordedEngine) -> None:
    image = fixture("page.png").content
    first, second = image + bytes(LARGEST_WHOLE), image + bytes(LARGEST_WHOLE) + b"more"
    assert await engine.recognise(first, pages=1) == await engine.recognise(second, pages=1)
    assert await engine.recognise(image + b"more", pages=1) != await engine.recognise(image + b"less", pages=1)


def test_every_fixture_is_looked_at_as_a_whole() -> None:
    assert max(document.size for document in fixtures().values()) <= LARGEST_WHOLE


async def test_does_not_recognise_what_is_no_document(engine: RecordedEngine) -> None:
    with pytest.raises(UnreadableDocument, match="the document is neither an image nor a PDF"):
        await engine.recognise(b"Hello", pages=1)


@pytest.mark.parametrize("text", ["", "one", "two  words\n\n \tand\fmore", "x" * 500, "line\n" * 300])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (595, 842)])
def test_lays_every_word_out_on_the_page(text: str, size: tuple[int, int]) -> None:
    page = laid_out(text, width=size[0], height=size[1])
    assert page.text.split() == text.split()
    assert_words_are_on(page)


def test_words_of_a_roomy_page_do_not_overlap() -> None:
    first, second, third = laid_out("one two\nthree", width=700, height=200).words
    assert (first.left, first.top, first.width, first.height) == (0, 0, 300, 100)
    assert (second.left, second.top, second.width, second.height) == (400, 0, 300, 100)
    assert (third.left, third.top, third.width, third.height) == (0, 100, 500, 100)


def test_a_result_has_this_shape() -> None:
    page = laid_out("Total 42", width=80, height=10)
    assert as_result([page, page], word_positions=True)["text"] == "Total 42\nTotal 42"
    assert as_result([page], word_positions=True)["pages"] == [
        {
            "page": 1,
            "width": 80,
            "height": 10,
            "text": "Total 42",
            "words": [
                {"text": "Total", "confidence": 1.0, "box": {"left": 0, "top": 0, "width": 50, "height": 10}},
                {"text": "42", "confidence": 1.0, "box": {"left": 60, "top": 0, "width": 20, "height": 10}},
            ],
        }
    ]
    assert as_result([page], word_positions=False)["pages"][0]["words"] == []
