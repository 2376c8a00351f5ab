"""What has changed between two reports, for a person at a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from conformance.report.compare import Change, counted, heading, sent
from conformance.report.view import Report


def print_changes(console: Console, old: Report, new: Report, found: list[Change]) -> None:
    """Print a comparison for a person: a line for a change, whole however narrow the terminal is, and below it why."""
    console.print(f"{escape(heading(old, new))}: {counted(found)}")
    news, ids = _width(change.news for change in found), _width(change.id for change in found)
    for change in found:
        style = "bold red" if change.counts else ""
        console.print(
            Text.assemble((f"{change.news:{news}}", style), f"  {change.id:{ids}}  {change.old} → {change.new}")
        )
        if change.reason:
            console.print(f"  {change.reason}", markup=False)
    console.print(f"{sent(old, new)}.")


def _width(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)
