"""`startocr-conformance report`: renders a report folder again from its report.json."""

from pathlib import Path

import click

from conformance.commands.ending import told_in_one_line
from conformance.commands.options import FILE
from conformance.report.write import render_again


@click.command()
@click.argument("folder", type=FILE, default=Path("reports/latest"))
def report(folder: Path) -> None:
    """Render the files of a report FOLDER (reports/latest unless given) again from its report.json.

    What only a run can write stays as it is: traffic.har and bodies.
    """
    with told_in_one_line():
        render_again(folder)
    click.echo(f"Rendered again: {folder / 'index.html'}")
