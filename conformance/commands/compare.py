"""`startocr-conformance compare`: holds two reports, or two deployments, side by side."""

import sys
from pathlib import Path

import click

from conformance.commands.changes import print_changes
from conformance.commands.ending import told_in_one_line
from conformance.commands.options import FILE, option, with_contract, with_course, with_selection
from conformance.commands.progress import shown
from conformance.commands.terminal import Terminal
from conformance.profile.profile import Profile, profile_from_file, profile_from_url
from conformance.redaction import Redactor
from conformance.report import compare as comparing
from conformance.report.view import Report
from conformance.report.write import prepare, read, write
from conformance.session.course import Course
from conformance.session.selection import Selection
from spec import Contract

LEFT_OUT = "give either two reports, OLD and NEW, or two deployments, --left and --right."


@click.command()
@click.argument("old", type=FILE, required=False)
@click.argument("new", type=FILE, required=False)
@option("left", help="A deployment to judge, in place of OLD: a URL or a target profile.")
@option("right", help="The other one, in place of NEW.")
@option("markdown", is_flag=True, help="Print Markdown, for a comment on a pull request.")
@option("allow-unverified", is_flag=True, help="Exit 0 although stated rules are newly unverified.")
@option("reports", type=FILE, default=Path("reports/compared"), show_default=True, help="Where both reports go.")
@with_selection
@with_course
@with_contract
def compare(
    old: Path | None,
    new: Path | None,
    left: str | None,
    right: str | None,
    markdown: bool,
    allow_unverified: bool,
    reports: Path,
    selection: Selection,
    course: Course,
    contract: Contract,
) -> None:
    """Compare two reports, each a report.json or its folder; or judge two deployments and compare them.

    Exit status: 0 nothing is worse than before, 1 something newly fails, 2 nothing could be compared, 3 stated rules
    are newly unverified, 4 the newer run itself broke.
    """
    terminal = Terminal(soft_wrap=True)
    with told_in_one_line():
        match (old, new, left, right):
            case (Path(), Path(), None, None):
                before, after = read(old), read(new)
            case (None, None, str(), str()):
                sides = {"left": _deployment(left, "--left"), "right": _deployment(right, "--right")}
                before, after = (
                    _judged(terminal, contract, side, selection, course, reports / name, quiet=markdown)
                    for name, side in sides.items()
                )
            case _:
                raise click.UsageError(LEFT_OUT)
    found = comparing.changes(before, after)
    if markdown:
        terminal.print(comparing.markdown(before, after, found), markup=False)
    else:
        print_changes(terminal, before, after, found)
    sys.exit(comparing.compared_status(after, found, allow_unverified=allow_unverified))


def _deployment(named: str, place: str) -> Profile:
    return (
        profile_from_url(named, option=place)
        if named.startswith(("http://", "https://"))
        else profile_from_file(Path(named))
    )


def _judged(
    terminal: Terminal,
    contract: Contract,
    profile: Profile,
    selection: Selection,
    course: Course,
    folder: Path,
    *,
    quiet: bool,
) -> Report:
    from conformance.judge import judge  # What judges takes a while to import, and two reports do not need it.

    redactor = Redactor(profile.secrets)
    with told_in_one_line(redactor):
        prepare(folder)
        if not quiet:
            terminal.print(f"Judging {redactor.text(profile.base_url)}", markup=False)
        with shown(terminal, contract, quiet=quiet) as progress:
            judgement = judge(contract, profile, selection, course=course, redactor=redactor, progress=progress)
        write(folder, judgement.report, judgement.beside)
    return judgement.report
