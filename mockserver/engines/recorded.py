"""The engine that recognises nothing: it knows the fixtures, reads the text layers of PDFs, and else makes a text up.

What it answers depends on the bytes of the document alone; of those of a large one, on the first.
"""

import asyncio
import logging
from collections.abc import Sequence
from hashlib import sha256

from anyio import to_thread

from fixtures import Fixture, by_sha256
from mockserver import images
from mockserver.documents import PDF, kind_of_content
from mockserver.engines.layout import laid_out
from mockserver.pdf import PdfReader, TextLayer
from mockserver.reader import ReaderUnavailable
from mockserver.recognition import Page, Word
from mockserver.unreadable import UnreadableDocument

# No fixture has as many bytes. Of what is larger, a beginning is enough to tell one document from another.
LARGEST_WHOLE = 1 << 16
BEGINNING = 1 << 14
RETRY_SECONDS = 0.5

logger = logging.getLogger(__name__)


class RecordedEngine:
    def __init__(self, pdfs: PdfReader) -> None:
        self._pdfs = pdfs

    async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
        digest = sha256(content if len(content) <= LARGEST_WHOLE else content[:BEGINNING]).hexdigest()
        fixture = by_sha256(digest)
        if fixture is not None and fixture.page_details:
            return _recorded(fixture)
        placeholder = f"Document {digest[:8]}"
        kind = kind_of_content(content)
        if kind == PDF:
            return await to_thread.run_sync(_laid_out, await self._text_layers(content), placeholder)
        if kind is None:
            raise UnreadableDocument("the document is neither an image nor a PDF")
        width, height = images.size(content, kind)
        return (laid_out(placeholder, width=width, height=height),) * pages

    async def _text_layers(self, content: bytes) -> list[TextLayer]:
        """Those of a PDF that was paid: where nothing can be started that reads it, it waits."""
        while True:
            try:
                return await self._pdfs.text_layers(content)
            except ReaderUnavailable as problem:
                logger.warning("a task waits, since no process that reads documents can be started: %s", problem)
                await asyncio.sleep(RETRY_SECONDS)


def _recorded(fixture: Fixture) -> tuple[Page, ...]:
    return tuple(
        Page(
            text=page.text,
            width=page.width,
            height=page.height,
            words=tuple(
                Word(text=word.text, left=word.left, top=word.top, width=word.width, height=word.height)
                for word in page.words
            ),
        )
        for page in fixture.page_details
    )


def _laid_out(layers: Sequence[TextLayer], placeholder: str) -> tuple[Page, ...]:
    """The pages of a PDF by their text layers; a scanned one, which has none, gets the placeholder on each page."""
    scanned = not any(layer.text.strip() for layer in layers)
    return tuple(
        laid_out(placeholder if scanned else layer.text, width=layer.width, height=layer.height) for layer in layers
    )
