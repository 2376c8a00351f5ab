"""Finds words with their places in a result, in any of the shapes in which engines report them.

A word is an object with its text and, beside it, a box `{left, top, width, height}` or a polygon of four points, or
what other engines have in their place: a box by its edges, or one list of all coordinates.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fixtures import fixture

TEXT_MEMBERS = ("text", "word", "words", "content")
SEVERAL = 5
SIZES = (("left", "top", "width", "height"), ("x", "y", "width", "height"), ("x", "y", "w", "h"))
EDGES = (("left", "top", "right", "bottom"), ("x0", "y0", "x1", "y1"), ("x1", "y1", "x2", "y2"))
MOST_AROUND = 10
CORNERS = 4  # A polygon that is closed has the first one twice.


@dataclass(frozen=True, kw_only=True)
class PlacedWord:
    """A word and its box, in pixels of its page; `page` is the size of that page where the result tells it."""

    text: str
    left: float
    top: float
    width: float
    height: float
    page: tuple[float, float] | None

    def __str__(self) -> str:
        page = f" of a page of {self.page[0]:g} × {self.page[1]:g}" if self.page else ""
        return f"{self.text!r} at ({self.left:g}, {self.top:g}), {self.width:g} × {self.height:g}{page}"

    @property
    def has_area(self) -> bool:
        return self.width > 0 and self.height > 0

    @property
    def is_on_page(self) -> bool:
        """Whether the box lies on the page, give or take what an engine leaves around a word."""
        width, height = self.page or (math.inf, math.inf)
        across, down = (min(1 + side / 50, MOST_AROUND) for side in (width, height))
        on_left_and_top = self.left >= -across and self.top >= -down
        return on_left_and_top and self.left + self.width <= width + across and self.top + self.height <= height + down

    @property
    def middle(self) -> tuple[float, float]:
        """Where its middle lies: as shares of the page if that is told, else as they are."""
        width, height = self.page or (1, 1)
        return (self.left + self.width / 2) / width, (self.top + self.height / 2) / height

    def is_as_large(self, other: "PlacedWord") -> bool:
        """Whether another reader draws a box of about the same size, of which either may be four times the other."""
        mine, theirs = self.shares, other.shares
        return all(1 / 4 <= own / its <= 4 for own, its in zip(mine, theirs, strict=True))

    @property
    def shares(self) -> tuple[float, float]:
        """Width and height: as shares of the page if that is told, else as they are."""
        width, height = self.page or (1, 1)
        return self.width / width, self.height / height

    def is_near(self, other: "PlacedWord") -> bool:
        """Whether another reader has it at the same place of the page, give or take a sixth of the page."""
        return all(abs(mine - theirs) < 1 / 6 for mine, theirs in zip(self.middle, other.middle, strict=True))


def unique_words(name: str) -> list[dict[str, PlacedWord]]:
    """By page, the words that a document has once in all, as they stand there."""
    pages = fixture(name).page_details
    counts = Counter(word.text for page in pages for word in page.words)
    return [
        {
            word.text: PlacedWord(
                text=word.text,
                left=word.left,
                top=word.top,
                width=word.width,
                height=word.height,
                page=(page.width, page.height),
            )
            for word in page.words
            if counts[word.text] == 1
        }
        for page in pages
    ]


def pages_of(result: Any, count: int) -> list[Any]:
    """The parts of a result that tell of one page each; a document of one page need not have any. Empty if unknown."""
    told = result.get("pages") if isinstance(result, dict) else None
    if isinstance(told, list) and len(told) == count:
        return told
    return [result] if count == 1 else []


def placed_words(value: Any) -> list[PlacedWord]:
    """Every word with a place in a JSON value. A line or block with a box counts only where its words have none."""
    found = _placed(value, None)
    words = {word.text for word in found if len(word.text.split()) == 1}
    return [word for word in found if word.text in words or not words.issuperset(word.text.split())]


def _placed(value: Any, page: tuple[float, float] | None) -> list[PlacedWord]:
    if isinstance(value, list):
        return [word for element in value for word in _placed(element, page)]
    if not isinstance(value, dict):
        return []
    own = list(_word(value, page))
    if own and len(own[0].text.split()) == 1:  # What it is made of, such as its letters, are no words.
        return own
    return _placed(list(value.values()), _page_size(value) or page) or own


def _word(value: dict[str, Any], page: tuple[float, float] | None) -> Iterator[PlacedWord]:
    text = next((value[name] for name in TEXT_MEMBERS if isinstance(value.get(name), str)), None)
    box = next((box for box in map(_box, [value, *value.values()]) if box is not None), None)
    if text is not None and box is not None:
        left, top, width, height = box
        yield PlacedWord(text=text, left=left, top=top, width=width, height=height, page=page)


def are_crowded(words: list[PlacedWord]) -> bool:
    """Whether several words lie within a tenth of each side of their page, as shares or percents would."""
    for page in {word.page for word in words if word.page}:
        boxes = [word for word in words if word.page == page]
        width = max(box.left + box.width for box in boxes) - min(box.left for box in boxes)
        height = max(box.top + box.height for box in boxes) - min(box.top for box in boxes)
        if len(boxes) >= SEVERAL and width < page[0] / 10 and height < page[1] / 10:
            return True
    return False


def text_of(result: Any) -> str:
    """The text of a result: those of its pages, else its member `text`, which may have headings between the pages."""
    if not isinstance(result, dict):
        return ""
    pages = result.get("pages")
    texts = [text_of(page) for page in pages] if isinstance(pages, list) else []
    whole = result.get("text")
    return "\n".join(texts) if any(texts) or not isinstance(whole, str) else whole


def _box(value: Any) -> tuple[float, float, float, float] | None:
    if isinstance(value, dict):  # A polygon may have a name within its box, such as `vertices`.
        polygons = (part for part in value.values() if isinstance(part, list))
        return _sides(value) or next((box for box in map(_box, polygons) if box is not None), None)
    if not isinstance(value, list):
        return None
    if len(value) == 2 * CORNERS and all(map(_is_number, value)):
        value = [list(point) for point in zip(value[::2], value[1::2], strict=True)]
    points = [point for point in map(_point, value) if point is not None]
    return _around(points) if len(points) == len(value) >= CORNERS else None


def _sides(value: dict[str, Any]) -> tuple[float, float, float, float] | None:
    """The box that an object is, by the place of its corner and its size, or by its edges."""
    for names in SIZES + EDGES:
        if all(_is_number(value.get(name)) for name in names):
            left, top, across, down = (float(value[name]) for name in names)
            return (left, top, across, down) if names in SIZES else (left, top, across - left, down - top)
    return None


def _point(value: Any) -> tuple[float, float] | None:
    if isinstance(value, dict) and value.keys() == {"x", "y"}:
        value = [value["x"], value["y"]]
    if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
        return value[0], value[1]
    return None


def _around(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    left, top = (min(coordinates) for coordinates in zip(*points, strict=True))
    right, bottom = (max(coordinates) for coordinates in zip(*points, strict=True))
    return left, top, right - left, bottom - top


def _page_size(value: dict[str, Any]) -> tuple[float, float] | None:
    """What an object tells as its size, unless it is the box of a part of the page, such as a line."""
    if _sides(value):
        return None
    width, height = value.get("width"), value.get("height")
    return (width, height) if _is_number(width) and _is_number(height) and width and height else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
