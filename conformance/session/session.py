"""The tests of a run in one session of pytest, until all of them have ended or somebody ends the run."""

from collections.abc import Iterable

import pytest

from conformance.session.collecting import Collecting
from conformance.session.declared import Declared
from conformance.session.plugin import ConformancePlugin
from conformance.session.progress import Progress
from conformance.session.run import Run
from conformance.session.undisturbed import run_pytest
from conformance.verdicts.checks import Check, Findings
from conformance.wire.hooks import ACCOUNTS

BROKEN = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)


def run_tests(run: Run, collected: Collecting, progress: Progress, *plugins: object) -> None:
    """Let pytest run the tests. A failure is shrunk where that costs nobody a page."""
    judging = ConformancePlugin(run, collected, progress)
    status = run_pytest([collected, judging, *plugins], run.course, shrink=run.target.offers(ACCOUNTS))
    run.findings.faults.extend(collected.problems)
    if status in BROKEN and not run.findings.interrupted:
        run.findings.faults.append(f"pytest ended with {pytest.ExitCode(status).name}")


def complete(findings: Findings, tests: Iterable[Declared]) -> None:
    """Put the checks into order, and add to them what did not come to its end: that is not the whole of its rules."""
    why = "the run was interrupted before it ended" if findings.interrupted else "the run broke before it ended"
    for test in tests:
        if test.place not in findings.ended and not test.is_question:
            findings.checks.extend(
                Check(rule=rule, test=test.name, place=test.place, verdict="error", reason=why)
                for rule in test.subjects
            )
    findings.sort()
