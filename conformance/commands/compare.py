"""`startocr-conformance compare`: holds two reports, or two deployments, side by side."""

import os
import sys
from functools import partial
from pathlib import Path

import click

from conformance.commands.changes import print_changes
from conformance.commands.ending import end_as_by_ctrl_c, told_in_one_line
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
@option("strict", is_flag=True, help="Rules that web standards imply count as well.")
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
    strict: bool,
    allow_unverified: bool,
    reports: Path,
    selection: Selection,
    course: Course,
    contract: Contract,
) -> None:
    """Compare two reports, each a report.json or its folder; or judge two deployments and compare them.

    Exit status: 0 nothing is worse than before, 1 something newly fails, 2 nothing could be compared, 3 stated rules
    are newly unverified, 4 the newer run itself broke.

    The key for a URL is STARTOCR_LEFT_API_KEY or STARTOCR_RIGHT_API_KEY, otherwise STARTOCR_API_KEY.
    """
    terminal = Terminal(soft_wrap=True)
    with told_in_one_line():
        match (old, new, left, right):
            case (Path(), Path(), None, None):
                before, after = comparing.whole(read(old), str(old)), read(new)
            case (None, None, str(), str()):
                end_as_by_ctrl_c()
                one, other = _deployment(left, "left"), _deployment(right, "right")
                judged = partial(_judged, terminal, contract, selection, course, strict=strict, quiet=markdown)
                before = comparing.whole(judged(one, reports / "left"), "--left")
                after = judged(other, reports / "right")
            case _:
                raise click.UsageError(LEFT_OUT)
    after |= {"strict": strict or after["strict"]}
    found = comparing.changes(before, after)
    if markdown:
        terminal.print(comparing.markdown(before, after, found), markup=False)
    else:
        print_changes(terminal, before, after, found)
    sys.exit(comparing.compared_status(after, found, allow_unverified=allow_unverified))


def _deployment(named: str, side: str) -> Profile:
    """A deployment by its profile, or by its URL: then its key is that of its side, or the one that both have."""
    if not named.startswith(("http://", "https://")):
        return profile_from_file(Path(named))
    key = f"STARTOCR_{side.upper()}_API_KEY"
    return profile_from_url(named, option=f"--{side}", key=key if os.environ.get(key) else "STARTOCR_API_KEY")


def _judged(
    terminal: Terminal,
    contract: Contract,
    selection: Selection,
    course: Course,
    profile: Profile,
    folder: Path,
    *,
    strict: bool,
    quiet: bool,
) -> Report:
    from conformance.judge import judge  # What judges takes a while to import, and two reports do not need it.

    redactor = Redactor(profile.secrets)
    with told_in_one_line(redactor):
        prepare(folder)
        if not quiet:
            terminal.print(f"Judging {redactor.text(profile.base_url)}", markup=False)
        with shown(terminal, contract, quiet=quiet) as progress:
            judgement = judge(
                contract, profile, selection, strict=strict, course=course, redactor=redactor, progress=progress
            )
        write(folder, judgement.report, judgement.beside)
    return judgement.report
