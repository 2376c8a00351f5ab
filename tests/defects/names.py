"""Faults in what the name of a file may be."""

from mockserver import checks
from mockserver.server import Server
from mockserver.submission import Submission
from spec import Error
from tests.changing import refusing, refusing_first
from tests.defects.breaking import breaks


def name_of(submission: Submission) -> str:
    return submission.filename or ""


@breaks("body.filename")
def filename_refused(server: Server) -> Server:
    """A body with a file name is refused."""
    return refusing(server, checks.filename_is_text, lambda submission: "filename" in submission.members)


@breaks("body.filename")
def photographs_refused_for_their_name(server: Server) -> Server:
    """A file name that ends in .jpeg is refused, since only .jpg is in the list."""
    return refusing(server, checks.filename_is_text, lambda submission: name_of(submission).endswith(".jpeg"))


@breaks("body.filename")
def filename_must_be_ascii(server: Server) -> Server:
    """A file name with a letter outside ASCII is refused."""
    return refusing(server, checks.filename_is_text, lambda submission: not name_of(submission).isascii())


@breaks("body.filename")
def filename_without_emoji(server: Server) -> Server:
    """A file name with a character of four bytes does not fit into the database."""
    return refusing(server, checks.filename_is_text, lambda submission: max(name_of(submission), default="") > "\uffff")


@breaks("body.filename")
def filename_ends_at_its_quote(server: Server) -> Server:
    """A quote in a file name ends it, escaped or not, so that the JSON goes wrong behind an odd number of them."""
    return refusing_first(server, checks.body_is_json, lambda submission: submission.body.count(rb"\"") % 2)


@breaks("body.filename")
def filename_ends_at_its_apostrophe(server: Server) -> Server:
    """An apostrophe in a file name ends the text in a statement of the database, which stumbles over what follows."""
    stumbled = Error(status=500, code="internal_error", meaning="It stumbled")
    return refusing(server, checks.filename_is_text, lambda submission: "'" in name_of(submission), stumbled)


@breaks("body.filename")
def filename_without_spaces(server: Server) -> Server:
    """A file name with a space is refused."""
    return refusing(server, checks.filename_is_text, lambda submission: " " in name_of(submission))


@breaks("body.filename")
def filename_of_thirty_characters(server: Server) -> Server:
    """A file name of more than thirty characters is refused."""
    return refusing(server, checks.filename_is_text, lambda submission: len(name_of(submission)) > 30)


@breaks("body.filename")
def suffix_in_lower_case(server: Server) -> Server:
    """A file name whose suffix is written in capitals has no type that the server knows."""
    return refusing(
        server, checks.filename_is_text, lambda submission: name_of(submission).rpartition(".")[2].isupper()
    )


@breaks("body.filename")
def filename_without_a_suffix_refused(server: Server) -> Server:
    """A file name without a dot has no type that the server knows."""
    return refusing(server, checks.filename_is_text, lambda it: "filename" in it.members and "." not in name_of(it))


@breaks("body.filename")
def hidden_filename_refused(server: Server) -> Server:
    """A file name that begins with a dot is refused, as those of an upload that was not meant."""
    return refusing(server, checks.filename_is_text, lambda submission: name_of(submission).startswith("."))


@breaks("body.filename")
def jpg_is_no_suffix(server: Server) -> Server:
    """A file name that ends in .jpg is refused, since only .jpeg is in the list."""
    return refusing(server, checks.filename_is_text, lambda submission: name_of(submission).endswith(".jpg"))


@breaks("body.filename")
def pdf_is_no_suffix(server: Server) -> Server:
    """A file name that ends in .pdf is refused, since only those of images are in the list."""
    return refusing(server, checks.filename_is_text, lambda submission: name_of(submission).endswith(".pdf"))


@breaks("body.filename")
def photographs_in_capitals_refused(server: Server) -> Server:
    """A file name that ends in .JPG is refused, since of the capitals only .PNG and .PDF are in the list."""
    return refusing(server, checks.filename_is_text, lambda submission: name_of(submission).endswith((".JPG", ".JPEG")))
