"""Findings → report: a verdict for every selected rule, whether a test looked at it or not."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from conformance.profile.known import KnownFailure
from conformance.report.alike import steady
from conformance.report.evidence import evidence
from conformance.report.steps import told
from conformance.report.timing import Timing
from conformance.report.view import is_excused, is_mended
from conformance.session.run import Run
from conformance.verdicts.checks import Check, Verdict
from spec import Question, Rule
from spec.version import __version__

SCHEMA_VERSION = 1
MOST_REASONS = 5
UNTESTED: tuple[Verdict, str] = ("unverified", "no test of the suite looked at it")
LEFT_OUT = "the selection leaves it out: only a run of all rules looks at it"
NOT_REACHED: tuple[Verdict, str] = ("error", "the run was interrupted before a test looked at it")


def build_report(run: Run, selected: Iterable[str], timing: Timing, *, whole: bool, strict: bool) -> dict[str, Any]:
    """The report as JSON values, without secrets. `whole` says that every rule was selected."""
    profile, redact = run.target.profile, run.target.redactor.text
    known = {failure.rule: known_row(failure, timing.day, redact) for failure in profile.known_failures}
    rules = [_rule_row(run, run.contract.rules[rule], known.get(rule)) for rule in selected]
    asked = [name for name in run.contract.questions if whole or name in profile.elections]
    questions = [_question_row(run, run.contract.questions[name], whole=whole) for name in asked]
    # A selection may leave a promise out. What it saw of one in passing counts all the same.
    judged = [row for row in questions if whole or row["verdict"] != "unverified"]
    return {
        "schemaVersion": SCHEMA_VERSION,
        "suiteVersion": __version__,
        "target": {
            "name": redact(profile.name),
            "baseUrl": redact(profile.base_url),
            "profile": profile.path and redact(profile.path),
        },
        "course": {
            "seed": run.course.seed,
            "examples": run.course.examples,
            "shuffled": run.course.shuffled,
            "processes": run.course.processes,
        },
        "strict": strict,
        "whole": whole,
        "verdict": overall(rules, judged, _faults(run), strict=strict),
        "faults": _faults(run),
        "sections": _sections(run, rules),
        "rules": rules,
        "errors": _errors(run),
        "questions": questions,
        "requests": run.target.client.requests,
        "pagesSpent": run.target.client.pages_spent,
        "seconds": timing.seconds,
        "timing": timing.apart,
    }


def _errors(run: Run) -> list[dict[str, Any]]:
    """Each documented error, and how often it was seen where it was due: one that never was is worth a look."""
    seen = run.findings.codes
    errors = run.contract.errors.values()
    return [{"status": error.status, "code": error.code, "seen": seen[error.code]} for error in errors]


def _sections(run: Run, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sections of the documentation that have rules in the report, in its order."""
    used = {row["section"] for row in rules}
    return [{"id": section.id, "title": section.title} for section in run.contract.sections if section.id in used]


def overall(
    rules: list[dict[str, Any]], questions: list[dict[str, Any]], faults: list[str], *, strict: bool
) -> Verdict:
    """The verdict of a run: the worst one among the rules that gate, the elections, and the suite's own faults."""
    verdicts = [row["verdict"] for row in rules if (strict or row["strength"] == "stated") and not is_excused(row)]
    verdicts += [row["verdict"] for row in questions if row["elected"] is not None]
    if "failed" in verdicts or any(is_mended(row) for row in rules):
        return "failed"
    if faults or "error" in [*verdicts, *(row["verdict"] for row in rules)]:
        return "error"
    if "unverified" in verdicts or not verdicts:
        return "unverified"
    return "passed"


def _faults(run: Run) -> list[str]:
    """What went wrong with the run as a whole, and is no rule's matter."""
    errors = (check for check in run.findings.checks if check.verdict == "error")
    apart = (check for check in errors if not (run.lost and run.lost in check.reason))
    of_questions = [f"{check.test}: {check.reason}" for check in apart if check.rule not in run.contract.rules]
    interrupted = ["the run was interrupted"] if run.findings.interrupted else []
    lost = [f"{run.lost}, and nothing was judged from then on"] if run.lost else []
    return [run.target.redactor.text(fault) for fault in (*interrupted, *lost, *run.findings.faults, *of_questions)]


