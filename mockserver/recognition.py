"""What recognition finds: pages, their text, and the words with their boxes. How it is found is up to an engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word and its box in pixels from the top left corner; `confidence` from 0 to 1."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Page:
    text: str
    width: int
    height: int
    words: tuple[Word, ...]


def as_result(pages: Sequence[Page], *, word_positions: bool) -> dict[str, Any]:
    """The `result` of a task; without `word_positions` its pages have no words."""
    return {
        "text": "\n".join(page.text for page in pages),
        "pages": [_page(number, page, word_positions) for number, page in enumerate(pages, start=1)],
    }


def _page(number: int, page: Page, word_positions: bool) -> dict[str, Any]:
    return {
        "page": number,
        "width": page.width,
        "height": page.height,
        "text": page.text,
        "words": [_word(word) for word in page.words] if word_positions else [],
    }


def _word(word: Word) -> dict[str, Any]:
    box = {"left": word.left, "top": word.top, "width": word.width, "height": word.height}
    return {"text": word.text, "confidence": word.confidence, "box": box}
