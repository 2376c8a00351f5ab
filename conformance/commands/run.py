"""`startocr-conformance run`: judges a deployment and ends with a status that pipelines obey."""

import os
import signal
import sys
from pathlib import Path

import click
from rich.console import Console

from conformance.collecting import collect
from conformance.commands.dry_run import print_plan
from conformance.commands.ending import told_in_one_line
from conformance.commands.options import FILE, option, with_contract, with_course, with_profile, with_selection
from conformance.course import Course
from conformance.judge import judge
from conformance.plan import planned
from conformance.preflight import check_elections
from conformance.profile import Profile
from conformance.report import status
from conformance.report.github import tell_github
from conformance.report.terminal import print_summary
from conformance.report.view import Report
from conformance.report.write import prepare, write
from conformance.selection import Selection
from spec import Contract


@click.command()
@with_profile
@option("reports", type=FILE, default=Path("reports/latest"), show_default=True, help="The folder for the report.")
@with_selection
@with_course
@click.option("--dry-run", is_flag=True, help="Only list what would be sent, with its pages, and send nothing.")
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
    strict: bool,
    allow_unverified: bool,
) -> None:
    """Judge a deployment and write a report.

    Exit status: 0 every stated rule passed, 1 a rule failed, 2 nothing was judged, 3 stated rules stayed unverified,
    4 the run itself broke. With --dry-run nothing is judged, and the status is 0 if a run could begin.
    """
    console = Console(highlight=False, soft_wrap=True)
    if dry_run:
        with told_in_one_line():
            _print_plan(console, contract, profile, selection, course)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Whoever ends a run gets the report of what was seen.
    with told_in_one_line():
        prepare(reports)
        console.print(f"Judging {profile.base_url}\n", markup=False)
        judgement = judge(contract, profile, selection, strict=strict, course=course)
        path = write(reports, judgement.report, judgement.beside)
    _show(console, judgement.report, path)
    sys.exit(status.exit_status(judgement.report, allow_unverified=allow_unverified))


def _print_plan(console: Console, contract: Contract, profile: Profile, selection: Selection, course: Course) -> None:
    check_elections(contract, profile)
    rules = selection.of(contract)
    tests = collect(contract, course, rules, with_questions=selection.is_whole)
    print_plan(console, contract, profile, planned(contract, profile, rules, tests))


def _show(console: Console, report: Report, path: Path) -> None:
    """Print the summary; a reader who has seen enough, as in `| head`, changes no status."""
    try:
        print_summary(console, report, path)
        for line in tell_github(report, os.environ):
            click.echo(line)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
