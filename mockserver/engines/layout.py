"""Places for the words of a text whose true places are not known: line by line, each as wide as its letters."""

import re

from mockserver.recognition import Page, Word


def laid_out(text: str, *, width: int, height: int) -> Page:
    """A page of that size with the text, whitespace in it made even. Equal texts are laid out alike."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    columns = max(map(len, lines), default=0)
    words = tuple(
        _word(match, row=row, rows=len(lines), columns=columns, width=width, height=height)
        for row, line in enumerate(lines)
        for match in re.finditer(r"\S+", line)
    )
    return Page(text="\n".join(lines), width=width, height=height, words=words)


def _word(match: re.Match[str], *, row: int, rows: int, columns: int, width: int, height: int) -> Word:
    left, box_width = _share(match.start(), match.end(), of=columns, size=width)
    top, box_height = _share(row, row + 1, of=rows, size=height)
    return Word(text=match[0], left=left, top=top, width=box_width, height=box_height)


def _share(start: int, end: int, *, of: int, size: int) -> tuple[int, int]:
    """Offset and length in pixels of the parts from start to end: inside the size, and at least one pixel long."""
    offset = min(start * size // of, size - 1)
    return offset, max(1, end * size // of - offset)
