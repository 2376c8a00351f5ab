"""The process that reads PDF documents, within the memory and the time that it is started with.

It is run by its path, with pypdf and nothing of this project, so that it is ready soon; the server takes only the names
of the protocol from here. Whatever a document does to it stays in it: the server may kill it at any moment and start
another. Both talk through the socket on descriptor 0:

    worker   one byte, when it can take a document
    server   what is asked (one byte), the length (8 bytes), the document
    worker   the length (8 bytes), the answer: JSON, since nothing that a hostile document may have shaped is unpickled

The worker ends when the socket is closed, even in the middle of a document; when a document takes too long, whether
anybody kills it or not; and after one for which the memory did not suffice, since the next one is to have all of it.
"""

import fcntl
import gc
import json
import logging
import os
import re
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
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

END = b"\n%%EOF\n"
LAST_LINES = re.compile(rb"startxref\s+(\d{1,10})\s+\Z")
LAST_LINES_WITHIN = 64
TABLE = re.compile(rb"xref|\d+\s+\d+\s+obj")

# What a page tree may have: kids in all its nodes, and levels of nodes above a page.
MOST_ENTRIES = 100_000
MOST_LEVELS = 1000

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
    from pypdf import overwrite_configuration

    overwrite_configuration(page_tree_maximum_depth=MOST_LEVELS)
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
    content = requests.read(length)
    end_with_socket(True)
    found = answer(asked, content)
    body = json.dumps(found).encode()
    end_with_socket(False)
    answers.write(ANSWER.pack(len(body)) + body)
    answers.flush()
    signal.setitimer(signal.ITIMER_REAL, 0)
    return found.get("refused") != MemoryError.__name__


def end_with_socket(told: bool, /) -> None:
    """Whether the system sends a signal, which ends this process, when the server closes its end of the socket or ends.

    It would send one, too, when something comes or is taken, so this is for when neither is to be expected.
    """
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC if told else flags & ~os.O_ASYNC)


def answer(asked: bytes, content: bytes) -> dict[str, Any]:
    """What was asked about the document, or why it is refused."""
    from pypdf import PasswordType

    try:
        reader = reader_class()(BytesIO(with_end(without_preamble(content))))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return {"refused": "encrypted"}
        return QUESTIONS[asked](reader)
    except Exception as problem:  # pypdf raises whatever a broken document makes it stumble over
        return {"refused": type(problem).__name__}


def without_preamble(content: bytes) -> bytes:
    """The document from where it begins, since other bytes before that keep pypdf from finding its table."""
    return content[max(0, content.find(PDF_START, 0, PDF_START_WITHIN)) :]


def with_end(content: bytes) -> bytes:
    """The document with its last line, if that is all it lacks: pypdf looks for nothing else without it."""
    last = LAST_LINES.search(content, max(0, len(content) - LAST_LINES_WITHIN))
    return content + END if last and TABLE.match(content, int(last[1])) else content


@cache
def reader_class() -> type["PdfReader"]:
    """The reader of the library, but for an /Encrypt that is null, and so is none (ISO 32000-1, section 7.3.7)."""
    from pypdf import PdfReader
    from pypdf.generic import NullObject, is_null_or_none

    class Reader(PdfReader):
        @property
        def is_encrypted(self) -> bool:
            return not is_null_or_none(self.trailer.get("/Encrypt", NullObject()).get_object())

    return Reader


def count_pages(reader: "PdfReader") -> dict[str, Any]:
    return {"pages": leaves(reader)}


def read_text(reader: "PdfReader") -> dict[str, Any]:
    leaves(reader)
    return {"layers": list(text_layers(reader.pages))}


def leaves(reader: "PdfReader") -> int:
    """The pages of the page tree; its /Count may say anything. Raises ValueError if there are too many.

    It is walked level by level, and what is listed again is looked at once and counted as often as it comes: forty
    levels that list the next one twice have a trillion pages, which is found out at the seventeenth.
    """
    root: Any = reader.root_object["/Pages"]
    if not has_kids(root):
        return int(root.get("/Type", "/Page") == "/Page")
    set_type(root, "/Pages")
    pages, entries, level = 0, 0, {id(root): (root, 1)}
    for _ in range(MOST_LEVELS):
        below: dict[int, tuple[Any, int]] = {}
        for node, times in level.values():
            for kid in kids(node):
                entries += times
                if entries > MOST_ENTRIES:
                    raise ValueError("the page tree has too many entries")
                if is_page(kid):
                    pages += times
                else:
                    below[id(kid)] = kid, times + below.get(id(kid), (kid, 0))[1]
        if not below:
            return pages
        level = below
    raise ValueError("the page tree has too many levels")


def kids(node: Any) -> Iterator[Any]:
    """What a node of the page tree lists, without what is no dictionary."""
    from pypdf.generic import DictionaryObject

    listed = (entry.get_object() for entry in node["/Kids"])
    return (kid for kid in listed if isinstance(kid, DictionaryObject))


def is_page(kid: Any) -> bool:
    """Whether it is a leaf. One without /Kids is, whatever its /Type says, which pypdf goes by: it is put right."""
    leaf = not has_kids(kid) or ("/Type" in kid and kid["/Type"] == "/Page")
    set_type(kid, "/Page" if leaf else "/Pages")
    return leaf


def has_kids(node: Any) -> bool:
    from pypdf.generic import is_null_or_none

    return "/Kids" in node and not is_null_or_none(node["/Kids"])


def set_type(node: Any, name: str) -> None:
    from pypdf.generic import NameObject

    node[NameObject("/Type")] = NameObject(name)


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
