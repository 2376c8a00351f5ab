"""Runs the suite against one target: wire it up, preflight, control, tests, control, report."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from conformance.client import Client
from conformance.collecting import Collecting
from conformance.course import Course
from conformance.hooks import ACCOUNTS
from conformance.plugin import ConformancePlugin
from conformance.preflight import preflight
from conformance.profile import Profile
from conformance.redaction import Redactor
from conformance.report.build import build_report
from conformance.report.curl import bodies_apart
from conformance.report.har import har
from conformance.report.timing import timed
from conformance.run import Run
from conformance.selection import Selection
from conformance.target import wire
from conformance.traffic import Traffic
from conformance.undisturbed import run_pytest
from spec import Contract

SLOWEST_ANSWER = 30.0


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The report of a run as JSON values, the long request bodies that its curl lines send, by name, and all traffic as
    a HAR file; without secrets."""

    report: dict[str, Any]
    bodies: dict[str, bytes]
    traffic: bytes

    @property
    def beside(self) -> dict[str, bytes]:
        """The files that belong beside the report and cannot be rendered from it, by name."""
        return {**self.bodies, "traffic.har": self.traffic}


def judge(
    contract: Contract,
    profile: Profile,
    selection: Selection | None = None,
    *,
    strict: bool = False,
    course: Course | None = None,
    redactor: Redactor | None = None,
) -> Judgement:
    """Judge a deployment. Raises PreflightError or EmptySelectionError where nothing can be judged.

    `redactor` comes to know every secret of the run.
    """
    chosen = selection or Selection()
    selected = chosen.of(contract)
    started, clock, traffic = datetime.now(UTC), time.monotonic(), Traffic()
    slowest = max(SLOWEST_ANSWER, profile.task_seconds)
    with closing(Client(profile.spend, seconds=slowest, redactor=redactor, listen=traffic.record)) as client:
        run = Run(target=wire(contract, profile, client), course=course or Course())
        with _until_interrupted(run):
            preflight(run.target)
            run.open()
            _judge(run, Collecting(contract, run.course, selected, with_questions=chosen.is_whole))
        with _until_interrupted(run):
            run.close()
    timing = timed(started, time.monotonic() - clock, run.findings, traffic)
    report = build_report(run, selected, timing, whole=chosen.is_whole, strict=strict)
    recorded = har(traffic, run.target.redactor)
    bodies = bodies_apart(run.findings, run.target.redactor)
    return Judgement(report=report, bodies=bodies, traffic=recorded)


def _judge(run: Run, collected: Collecting) -> None:
    """Let pytest run the tests. A failure is shrunk where that costs nobody a page."""
    plugins = [collected, ConformancePlugin(run, collected)]
    status = run_pytest(plugins, run.course, shrink=run.target.offers(ACCOUNTS))
    run.findings.sort()
    run.findings.faults.extend(collected.problems)
    broken = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)
    if status in broken and not run.findings.interrupted:
        run.findings.faults.append(f"pytest ended with {pytest.ExitCode(status).name}")


@contextmanager
def _until_interrupted(run: Run) -> Iterator[None]:
    """What is found out until somebody ends the run is reported all the same."""
    try:
        yield
    except KeyboardInterrupt:
        run.findings.interrupted = True
