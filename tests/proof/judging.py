"""Judges one subject, a defective server or a variant. What the suite finds there comes out as a small value."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.judge import judge
from conformance.session.course import Course
from conformance.session.selection import Selection
from spec import load_contract
from tests.defects.catalogue import DEFECTS, Defect
from tests.servers import reference, served, small_contract
from tests.variants.catalogue import VARIANTS, Variant

NOT_JUDGED = "not judged"


@dataclass(frozen=True, kw_only=True)
class Unshrunk(Course):
    """A course that looks for no simpler example of a failure: nobody reads it here, and it takes most of the time.

    Nor does it delete the accounts of a server that ends with the run: a fifth of all requests are creating them, a
    fifth deleting them.
    """

    tidy: bool = False

    def register(self, *, shrink: bool) -> str:
        return super().register(shrink=False)


@dataclass(frozen=True, kw_only=True)
class Job:
    """The name of a defect or a variant, and the run against it: usually of all rules."""

    subject: str
    course: Course = field(default_factory=Unshrunk)
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run of the suite came to. `failed` and `errors`: why, by rule; `readings`: by question.

    `killers`: the tests of the suite that failed, by rule, whose names tell their parameters.
    """

    subject: str
    verdict: str
    failed: Mapping[str, str]
    errors: Mapping[str, str]
    killers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unverified: tuple[str, ...] = ()
    without_evidence: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    readings: Mapping[str, str]
    requests: int = 0
    pages: int = 0
    seconds: float = 0.0

    @property
    def seen(self) -> tuple[object, ...]:
        """All that two runs against the same server must agree in."""
        by_rule = (tuple(sorted(rules)) for rules in (self.failed, self.errors, self.unverified))
        return self.verdict, *by_rule, self.faults, tuple(sorted(self.readings.items()))


def quick(name: str) -> Job:
    """A run against a defective server that looks only at the sections of the rules that are to fail."""
    rules = load_contract().rules
    sections = tuple(sorted({rules[rule].section for rule in DEFECTS[name].blamed}))
    return Job(subject=name, selection=Selection(sections=sections))


def judged(job: Job) -> Outcome:
    """The outcome of a run of the suite, where everything gates."""
    logging.disable(logging.CRITICAL)  # What defective servers log is of no interest.
    try:
        report = _against_defect(job) if job.subject in DEFECTS else _against_variant(job)
    except Exception as problem:  # One server that cannot be judged is not to end the others.
        fault = f"{type(problem).__name__}: {problem}"
        return Outcome(subject=job.subject, verdict=NOT_JUDGED, failed={}, errors={}, readings={}, faults=(fault,))
    return outcome(job.subject, report)


def _against_defect(job: Job) -> dict[str, Any]:
    contract, defect = small_contract(), DEFECTS[job.subject]
    with served(defect.change(reference(contract)), defect.wrap) as profile:
        return judge(contract, profile, job.selection, strict=True, course=job.course).report


def _against_variant(job: Job) -> dict[str, Any]:
    contract, variant = small_contract(), VARIANTS[job.subject]
    server = variant.change(reference(contract))
    with served(server, variant.wrap) as profile, variant.way(profile.base_url) as url:
        told = variant.tell(server, replace(profile, base_url=url))
        return judge(contract, told, job.selection, strict=True, course=job.course).report


def outcome(subject: str, report: Mapping[str, Any]) -> Outcome:
    """What matters of a report."""

    def reasons(verdict: str) -> dict[str, str]:
        return {rule["id"]: rule["reason"] for rule in report["rules"] if rule["verdict"] == verdict}

    return Outcome(
        subject=subject,
        verdict=report["verdict"],
        failed=reasons("failed"),
        errors=reasons("error"),
        killers={rule: _killers(report, rule) for rule in reasons("failed")},
        unverified=tuple(reasons("unverified")),
        without_evidence=tuple(rule for rule in reasons("failed") if not _evidence(report, rule)),
        faults=tuple(report["faults"]),
        readings={row["id"]: row["reading"] for row in report["questions"] if row["reading"]},
        requests=report["requests"],
        pages=report["pagesSpent"],
        seconds=report["seconds"],
    )


def _killers(report: Mapping[str, Any], rule: str) -> tuple[str, ...]:
    row = next(row for row in report["rules"] if row["id"] == rule)
    return tuple(sorted(test["name"] for test in row["tests"] if test["verdict"] == "failed"))


def _evidence(report: Mapping[str, Any], rule: str) -> object:
    return next(row["evidence"] for row in report["rules"] if row["id"] == rule)


def wrong_with_defect(defect: Defect, outcome: Outcome) -> list[str]:
    """What the suite did wrong about a defective server, a sentence each."""
    failed = set(outcome.failed)
    return [
        *([f"{defect.name}: {defect.rule} did not fail ({outcome.verdict})"] if defect.rule not in failed else []),
        *(f"{defect.name}: {rule} fails with it: {outcome.failed[rule]}" for rule in sorted(failed - defect.blamed)),
        *(f"{defect.name}: {rule} was to fail with it" for rule in sorted(defect.besides.keys() - failed)),
        *(f"{defect.name}: {rule} fails without an exchange that shows it" for rule in outcome.without_evidence),
        *_broken(outcome),
    ]


def wrong_with_variant(variant: Variant, outcome: Outcome) -> list[str]:
    """What the suite did wrong about a conforming server, a sentence each."""
    misread = (
        f"{variant.name}: {question} was read as {outcome.readings.get(question, 'nothing')}, not as {reading}"
        for question, reading in variant.readings.items()
        if outcome.readings.get(question) != (None if question in variant.unseen else reading)
    )
    accused = (f"{variant.name}: {rule} fails: {reason}" for rule, reason in outcome.failed.items())
    return [*accused, *misread, *_broken(outcome)]


def _broken(outcome: Outcome) -> list[str]:
    """What the suite takes for a fault of its own or of the network."""
    return [
        *(f"{outcome.subject}: {rule} ends in an error: {reason}" for rule, reason in outcome.errors.items()),
        *(f"{outcome.subject}: {fault}" for fault in outcome.faults),
    ]
