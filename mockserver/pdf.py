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


class Lanes:
    """Workers of two kinds: what takes the quick ones long is begun again by the others.

    So a document that takes long holds up those that do not for a short time, and all others that take long.
    """

    def __init__(self, settings: Settings, *, seconds: float) -> None:
        most, memory = settings.pdf_workers, settings.pdf_memory_bytes
        self._quick = Readers(most=most, seconds=min(settings.pdf_quick_seconds, seconds), memory=memory)
        self._long = Readers(most=most, seconds=seconds, memory=memory)

    async def answer(self, question: bytes, content: bytes, *, account_id: str = "") -> dict[str, Any]:
        """What a worker finds, the accounts in turn. Raises SlowDocument, EncryptedDocument, or UnreadableDocument."""
        try:
            return await _answer(self._quick, question, content, account_id)
        except SlowDocument:
            return await _answer(self._long, question, content, account_id)

    def close(self) -> None:
        """Kill the workers."""
        self._quick.close()
        self._long.close()


class PdfReader:
    """Counts and reads in lanes of their own, since a count is waited for and no text is to delay it."""

    def __init__(self, settings: Settings) -> None:
        self._counting = Lanes(settings, seconds=settings.pdf_count_seconds)
        self._reading = Lanes(settings, seconds=settings.pdf_text_seconds)

    async def count_pages(self, content: bytes, *, account_id: str = "") -> int:
        """The pages of the page tree; the accounts are served in turn.

        Raises EncryptedDocument, or UnreadableDocument if there is no page to find.
        """
        pages = int((await self._counting.answer(COUNT, content, account_id=account_id))["pages"])
        if not pages:
            raise UnreadableDocument("the PDF has no page")
        return pages

    async def text_layers(self, content: bytes) -> list[TextLayer]:
        """The text layer of every page, empty where a page has none. Raises as `count_pages` does."""
        layers = (await self._reading.answer(TEXT, content))["layers"]
        return [TextLayer(text=text, width=width, height=height) for text, width, height in layers]

    def close(self) -> None:
        """Kill the workers."""
        self._counting.close()
        self._reading.close()


async def _answer(workers: Readers, question: bytes, content: bytes, account_id: str) -> dict[str, Any]:
    try:
        answer = await workers.ask(question, content, account_id=account_id)
    except ReaderTooSlow as problem:
        raise SlowDocument("the PDF takes more than there is to read it") from problem
    except ReaderLost as problem:
        raise UnreadableDocument("the PDF takes more than there is to read it") from problem
    if answer.get("refused") == "encrypted":
        raise EncryptedDocument("the PDF needs a password")
    if "refused" in answer:
        raise UnreadableDocument("the PDF cannot be read")
    return answer
