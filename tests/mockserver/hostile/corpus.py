"""A hostile document, and a collection of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

Make = Callable[[], bytes]


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """`pages` None: to be refused. `poppler` says why pdfinfo is known to count otherwise; empty where it does not."""

    name: str
    make: Make
    pages: int | None
    poppler: str


class Corpus(list[Hostile]):
    def expected(self, pages: int | None, *, poppler: str = "") -> Callable[[Make], Make]:
        """Collect what the function makes, with what is to become of it."""

        def put(make: Make) -> Make:
            made_once = cache(make)
            self.append(Hostile(name=make.__name__, make=made_once, pages=pages, poppler=poppler))
            return made_once

        return put
