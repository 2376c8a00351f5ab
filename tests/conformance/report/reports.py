"""Reports made by hand, for the tests of what is rendered from them."""

from typing import Any

from conformance.report.build import SCHEMA_VERSION, overall
from conformance.report.view import Report, Row

CURL = 'curl -i -X POST http://localhost:1/api/ocr -H "Authorization: Bearer $STARTOCR_API_KEY"'
SECTIONS = [{"id": "authentication", "title": "Authentication"}, {"id": "billing", "title": "Billing"}]


def a_test(verdict: str, *, name: str = "test_refuses", reason: str = "why", got: str = "200 {}") -> Row:
    """A test of a rule; one that failed has an expectation."""
    failed = verdict == "failed"
    return {
        "name": name,
        "verdict": verdict,
        "reason": "" if verdict == "passed" else reason,
        "expected": "status 401" if failed else None,
        "got": got if failed else None,
    }


def a_rule(
    name: str, verdict: str = "passed", *, strength: str = "stated", reason: str = "why", got: str = "200 {}"
) -> Row:
    """A rule with one test; one that failed has an exchange."""
    return {
        "id": name,
        "section": "billing" if name.startswith("billing") else "authentication",
        "strength": strength,
        "sentence": f"This is promised by `{name}`.",
        "source": "RFC 9110 section 11.6.1" if strength == "standard" else None,
        "needs": [],
        "verdict": verdict,
        "reason": "" if verdict == "passed" else reason,
        "known": None,
        "tests": [a_test(verdict, reason=reason, got=got)],
        "evidence": an_exchange() if verdict == "failed" else None,
    }


def known(rule: Row, *, expired: bool = False) -> Row:
    """The same rule, which the profile knows to fail."""
    return {**rule, "known": {"reason": "ticket 12", "expires": "2027-01-31", "expired": expired}}


def an_exchange() -> Row:
    body = {"bytes": 2, "sha256": "0" * 64, "text": "{}"}
    return {
        "request": {
            "method": "POST",
            "url": "http://localhost:1/api/ocr",
            "headers": {"Content-Type": "application/json"},
            "chunked": False,
            **body,
        },
        "response": {"status": 200, "headers": {"content-type": "application/json"}, **body},
        "curl": CURL,
        "difference": [{"part": "header Authorization", "control": "Bearer $STARTOCR_API_KEY", "request": None}],
    }


def a_question(reading: str | None = "200", *, elected: str | None = None, verdict: str = "unverified") -> Row:
    return {
        "id": "success_status",
        "text": "Which status does an accepted submission have?",
        "reading": reading,
        "meaning": "200 OK" if reading == "200" else None,
        "elected": elected,
        "verdict": verdict,
        "reason": "" if reading else "not seen in this run",
    }


def a_report(*rules: Row, **changes: Any) -> Report:
    """The report of a run that found these rules out, with other members as given."""
    strict, faults = changes.get("strict", False), changes.get("faults", [])
    questions = changes.get("questions", [])
    used = {rule["section"] for rule in rules}
    report = {
        "schemaVersion": SCHEMA_VERSION,
        "suiteVersion": "1.2.3",
        "target": {"name": "staging", "baseUrl": "http://localhost:1", "profile": "staging.yaml"},
        "course": {"seed": 1, "examples": 8, "shuffled": False, "processes": 1},
        "strict": strict,
        "whole": True,
        "verdict": overall(list(rules), questions, faults, strict=strict),
        "faults": faults,
        "errors": [],
        "sections": [section for section in SECTIONS if section["id"] in used],
        "rules": list(rules),
        "questions": questions,
        "requests": 12,
        "pagesSpent": 3,
        "seconds": 1.5,
        "timing": {
            "startedAt": "2026-01-02T03:04:05+00:00",
            "tests": {rule["id"]: {"test_refuses": 0.25} for rule in rules},
            "latency": {"accepted submission": {"count": 3, "median": 0.002, "p95": 0.01, "max": 0.02}},
        },
    }
    return {**report, **changes}
