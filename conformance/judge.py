"""Runs the suite against one target: wire it up, preflight, control, tests, control, report."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from conformance.profile.profile import Profile
from conformance.redaction import Redactor
from conformance.report.build import build_report
from conformance.report.curl import bodies_apart
from conformance.report.har import har
from conformance.report.timing import timed
from conformance.session.collecting import Collecting
from conformance.session.course import Course
from conformance.session.preflight import preflight
from conformance.session.processes import run_in_processes
from conformance.session.progress import Progress
from conformance.session.run import Run, prepared
from conformance.session.selection import Selection
from conformance.session.session import complete, run_tests
from conformance.session.worker import assigned
from conformance.wire.hooks import ACCOUNTS
from conformance.wire.traffic import Traffic
from spec import Contract


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The report of a run as JSON values, and the long request bodies that its curl lines send, by name; without
    secrets. What was `heard` of its traffic may have some, which `redactor` knows."""

    report: dict[str, Any]
    bodies: dict[str, bytes]
    heard: Traffic = field(repr=False)
    redactor: Redactor = field(repr=False)

    @cached_property
    def traffic(self) -> bytes:
        """All traffic as a HAR file, without secrets; not everybody reads it."""
        return har(self.heard, self.redactor)

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
    progress: Progress | None = None,
) -> Judgement:
    """Judge a deployment. Raises PreflightError or EmptySelectionError where nothing can be judged.

    `redactor` comes to know every secret of the run; `progress` is told how it gets on.
    """
    chosen = selection or Selection()
    selected = chosen.of(contract)
    started, clock, traffic = datetime.now(UTC), time.monotonic(), Traffic()
    run = prepared(contract, profile, course or Course(), traffic, redactor)
    with closing(run.target.client):
        with _until_interrupted(run):
            preflight(run.target)
            run.open()
            _judge(run, selected, chosen.is_whole, traffic, progress or Progress())
        with _until_interrupted(run):
            run.close()
    timing = timed(started, time.monotonic() - clock, run.findings, traffic)
    report = build_report(run, selected, timing, whole=chosen.is_whole, strict=strict)
    bodies = bodies_apart(run.findings, run.target.redactor)
    return Judgement(report=report, bodies=bodies, heard=traffic, redactor=run.target.redactor)


def _judge(run: Run, rules: list[str], with_questions: bool, traffic: Traffic, progress: Progress) -> None:
    """Run the tests, in several processes if that was asked for and no two tests share an account."""
    if run.course.processes > 1 and run.target.offers(ACCOUNTS):
        assignment = assigned(run, tuple(rules), with_questions=with_questions)
        complete(run.findings, run_in_processes(run, assignment, traffic, progress))
        return
    if run.course.processes > 1:
        progress.note("All tests share the account of keys.valid, so they run in one process.")
    collected = Collecting(run.contract, run.course, rules, with_questions=with_questions)
    run_tests(run, collected, progress)
    complete(run.findings, collected.tests.values())


@contextmanager
def _until_interrupted(run: Run) -> Iterator[None]:
    """What is found out until somebody ends the run is reported all the same."""
    try:
        yield
    except KeyboardInterrupt:
        run.findings.interrupted = True
