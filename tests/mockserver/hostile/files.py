"""PDF documents that are encrypted, break off, or are none behind their first line."""

from functools import partial
from io import BytesIO
from random import Random

from pypdf import PdfReader, PdfWriter

from fixtures import fixture
from tests.mockserver.hostile.corpus import Corpus, Hostile
from tests.mockserver.hostile.pdf_parts import CATALOG, PAGE, pdf, tree

CORPUS = Corpus()


def encrypted(algorithm: str, user_password: str) -> bytes:
    """Three pages, encrypted."""
    writer = PdfWriter(PdfReader(BytesIO(fixture("three-pages.pdf").content)))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm=algorithm)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"):
    for password, pages in (("", 3), ("user", None)):
        name = f"{algorithm} {'with' if password else 'without'} a user password"
        make = partial(encrypted, algorithm, password)
        CORPUS.append(Hostile(name=name, make=make, pages=pages, poppler=""))


@CORPUS.expected(None)
def encrypted_by_nobody() -> bytes:
    """The trailer names a security handler that does not exist."""
    return pdf(CATALOG, tree([3]), PAGE, trailer="/Encrypt << /Filter /Nobody /V 9 /R 99 >>")


@CORPUS.expected(None)
def encrypted_with_itself() -> bytes:
    """What says how the file is encrypted is a reference to itself."""
    return pdf(CATALOG, tree([3]), PAGE, "4 0 R", trailer="/Encrypt 4 0 R")


@CORPUS.expected(1)
def encrypted_with_null() -> bytes:
    """What says how the file is encrypted is null, so it is not."""
    return pdf(CATALOG, tree([3]), PAGE, trailer="/Encrypt null")


@CORPUS.expected(1)
def encrypted_with_nothing() -> bytes:
    """What says how the file is encrypted is an object that there is not, which is null, too."""
    return pdf(CATALOG, tree([3]), PAGE, trailer="/Encrypt 99 0 R")


@CORPUS.expected(None)
def truncated_by_two_thirds() -> bytes:
    """Twenty pages, of which the first third of the bytes is there."""
    return fixture("truncated.pdf").content


@CORPUS.expected(20)
def truncated_before_its_last_line() -> bytes:
    """Twenty pages, and all that is missing is the last line."""
    content = fixture("twenty-pages.pdf").content
    return content[: content.rindex(b"%%EOF")]


@CORPUS.expected(None)
def truncated_before_its_end() -> bytes:
    """Twenty pages, and what is missing is the last line and half of the number before it."""
    return fixture("twenty-pages.pdf").content[:-10]


@CORPUS.expected(None)
def truncated_in_its_table() -> bytes:
    """Twenty pages, all of them there, and no table."""
    content = fixture("twenty-pages.pdf").content
    return content[: content.index(b"xref\n") + 200]


@CORPUS.expected(None)
def first_line_alone() -> bytes:
    """The first line, and nothing else."""
    return b"%PDF-1.7\n"


@CORPUS.expected(None)
def first_line_and_noise() -> bytes:
    """The first line and seven megabytes of noise."""
    return b"%PDF-1.7\n" + Random(1).randbytes(7_000_000)


@CORPUS.expected(None)
def first_line_again_and_again() -> bytes:
    """The first line, seven hundred thousand times."""
    return b"%PDF-1.7\n" * 700_000


@CORPUS.expected(None)
def beginnings_of_objects() -> bytes:
    """Seven hundred thousand objects begin, and none ends."""
    return b"%PDF-1.7\n" + b"1 0 obj\n<<" * 700_000


@CORPUS.expected(3)
def other_bytes_before_and_behind() -> bytes:
    """Three pages between a kilobyte of empty lines and as many zeros."""
    return b"\n" * 1000 + fixture("three-pages.pdf").content + bytes(900)


@CORPUS.expected(3)
def answer_of_a_web_server_before() -> bytes:
    """Three pages, saved with the head of the answer that brought them."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
    return head + fixture("three-pages.pdf").content
