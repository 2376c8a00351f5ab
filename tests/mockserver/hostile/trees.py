"""PDF documents whose page tree lies, loops or swells, or whose objects are nested without end."""

from tests.mockserver.hostile.corpus import Corpus
from tests.mockserver.hostile.pdf_parts import CATALOG, PAGE, pdf, tree

CORPUS = Corpus()


@CORPUS.expected(3)
def a_million_counted() -> bytes:
    """Three pages, and a /Count of a million."""
    return pdf(CATALOG, tree([3, 4, 5], 1_000_000), PAGE, PAGE, PAGE)


@CORPUS.expected(3, poppler="it believes the /Count, if there are as many objects")
def one_counted() -> bytes:
    """Three pages, and a /Count of one."""
    return pdf(CATALOG, tree([3, 4, 5], 1), PAGE, PAGE, PAGE)


@CORPUS.expected(2)
def fewer_than_none_counted() -> bytes:
    """Two pages, and a /Count below zero."""
    return pdf(CATALOG, tree([3, 4], -5), PAGE, PAGE)


@CORPUS.expected(2)
def no_number_counted() -> bytes:
    """Two pages, and a /Count that is text."""
    return pdf(CATALOG, tree([3, 4], "(many)"), PAGE, PAGE)


@CORPUS.expected(None)
def count_of_a_thousand_digits() -> bytes:
    """Two pages, and a /Count of a thousand digits."""
    return pdf(CATALOG, tree([3, 4], "9" * 1000), PAGE, PAGE)


@CORPUS.expected(3)
def one_page_three_times() -> bytes:
    """The same page, listed three times: three pages to print."""
    return pdf(CATALOG, tree([3, 3, 3]), PAGE)


@CORPUS.expected(2)
def kids_that_are_no_pages() -> bytes:
    """Two pages among numbers, nothing, and references to nowhere."""
    kids = "<< /Type /Pages /Kids [3 0 R null 17 (x) 99 0 R 4 0 R] /Count 6 >>"
    return pdf(CATALOG, kids, PAGE, PAGE)


@CORPUS.expected(5)
def pages_of_other_types() -> bytes:
    """Five pages, of which one says that it is a page, and one says nothing."""
    others = (PAGE.replace("/Page ", f"/{name} ") for name in ("Pages", "Template", "Foo"))
    return pdf(CATALOG, tree(range(3, 8)), PAGE, PAGE.replace("/Type /Page ", ""), *others)


@CORPUS.expected(2)
def tree_of_other_types() -> bytes:
    """Two pages; the root of their tree says that it is a page, and the node below it something else."""
    root, node = (tree(kids, 2).replace("/Pages", name) for kids, name in (([3], "/Page"), ([4, 5], "/Foo")))
    return pdf(CATALOG, root, node, PAGE, PAGE)


@CORPUS.expected(4)
def tree_that_comes_twice() -> bytes:
    """A node of two pages, listed twice: four pages to print."""
    return pdf(CATALOG, tree([3, 3], 4), tree([4, 5]), PAGE, PAGE)


@CORPUS.expected(None)
def tree_that_is_its_own_kid() -> bytes:
    """The root of the page tree lists itself."""
    return pdf(CATALOG, tree([2, 3]), PAGE)


@CORPUS.expected(None)
def tree_that_comes_back() -> bytes:
    """Three nodes of the page tree, each the kid of the one before, in a circle."""
    return pdf(CATALOG, tree([3]), tree([4]), tree([2, 5]), PAGE)


@CORPUS.expected(1)
def tree_of_ninety_levels() -> bytes:
    """One page under ninety nodes."""
    return pdf(CATALOG, *(tree([level]) for level in range(3, 93)), PAGE)


@CORPUS.expected(1)
def tree_of_nine_hundred_levels() -> bytes:
    """One page under nine hundred nodes."""
    return pdf(CATALOG, *(tree([level], 1) for level in range(3, 903)), PAGE)


@CORPUS.expected(None)
def tree_of_ten_thousand_levels() -> bytes:
    """One page under ten thousand nodes."""
    return pdf(CATALOG, *(tree([level]) for level in range(3, 10_003)), PAGE)


@CORPUS.expected(None)
def tree_that_doubles() -> bytes:
    """Forty levels, each of which lists the next one twice: a trillion pages."""
    return pdf(CATALOG, *(tree([level, level]) for level in range(3, 43)), PAGE)


@CORPUS.expected(None)
def tree_of_a_million_kids() -> bytes:
    """One page, listed a million times."""
    return pdf(CATALOG, tree([3] * 1_000_000), PAGE)


@CORPUS.expected(2000)
def tree_of_two_thousand_pages() -> bytes:
    """Nothing wrong: two thousand pages."""
    return pdf(CATALOG, tree(range(3, 2003)), *[PAGE] * 2000)


@CORPUS.expected(None)
def tree_without_pages() -> bytes:
    """A page tree without kids."""
    return pdf(CATALOG, tree([]))


@CORPUS.expected(None)
def kids_that_are_a_number() -> bytes:
    """The /Kids are a number."""
    return pdf(CATALOG, "<< /Type /Pages /Kids 7 /Count 7 >>", PAGE)


@CORPUS.expected(None)
def reference_that_leads_back() -> bytes:
    """The page tree is a reference to a reference to itself."""
    return pdf(CATALOG, "3 0 R", "2 0 R")


@CORPUS.expected(None)
def no_page_tree() -> bytes:
    """A catalogue without a page tree."""
    return pdf("<< /Type /Catalog >>")


def nested(opening: str, closing: str) -> bytes:
    """An object of twenty thousand levels in the catalogue."""
    deep = opening * 20_000 + closing * 20_000
    return pdf(f"<< /Type /Catalog /Pages 2 0 R /Extra {deep} >>", tree([3]), PAGE)


@CORPUS.expected(None)
def arrays_in_arrays() -> bytes:
    """The catalogue has an array of twenty thousand levels."""
    return nested("[", "]")


@CORPUS.expected(1)
def dictionaries_in_dictionaries() -> bytes:
    """The catalogue has a dictionary of twenty thousand levels."""
    return nested("<< /A ", ">>")


@CORPUS.expected(None)
def text_that_never_ends() -> bytes:
    """The catalogue has a string of a million opening brackets."""
    return pdf(f"<< /Extra {'(' * 1_000_000} /Type /Catalog /Pages 2 0 R >>", tree([3]), PAGE)
