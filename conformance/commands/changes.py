"""What has changed between two reports, for a person at a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance.report.compare import Change, counted, heading, sent
from conformance.report.view import Report


def print_changes(console: Console, old: Report, new: Report, found: list[Change]) -> None:
    """Print a comparison for a person."""
    console.print(f"{escape(heading(old, new))}: {counted(found)}")
    table = Table(box=None, pad_edge=False, show_header=False)
    for change in found:
        news = f"[bold red]{change.news}[/]" if change.counts else change.news
        table.add_row(news, change.id, escape(f"{change.old} → {change.new}"), escape(change.reason))
    if found:
        console.print(table)
    console.print(f"{sent(old, new)}.")
