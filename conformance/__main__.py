"""The command line: `startocr-conformance run` judges a deployment and ends with a status that pipelines obey."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console

from conformance.judge import judge
from conformance.preflight import PreflightError
from conformance.profile import Profile, profile_from_file, profile_from_url
from conformance.profile_yaml import ProfileError
from conformance.report import status
from conformance.report.github import tell_github
from conformance.report.terminal import print_summary
from conformance.report.view import Report
from conformance.report.write import ReportError, prepare, write
from conformance.selection import EmptySelectionError, Selection
from spec import SpecError, load_contract
from spec.contract import OPENAPI
from spec.version import __version__

FILE = click.Path(path_type=Path)
PREFIX = "STARTOCR_CONFORMANCE"


class NotJudged(click.ClickException):
    """Nothing was judged: one line says why."""

    exit_code = status.NOT_JUDGED


class Broken(click.ClickException):
    """The suite itself broke, or was interrupted."""

    exit_code = status.BROKEN


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="startocr-conformance %(version)s")
def main() -> None:
    """Judge, rule by rule, whether a deployment of the StartOCR HTTP API does what its documentation says."""


@main.command()
@click.option("--target", type=FILE, envvar=f"{PREFIX}_TARGET", help="The target profile, a YAML file.")
@click.option(
    "--base-url", envvar=f"{PREFIX}_BASE_URL", help="A deployment without a profile; STARTOCR_API_KEY is its key."
)
@click.option(
    "--reports",
    type=FILE,
    envvar=f"{PREFIX}_REPORTS",
    default=Path("reports/latest"),
    show_default=True,
    help="The folder for the report.",
)
@click.option(
    "--rules", multiple=True, envvar=f"{PREFIX}_RULES", help="Judge only these rules, e.g. 'auth.*,billing.*'."
)
@click.option(
    "--section",
    "sections",
    multiple=True,
    envvar=f"{PREFIX}_SECTION",
    help="Judge only this section of the documentation, e.g. authentication.",
)
@click.option("--strict", is_flag=True, envvar=f"{PREFIX}_STRICT", help="Rules that web standards imply gate as well.")
@click.option(
    "--allow-unverified",
    is_flag=True,
    envvar=f"{PREFIX}_ALLOW_UNVERIFIED",
    help="Exit 0 although stated rules stayed unverified.",
)
@click.option(
    "--spec", type=FILE, envvar=f"{PREFIX}_SPEC", default=OPENAPI, help="Another OpenAPI document of this project."
)
def run(
    target: Path | None,
    base_url: str | None,
    reports: Path,
    rules: tuple[str, ...],
    sections: tuple[str, ...],
    strict: bool,
    allow_unverified: bool,
    spec: Path,
) -> None:
    """Judge a deployment and write a report.

    Exit status: 0 every stated rule passed, 1 a rule failed, 2 nothing was judged, 3 stated rules stayed unverified,
    4 the run itself broke.
    """
    selection = Selection(rules=_split(rules), sections=_split(sections))
    console = Console(highlight=False, soft_wrap=True)
    try:
        contract = load_contract(spec)
        profile = _profile(target, base_url)
        prepare(reports)
        console.print(f"Judging {profile.base_url}\n", markup=False)
        judgement = judge(contract, profile, selection, strict=strict)
        path = write(reports, judgement.report, judgement.beside)
    except (ProfileError, EmptySelectionError, PreflightError, ReportError, SpecError) as problem:
        raise NotJudged(str(problem)) from problem
    except click.ClickException:
        raise
    except KeyboardInterrupt as problem:
        raise Broken("the run was interrupted, and nothing was written") from problem
    except Exception as problem:
        raise Broken(f"the suite itself broke, please report it: {type(problem).__name__}: {problem}") from problem
    _show(console, judgement.report, path)
    sys.exit(status.exit_status(judgement.report, allow_unverified=allow_unverified))


def _show(console: Console, report: Report, path: Path) -> None:
    """Print the summary; a reader who has seen enough, as in `| head`, changes no status."""
    try:
        print_summary(console, report, path)
        for line in tell_github(report, os.environ):
            click.echo(line)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _profile(target: Path | None, base_url: str | None) -> Profile:
    if (target is None) == (base_url is None):
        raise click.UsageError("say what to judge: either --target FILE or --base-url URL")
    return profile_from_file(target) if target else profile_from_url(base_url or "")


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(","))


if __name__ == "__main__":
    main(prog_name="python -m conformance")
