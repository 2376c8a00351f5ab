"""Faults of the words of a result and of their places."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from mockserver.recognition import Page, Word
from mockserver.server import Server
from tests.defects.breaking import breaks, breaks_replies
from tests.rewriting import Reply

RULE = "providers.word_positions"


def seeing(server: Server, change: Callable[[int, Page], Iterable[Word]]) -> Server:
    """The server whose engine reports other words on a page, which it is given with its index."""

    class Engine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            found = await server.engine.recognise(content, pages=pages)
            return tuple(replace(page, words=tuple(change(index, page))) for index, page in enumerate(found))

    return replace(server, engine=Engine())


def placing(server: Server, change: Callable[[int, Page, Word], Word]) -> Server:
    """The server whose engine places each word in another way."""
    return seeing(server, lambda index, page: [change(index, page, word) for word in page.words])


@breaks(RULE)
def no_words(server: Server) -> Server:
    """The result has no words."""
    return seeing(server, lambda index, page: ())


@breaks(RULE)
def words_of_the_first_page_only(server: Server) -> Server:
    """Only the words of the first page have a box."""
    return seeing(server, lambda index, page: () if index else page.words)


@breaks(RULE)
def words_of_photographs_have_no_places(server: Server) -> Server:
    """The words of a JPEG have no boxes."""

    class Engine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            found = await server.engine.recognise(content, pages=pages)
            return tuple(replace(page, words=()) for page in found) if content.startswith(b"\xff\xd8") else found

    return replace(server, engine=Engine())


@breaks(RULE)
def first_word_lacks_its_box(server: Server) -> Server:
    """The first word of the text has no box."""
    return seeing(server, lambda index, page: page.words[1:])


@breaks(RULE)
def last_word_lacks_its_box(server: Server) -> Server:
    """The last word of a page has no box."""
    return seeing(server, lambda index, page: page.words[:-1])


@breaks(RULE)
def boxes_in_percent(server: Server) -> Server:
    """The boxes are percents of the page, which are no pixels."""

    def in_percent(index: int, page: Page, word: Word) -> Word:
        return replace(
            word,
            left=100 * word.left // page.width,
            top=100 * word.top // page.height,
            width=max(1, 100 * word.width // page.width),
            height=max(1, 100 * word.height // page.height),
        )

    return placing(server, in_percent)


@breaks(RULE)
def one_box_for_a_page(server: Server) -> Server:
    """One box holds all the text of a page."""
    return seeing(
        server, lambda index, page: [Word(text=page.text, left=0, top=0, width=page.width, height=page.height)]
    )


@breaks(RULE)
def one_box_for_a_line(server: Server) -> Server:
    """Each line has a box, and its words have none of their own."""

    def lines(index: int, page: Page) -> Iterable[Word]:
        words = iter(page.words)
        for line in filter(str.split, page.text.splitlines()):
            first, *others = [next(words) for _ in line.split()]
            last = others[-1] if others else first
            yield replace(first, text=line, width=last.left + last.width - first.left)

    return seeing(server, lines)


@breaks(RULE)
def one_box_for_a_letter(server: Server) -> Server:
    """Each letter has a box, and no word has one."""

    def letters(index: int, page: Page) -> Iterable[Word]:
        for word in page.words:
            width = max(word.width // len(word.text), 1)
            for at, letter in enumerate(word.text):
                yield replace(word, text=letter, left=word.left + at * width, width=width)

    return seeing(server, letters)


@breaks(RULE)
def boxes_without_area(server: Server) -> Server:
    """Each box is zero."""
    return placing(server, lambda index, page, word: replace(word, width=0, height=0))


@breaks(RULE)
def one_place_for_all_words(server: Server) -> Server:
    """Every word of a page has the box of its first one."""
    return placing(server, lambda index, page, word: replace(page.words[0], text=word.text))


@breaks(RULE)
def boxes_outside_the_page(server: Server) -> Server:
    """Each box stands a page too far right."""
    return placing(server, lambda index, page, word: replace(word, left=word.left + page.width))


@breaks(RULE)
def boxes_left_of_the_page(server: Server) -> Server:
    """Each box is told from the right edge of the page, so that its left is negative."""
    return placing(server, lambda index, page, word: replace(word, left=word.left - page.width))


@breaks(RULE)
def boxes_add_up_over_pages(server: Server) -> Server:
    """The boxes of a page are told from the top of the first one."""
    return placing(server, lambda index, page, word: replace(word, top=word.top + index * page.height))


@breaks(RULE)
def boxes_end_where_they_are_wide(server: Server) -> Server:
    """Width and height of a box tell its right and bottom edge."""
    return placing(
        server,
        lambda index, page, word: replace(word, width=word.left + word.width, height=word.top + word.height),
    )


@breaks(RULE)
def boxes_upside_down(server: Server) -> Server:
    """The top of a box is told from the bottom of the page, as PDF has it."""
    return placing(server, lambda index, page, word: replace(word, top=page.height - word.top - word.height))


@breaks(RULE)
def boxes_of_another_resolution(server: Server) -> Server:
    """The boxes are told for a scan of twice the resolution."""
    return placing(
        server,
        lambda index, page, word: replace(
            word, left=2 * word.left, top=2 * word.top, width=2 * word.width, height=2 * word.height
        ),
    )


@breaks(RULE)
def boxes_belong_to_the_next_word(server: Server) -> Server:
    """The boxes are one word behind the texts."""

    def shifted(index: int, page: Page) -> Iterable[Word]:
        boxes = (*page.words[1:], *page.words[:1])
        return [replace(box, text=word.text) for word, box in zip(page.words, boxes, strict=True)]

    return seeing(server, shifted)


@breaks(RULE)
def repeated_words_share_a_box(server: Server) -> Server:
    """The boxes are kept by the text of their words, so that a word that comes again on a page has one place."""

    def by_text(index: int, page: Page) -> Iterable[Word]:
        boxes = {word.text: word for word in page.words}
        return [boxes[word.text] for word in page.words]

    return seeing(server, by_text)


@breaks(RULE)
def boxes_of_a_pixel(server: Server) -> Server:
    """Of each word only the corner is told, as a box of one pixel."""
    return placing(server, lambda index, page, word: replace(word, width=1, height=1))


def reading(server: Server, change: Callable[[tuple[Page, ...]], Iterable[Page]], *, of: bytes = b"") -> Server:
    """The server whose engine reports other pages for files that begin like this."""

    class Engine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            found = await server.engine.recognise(content, pages=pages)
            return tuple(change(found)) if content.startswith(of) else found

    return replace(server, engine=Engine())


@breaks(RULE)
def boxes_of_a_pdf_half_as_large(server: Server) -> Server:
    """The boxes of a PDF are told for half the resolution of its pages."""

    def halved(word: Word) -> Word:
        width, height = max(word.width // 2, 1), max(word.height // 2, 1)
        return replace(word, left=word.left // 2, top=word.top // 2, width=width, height=height)

    return reading(
        server, lambda pages: [replace(page, words=tuple(map(halved, page.words))) for page in pages], of=b"%PDF"
    )


@breaks(RULE)
def first_page_for_all_pages(server: Server) -> Server:
    """Each page of a document is told to be like its first one."""
    return reading(server, lambda pages: [pages[0]] * len(pages))


@breaks(RULE)
def pages_in_reverse(server: Server) -> Server:
    """The last page of a document is told as its first one."""
    return reading(server, lambda pages: pages[::-1])


@breaks(RULE)
def words_of_the_page_before(server: Server) -> Server:
    """Each page has its text, and the words and boxes of the page before it."""
    return reading(
        server, lambda pages: [replace(page, words=pages[index - 1].words) for index, page in enumerate(pages)]
    )


@breaks(RULE)
def pages_after_the_first_are_blank(server: Server) -> Server:
    """Only the first page of a document is recognised; the others are told to be blank."""
    return reading(server, lambda pages: [pages[0], *(replace(page, words=(), text="") for page in pages[1:])])


@breaks_replies(RULE)
def boxes_are_texts(reply: Reply) -> None:
    """The numbers of a box are strings."""
    rewrite_words(reply, lambda word: {**word, "box": {name: str(value) for name, value in word["box"].items()}})


@breaks_replies(RULE)
def words_without_texts(reply: Reply) -> None:
    """A word has its box and no text."""
    rewrite_words(reply, lambda word: {"box": word["box"]})


def rewrite_words(reply: Reply, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change every word in the result of a task."""
    result = reply.members.get("result") if reply.path.startswith("/api/tasks/") else None
    if result:
        for page in result["pages"]:
            page["words"] = [change(word) for word in page["words"]]
        reply.say_with(result=result)
