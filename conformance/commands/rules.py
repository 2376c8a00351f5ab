"""`startocr-conformance rules`: the table of rules, with what each needs and the tests that judge it."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance.commands.ending import told_in_one_line
from conformance.commands.options import option, with_contract, with_selection
from conformance.session.collecting import collect
from conformance.session.course import Course
from conformance.session.selection import Selection
from spec import Contract

Row = dict[str, Any]


@click.command()
@with_selection
@with_contract
@option("format", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def rules(contract: Contract, selection: Selection, format: str) -> None:
    """List the rules: section, strength, what a profile needs before each can be seen, and its tests."""
    with told_in_one_line():
        rows = rows_of(contract, selection)
    click.echo(FORMATS[format](rows))


def rows_of(contract: Contract, selection: Selection) -> list[Row]:
    """A row for each selected rule, in the order of the documentation."""
    chosen = selection.of(contract)
    tests = collect(contract, Course(), chosen, with_questions=False)
    return [
        {
            "id": rule.id,
            "section": rule.section,
            "strength": rule.strength,
            "source": rule.source,
            "sentence": rule.sentence,
            "needs": list(rule.needs),
            "tests": [test.name for test in tests if rule.id in test.subjects],
        }
        for rule in (contract.rules[name] for name in chosen)
    ]


def _text(rows: Sequence[Row]) -> str:
    table = Table(box=None, pad_edge=False)
    for heading in ("rule", "section", "strength"):
        table.add_column(heading, no_wrap=True)
    table.add_column("tests", justify="right")
    table.add_column("needs")
    for row in rows:
        needs = escape(", ".join(row["needs"]))
        table.add_row(row["id"], row["section"], row["strength"], str(len(row["tests"])), needs)
    console = Console(width=120)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _markdown(rows: Sequence[Row]) -> str:
    lines = ["| rule | section | strength | needs | tests | sentence |", "| --- | --- | --- | --- | ---: | --- |"]
    for row in rows:
        source = f" ({row['source']})" if row["source"] else ""
        cells = [f"`{row['id']}`", row["section"], row["strength"] + source, ", ".join(row["needs"])]
        lines.append(
            "| " + " | ".join(_cell(cell) for cell in [*cells, str(len(row["tests"])), row["sentence"]]) + " |"
        )
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _json(rows: Sequence[Row]) -> str:
    return json.dumps({"rules": list(rows)}, indent=2, ensure_ascii=False)


FORMATS: dict[str, Callable[[Sequence[Row]], str]] = {"text": _text, "markdown": _markdown, "json": _json}
