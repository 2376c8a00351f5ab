"""`startocr-conformance run`: judges a deployment and ends with a status that pipelines obey."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from conformance.commands.changes import print_changes
from conformance.commands.ending import end_as_by_ctrl_c, told_in_one_line
from conformance.commands.options import FILE, option, with_contract, with_course, with_profile, with_selection
from conformance.commands.progress import shown
from conformance.commands.terminal import Terminal
from conformance.profile.profile import Profile
from conformance.redaction import Redactor
from conformance.report import compare as comparing
from conformance.report import status
from conformance.report.github import tell_github
from conformance.report.terminal import print_summary
from conformance.report.write import prepare, read, write
from conformance.session.course import Course
from conformance.session.selection import Selection
from spec import Contract


@click.command()
@with_profile
@option("reports", type=FILE, default=Path("reports/latest"), show_default=True, help="The folder for the report.")
@with_selection
@with_course
@click.option("--dry-run", is_flag=True, help="Only list what would be sent, with its pages, and send nothing.")
@option("quiet", "-q", is_flag=True, help="Do not show how the run gets on.")
@option("baseline", type=FILE, help="A report.json, or its folder: only what is worse than there fails.")
@option("strict", is_flag=True, help="Rules that web standards imply gate as well.")
@option("allow-unverified", is_flag=True, help="Exit 0 although stated rules stayed unverified.")
@with_contract
def run(
    profile: Profile,
    contract: Contract,
    selection: Selection,
    course: Course,
    reports: Path,
    dry_run: bool,
    quiet: bool,
    baseline: Path | None,
    strict: bool,
    allow_unverified: bool,
) -> None:
    """Judge a deployment and write a report.

    Exit status: 0 every stated rule passed, 1 a rule failed, 2 nothing was judged, 3 stated rules stayed unverified,
    4 the run itself broke. With --baseline only what is worse than there makes it 1, 3 or 4. With --dry-run nothing is
    judged, and it is 0 if a run could begin.
    """
    terminal, redactor = Terminal(soft_wrap=True), Redactor(profile.secrets)
    if dry_run:
        with told_in_one_line(redactor):
            _print_plan(terminal, contract, profile, selection, course)
        return
    from conformance.judge import judge  # What judges takes a while to import, and a wrong call is told at once.

    end_as_by_ctrl_c()
    with told_in_one_line(redactor):
        # It may lie in the folder that is emptied now.
        before = comparing.whole(read(baseline), f"--baseline {baseline}") if baseline else None
        prepare(reports)
        terminal.print(f"Judging {redactor.text(profile.base_url)}\n", markup=False)
        with shown(terminal, contract, quiet=quiet) as progress:
            judgement = judge(
                contract, profile, selection, strict=strict, course=course, redactor=redactor, progress=progress
            )
        path = write(reports, judgement.report, judgement.beside)
    print_summary(terminal, judgement.report, path)
    for line in tell_github(judgement.report, os.environ):
        terminal.print(line, markup=False)
    if before is None:
        sys.exit(status.exit_status(judgement.report, allow_unverified=allow_unverified))
    found = comparing.changes(before, judgement.report)
    terminal.print()
    print_changes(terminal, before, judgement.report, found)
    sys.exit(comparing.compared_status(judgement.report, found, allow_unverified=allow_unverified))


def _print_plan(console: Console, contract: Contract, profile: Profile, selection: Selection, course: Course) -> None:
    from conformance.commands.dry_run import print_plan
    from conformance.session.collecting import collect
    from conformance.session.plan import planned
    from conformance.session.preflight import check_promises

    check_promises(contract, profile)
    rules = selection.of(contract)
    tests = collect(contract, course, rules, with_questions=selection.is_whole)
    print_plan(console, contract, profile, planned(contract, profile, rules, tests))
