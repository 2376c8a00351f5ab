"""Markdown → sections with their tables, lists and code blocks, each with its line. Knows nothing of StartOCR."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


class DocumentError(Exception):
    """A document cannot be read as facts: says which file, which line, and what to mend."""

    def __init__(self, source: str, line: int, problem: str) -> None:
        super().__init__(f"{source}:{line}: {problem}")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A table row: the text of its cells by column header, without code marks."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, header: str) -> str:
        return self.cells[header]


@dataclass(frozen=True, kw_only=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """A list item, its Markdown on one line."""

    text: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Code:
    language: str
    text: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Section:
    """What stands under one second-level heading."""

    title: str
    line: int
    tables: tuple[Table, ...]
    items: tuple[Item, ...]
    code: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    source: str
    title: str
    sections: tuple[Section, ...]

    def error(self, line: int, problem: str) -> DocumentError:
        return DocumentError(self.source, line, problem)

    def one_row(self, *header: str) -> Row:
        """The only row of the table with these columns. Raises DocumentError when there is none, or a second one."""
        table = self.table(*header)
        if len(table.rows) != 1:
            raise self.error(table.line, f"expected one row under {' | '.join(header)}, found {len(table.rows)}")
        return table.rows[0]

    def named_rows(self, name: str, *header: str) -> tuple[Row, ...]:
        """The rows of the table with these columns. Raises DocumentError for a `name` that is empty or stands twice."""
        seen: set[str] = set()
        for row in self.table(*header).rows:
            if not row[name]:
                raise self.error(row.line, f"a row has no {name}")
            if row[name] in seen:
                raise self.error(row.line, f"the {name} {row[name]!r} stands in the table twice")
            seen.add(row[name])
        return self.table(*header).rows

    def tables(self, *header: str) -> list[Table]:
        """All tables of the page that have exactly these columns."""
        return [table for section in self.sections for table in section.tables if table.header == header]

    def table(self, *header: str) -> Table:
        """The one table with these columns. Raises DocumentError when there is none, or a second one."""
        found = self.tables(*header)
        if len(found) != 1:
            line = found[1].line if found else 1
            raise self.error(line, f"expected one table with the columns {' | '.join(header)}, found {len(found)}")
        return found[0]


def read_page(path: Path) -> Page:
    """Read a Markdown file. Raises DocumentError if it cannot be read as text."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise DocumentError(str(path), 1, f"cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise DocumentError(str(path), 1, f"cannot be read: {problem}") from problem
    return parse_page(text, source=path.name)


def parse_page(text: str, *, source: str) -> Page:
    """Markdown text as a page; `source` names it in errors."""
    blocks = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text)).children
    title = next((_inline(block) for block in blocks if block.type == "heading" and block.tag == "h1"), "")
    return Page(source=source, title=title, sections=tuple(_sections(blocks)))


def _sections(blocks: Sequence[SyntaxTreeNode]) -> Iterator[Section]:
    starts = [index for index, block in enumerate(blocks) if block.type == "heading" and block.tag == "h2"]
    for start, end in pairwise([*starts, len(blocks)]):
        yield _section(blocks[start], blocks[start + 1 : end])


def _section(heading: SyntaxTreeNode, blocks: Sequence[SyntaxTreeNode]) -> Section:
    return Section(
        title=_inline(heading),
        line=_line(heading),
        tables=tuple(_table(block) for block in blocks if block.type == "table"),
        items=tuple(
            Item(text=_inline(item), line=_line(item))
            for block in blocks
            for item in block.walk()
            if item.type == "list_item"
        ),
        code=tuple(
            Code(language=block.info, text=block.content, line=_line(block))
            for block in blocks
            if block.type == "fence"
        ),
    )


def _table(block: SyntaxTreeNode) -> Table:
    head, *body = block.children
    header = tuple(_cell(cell) for cell in head.children[0].children)
    rows = (
        Row(line=_line(row), cells=dict(zip(header, map(_cell, row.children), strict=True)))
        for part in body
        for row in part.children
    )
    return Table(header=header, rows=tuple(rows), line=_line(block))


def _inline(block: SyntaxTreeNode) -> str:
    """The Markdown of a block's first line of text, however it was wrapped."""
    inline = next((node for node in block.walk() if node.type == "inline"), None)
    return " ".join(inline.content.split()) if inline else ""


def _cell(block: SyntaxTreeNode) -> str:
    return _inline(block).replace("`", "")


def _line(block: SyntaxTreeNode) -> int:
    return block.map[0] + 1 if block.map else 1
