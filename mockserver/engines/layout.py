"""Places for the words of a text whose true places are not known: line by line, each as wide as its letters."""

from mockserver.recognition import Page, Word


def laid_out(text: str, *, width: int, height: int) -> Page:
    """A page of that size with the text, whitespace in it made even. Equal texts are laid out alike."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    columns = max(map(len, lines), default=0)
    words: list[Word] = []
    for row, line in enumerate(lines):
        top, box_height = _share(row, row + 1, of=len(lines), size=height)
        start = 0
        for word in line.split(" "):
            left, box_width = _share(start, start + len(word), of=columns, size=width)
            words.append(Word(text=word, left=left, top=top, width=box_width, height=box_height))
            start += len(word) + 1
    return Page(text="\n".join(lines), width=width, height=height, words=tuple(words))


def _share(start: int, end: int, *, of: int, size: int) -> tuple[int, int]:
    """Offset and length in pixels of the parts from start to end: inside the size, and at least one pixel long."""
    offset = min(start * size // of, size - 1)
    return offset, max(1, end * size // of - offset)
