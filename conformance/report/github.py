"""What a GitHub workflow is told besides the exit status: an annotation for each failure, and the step summary.

Only where GitHub says that it is there, by `GITHUB_ACTIONS` and `GITHUB_STEP_SUMMARY`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from conformance.report.summary import summary
from conformance.report.view import (
    Report,
    broken_elections,
    gates,
    mended,
    told_of_election,
    told_of_mended,
    with_verdict,
)


def tell_github(report: Report, environment: Mapping[str, str]) -> Iterator[str]:
    """The lines to print; the step summary is appended to the file that the runner names."""
    if environment.get("GITHUB_ACTIONS") != "true":
        return
    yield from annotations(report)
    if file := environment.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(file).open("a", encoding="utf-8") as steps:
                steps.write(summary(report))
        except OSError as problem:
            yield _command("warning", "no step summary", f"{file} cannot be written: {problem.strerror}")


def annotations(report: Report) -> Iterator[str]:
    """A workflow command for each failure: errors for what fails the run, warnings for what does not gate."""
    for rule in with_verdict(report, "failed", "error"):
        level = "error" if gates(report, rule) or rule["verdict"] == "error" else "warning"
        yield _command(level, f"{rule['id']} {rule['verdict']}", f"{rule['sentence']}\n{rule['reason']}")
    for rule in mended(report):
        yield _command("error", f"{rule['id']} is mended", told_of_mended(rule))
    for question in broken_elections(report):
        yield _command("error", f"{question['id']} failed", told_of_election(question))
    for fault in report["faults"]:
        yield _command("error", "the run itself broke", fault)


def _command(level: str, title: str, message: str) -> str:
    name = _data(f"StartOCR: {title}").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} title={name}::{_data(message)}"


def _data(value: str) -> str:
    """Escaped so that no line of a server is taken for a command of its own."""
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
