"""Changes to a piece of source that cosmic-ray has no operator for: constant answers, lost statements, SQL and names.

An edit says what stands where, and what is to stand there; whether anybody notices is found out elsewhere.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|ON CONFLICT)\b")
SQL_CHANGES = (
    (" AND ", " OR "),
    (" >= ", " > "),
    (" > 0", " >= 0"),
    (" < ", " <= "),
    (" < -new.pages", " < new.pages"),
    ("pages + new.pages", "pages - new.pages"),
    ("RAISE(IGNORE)", "1"),
    (" WHERE id = new.account_id;", ";"),
    (" DESC", ""),
    (" ORDER BY number LIMIT", " ORDER BY number DESC LIMIT"),
    ("failures - 1", "failures"),
    ("'refund', -pages", "'refund', pages"),
    ("revoked = 1", "revoked = 0"),
    (" AND account_id = ?", " AND ? IS NOT NULL"),
    ("WHERE account_id = ? AND", "WHERE ? IS NOT NULL AND"),
    (" IN ('queued', 'processing')", " IN ('queued')"),
)


@dataclass(frozen=True, kw_only=True, order=True)
class Edit:
    """Replaces the text from `start` to `end`, both in lines from 1 and bytes of the line from 0."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    operator: str

    def apply(self, source: str) -> str:
        lines = source.encode().splitlines(keepends=True)
        (first, left), (last, right) = self.start, self.end
        changed = lines[first - 1][:left] + self.text.encode() + lines[last - 1][right:]
        return b"".join([*lines[: first - 1], changed, *lines[last:]]).decode()


def edits(source: str) -> list[Edit]:
    """All edits of a module, in the order of its text."""
    tree = ast.parse(source)
    found = [*constant_answers(tree), *lost_statements(tree), *lost_handlers(tree)]
    return sorted({*found, *changed_sql(source, tree), *renamed(source, tree)})


def constant_answers(tree: ast.Module) -> Iterator[Edit]:
    """What says whether something is so says always, or never, that it is."""
    for value in answered(tree):
        texts = {"True", "False"} - {ast.unparse(value)}
        yield from (_edit(value, text, "constant answer") for text in sorted(texts))


def answered(tree: ast.Module) -> Iterator[ast.expr]:
    """What the functions return that say whether something is so."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and _is_name(function.returns, "bool"):
            yield from (node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value)


def lost_statements(tree: ast.Module) -> Iterator[Edit]:
    """A call whose value nobody uses is left out; what is logged is no part of the API."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await) and not is_logging(node):
            yield _edit(node, "pass", "lost statement")


def lost_handlers(tree: ast.Module) -> Iterator[Edit]:
    """A handler catches nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type:
            yield _edit(node.type, "()", "lost handler")


def changed_sql(source: str, tree: ast.Module) -> Iterator[Edit]:
    """A comparison, a sign, an order or a connective in an SQL text is another one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            text = ast.get_source_segment(source, node) or ""
            for before, after in SQL_CHANGES:
                for found in re.finditer(re.escape(before), text):
                    changed = text[: found.start()] + after + text[found.end() :]
                    yield _edit(node, changed, "SQL")


def renamed(source: str, tree: ast.Module) -> Iterator[Edit]:
    """A name that goes over the wire, or that a text is compared with, is another one."""
    for node in ast.walk(tree):
        names = {ast.Dict: "keys", ast.Compare: "comparators"}.get(type(node))
        for value in getattr(node, names) if names else []:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                text = ast.get_source_segment(source, value) or ""
                yield _edit(value, f"{text[:-1]}X{text[-1]}", "renamed")


def is_logging(node: ast.AST) -> bool:
    """Whether a statement only writes to the log."""
    return ast.unparse(node).startswith("logger.")


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _edit(node: ast.expr | ast.stmt, text: str, operator: str) -> Edit:
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    return Edit(start=(node.lineno, node.col_offset), end=end, text=text, operator=operator)
