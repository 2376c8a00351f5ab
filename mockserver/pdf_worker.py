"""The process that reads PDF documents, within the memory and the time that it is started with.

It is run by its path, with pypdf and nothing of this project, so that it is ready soon; the server takes only the names
of the protocol from here. Whatever a document does to it stays in it: the server may kill it at any moment and start
another. Both talk through the socket on descriptor 0:

    worker   one byte, when it can take a document
    server   what is asked (one byte), the length (8 bytes), the document
    worker   the length (8 bytes), the answer: JSON, since nothing that a hostile document may have shaped is unpickled

The worker ends when the socket is closed, when a document takes too long even if nobody is left to kill it, and after a
document for which the memory did not suffice, since the next one is to have all of it.
"""

import gc
import json
import logging
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

if TYPE_CHECKING:  # the server imports this module, and is not to load the library
    from pypdf import PageObject, PdfReader

Found = TypeVar("Found")

READY = b"r"
COUNT = b"c"
TEXT = b"t"
REQUEST = struct.Struct("!cQ")
ANSWER = struct.Struct("!Q")

# Readers accept what a PDF begins with anywhere in so many bytes.
PDF_START = b"%PDF-"
PDF_START_WITHIN = 1024

# What is kept of the text of a document, and of the side of a page. A result is stored while other requests wait: the
# largest that this makes takes less than a tenth of a second.
MOST_CHARACTERS = 200_000
LONGEST_SIDE = 100_000
# In points: the size of a page that does not tell its own.
LETTER = (612, 792)
GRACE_SECONDS = 1.0


def main(seconds: float, memory: int) -> None:
    """Answer one request after the other."""
    confine(memory)
    with open(0, "rb") as requests, open(0, "wb", closefd=False) as answers:
        going_on = True
        while going_on:
            answers.write(READY)
            answers.flush()
            head = requests.read(REQUEST.size)
            going_on = len(head) == REQUEST.size and answer_one(head, requests, answers, seconds)
            gc.collect()


def confine(memory: int) -> None:
    """Load the library; then no more memory than that, no core files, and nothing in the log of the server."""
    import pypdf  # noqa: F401

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    # The modules stay: they need not be looked through after every document.
    gc.freeze()


def answer_one(head: bytes, requests: BinaryIO, answers: BinaryIO, seconds: float) -> bool:
    """Whether the memory sufficed."""
    # The signal has no handler: it ends the process wherever it is.
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
    asked, length = REQUEST.unpack(head)
    found = answer(asked, requests.read(length))
    body = json.dumps(found).encode()
    answers.write(ANSWER.pack(len(body)) + body)
    answers.flush()
    signal.setitimer(signal.ITIMER_REAL, 0)
    return found.get("refused") != MemoryError.__name__


def answer(asked: bytes, content: bytes) -> dict[str, Any]:
    """What was asked about the document, or why it is refused."""
    from pypdf import PasswordType, PdfReader

    try:
        reader = PdfReader(BytesIO(without_preamble(content)))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return {"refused": "encrypted"}
        return QUESTIONS[asked](reader)
    except Exception as problem:  # pypdf raises whatever a broken document makes it stumble over
        return {"refused": type(problem).__name__}


def without_preamble(content: bytes) -> bytes:
    """The document from where it begins, since other bytes before that keep pypdf from finding its table."""
    return content[max(0, content.find(PDF_START, 0, PDF_START_WITHIN)) :]


def count_pages(reader: "PdfReader") -> dict[str, Any]:
    """The leaves of the page tree; its /Count may say anything."""
    return {"pages": len(reader.pages)}


def read_text(reader: "PdfReader") -> dict[str, Any]:
    return {"layers": list(text_layers(reader.pages))}


def text_layers(pages: Iterable["PageObject"]) -> Iterable[tuple[str, int, int]]:
    """Text, width and height of each page, until there is too much text: the pages after that have none."""
    left = MOST_CHARACTERS
    for page in pages:
        text = found(partial(text_of, page), otherwise="")[:left] if left else ""
        left -= len(text)
        yield text, *found(partial(size_of, page), otherwise=LETTER)


def found(look: Callable[[], Found], *, otherwise: Found) -> Found:
    """What is found on a page; a broken one has been paid, too, and is no reason to go without the others."""
    try:
        return look()
    except MemoryError:
        raise
    except Exception:
        return otherwise


def text_of(page: "PageObject") -> str:
    return page.extract_text().encode("utf-8", "replace").decode()


def size_of(page: "PageObject") -> tuple[int, int]:
    return side(page.mediabox.width), side(page.mediabox.height)


def side(points: float) -> int:
    return min(max(1, round(points)), LONGEST_SIDE)


QUESTIONS: dict[bytes, Callable[["PdfReader"], dict[str, Any]]] = {COUNT: count_pages, TEXT: read_text}

if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