def known_row(failure: KnownFailure, day: date, redact: Callable[[str], str]) -> dict[str, Any]:
    """What the profile says of a rule that is known to fail, on that day."""
    return {
        "reason": redact(failure.reason),
        "expires": failure.expires.isoformat(),
        "expired": failure.expires < day,
    }


def _rule_row(run: Run, rule: Rule, known: dict[str, Any] | None) -> dict[str, Any]:
    redact = run.target.redactor.text
    checks = [_redacted(check, redact) for check in run.findings.of(rule.id)]
    verdict, reason = rule_verdict(checks, absent=NOT_REACHED if run.findings.interrupted else UNTESTED)
    shown = next((check for check in checks if check.verdict == "failed"), None)
    return {
        "id": rule.id,
        "section": rule.section,
        "strength": rule.strength,
        "sentence": rule.sentence,
        "source": rule.source,
        "needs": list(rule.needs),
        "verdict": verdict,
        "reason": reason,
        "known": known,
        "tests": [_test_row(check) for check in checks],
        "evidence": _evidence(run, shown),
    }


def _evidence(run: Run, shown: Check | None) -> dict[str, Any] | None:
    """The exchange that shows a failure, and how the test came to it."""
    if shown is None or shown.request is None:
        return None
    redact = run.target.redactor.text
    steps = told(shown.steps, run.contract.errors, redact)
    return evidence(shown.request, shown.answer, redact, steps=steps)


def _redacted(check: Check, redact: Callable[[str], str]) -> Check:
    """The same check; what came from the target, or quotes it, without secrets."""
    return replace(
        check,
        reason=redact(check.reason),
        expected=check.expected and redact(check.expected),
        got=check.got and redact(check.got),
    )


def rule_verdict(checks: list[Check], *, absent: tuple[Verdict, str] = UNTESTED) -> tuple[Verdict, str]:
    """The verdict over the tests of one rule. One that could look suffices; what the others lacked is the reason."""
    order: tuple[Verdict, ...] = ("failed", "error", "passed", "unverified")
    verdict = next((verdict for verdict in order if any(check.verdict == verdict for check in checks)), None)
    if verdict is None:
        return absent
    reasons = [check.reason for check in checks if check.reason and check.verdict == verdict]
    if verdict == "passed":
        reasons = [f"in part: {check.reason}" for check in checks if check.verdict == "unverified"]
    return verdict, "; ".join(_different(reasons))


def _different(reasons: Iterable[str]) -> list[str]:
    """The first of those that say the same but for the names of tasks; of many, as many as a person reads."""
    different: dict[str, str] = {}
    for reason in reasons:
        different.setdefault(steady(reason), reason)
    more = len(different) - MOST_REASONS
    return [*list(different.values())[:MOST_REASONS], *([f"and {more} more"] if more > 0 else [])]


def _test_row(check: Check) -> dict[str, Any]:
    return {
        "name": check.test,
        "verdict": check.verdict,
        "reason": check.reason,
        "expected": check.expected,
        "got": check.got,
    }


def _question_row(run: Run, question: Question, *, whole: bool) -> dict[str, Any]:
    readings = run.findings.readings.get(question.id, [])
    elected = run.target.profile.elections.get(question.id)
    return {
        "id": question.id,
        "text": question.text,
        "reading": run.target.redactor.text(", ".join(sorted(readings))) or None,
        "meaning": "; ".join(question.readings[name] for name in sorted(readings) if name in question.readings) or None,
        "elected": elected,
        "verdict": _election_verdict(readings, elected),
        "reason": "" if readings else run.target.redactor.text(_unseen(run, question) if whole else LEFT_OUT),
    }


def _election_verdict(readings: list[str], elected: str | None) -> Verdict:
    """A question passes or fails only where a reading was promised."""
    if elected is None or not readings:
        return "unverified"
    return "passed" if readings == [elected] else "failed"


def _unseen(run: Run, question: Question) -> str:
    reasons = [check.reason for check in run.findings.of(question.id) if check.reason]
    return question.unseen or "; ".join(dict.fromkeys(reasons)) or "not seen in this run"
