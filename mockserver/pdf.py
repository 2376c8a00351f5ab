"""The pages of a PDF and their text layers, as a worker reads them: no PDF is parsed in the process of the server."""

from dataclasses import dataclass
from typing import Any

from mockserver.pdf_worker import COUNT, TEXT
from mockserver.reader import ReaderLost, ReaderTooSlow
from mockserver.readers import Readers
from mockserver.settings import Settings
from mockserver.unreadable import EncryptedDocument, SlowDocument, UnreadableDocument


@dataclass(frozen=True, kw_only=True)
class TextLayer:
    """The text of a page, and its size in points (pixels at 72 dpi)."""

    text: str
    width: int
    height: int


class PdfReader:
    """Counts and reads with workers of their own, since a count is waited for and a long text is not to delay it.

    A count that takes long is begun again with others: so the next documents wait for it only for a short time.
    """

    def __init__(self, settings: Settings) -> None:
        most, memory = settings.pdf_workers, settings.pdf_memory_bytes
        quick = min(settings.pdf_quick_seconds, settings.pdf_count_seconds)
        self._quick = Readers(most=most, seconds=quick, memory=memory)
        self._counting = Readers(most=most, seconds=settings.pdf_count_seconds, memory=memory)
        self._reading = Readers(most=most, seconds=settings.pdf_text_seconds, memory=memory)

    async def count_pages(self, content: bytes) -> int:
        """The pages of the page tree. Raises EncryptedDocument, or UnreadableDocument if there is none to find."""
        try:
            answer = await _answer(self._quick, COUNT, content)
        except SlowDocument:
            answer = await _answer(self._counting, COUNT, content)
        pages = int(answer["pages"])
        if not pages:
            raise UnreadableDocument("the PDF has no page")
        return pages

    async def text_layers(self, content: bytes) -> list[TextLayer]:
        """The text layer of every page, empty where a page has none. Raises as `count_pages` does."""
        layers = (await _answer(self._reading, TEXT, content))["layers"]
        return [TextLayer(text=text, width=width, height=height) for text, width, height in layers]

    def close(self) -> None:
        """Kill the workers."""
        for readers in (self._quick, self._counting, self._reading):
            readers.close()


async def _answer(workers: Readers, question: bytes, content: bytes) -> dict[str, Any]:
    try:
        answer = await workers.ask(question, content)
    except ReaderTooSlow as problem:
        raise SlowDocument("the PDF takes more than there is to read it") from problem
    except ReaderLost as problem:
        raise UnreadableDocument("the PDF takes more than there is to read it") from problem
    if answer.get("refused") == "encrypted":
        raise EncryptedDocument("the PDF needs a password")
    if "refused" in answer:
        raise UnreadableDocument("the PDF cannot be read")
    return answer
