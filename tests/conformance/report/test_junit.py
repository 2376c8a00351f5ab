"""junit.xml is as Jenkins and a well-kept parser read it, and is red exactly where the run is."""

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from conformance.report.junit import junit
from conformance.report.view import Report
from tests.conformance.report.reports import CURL, a_question, a_report, a_rule

JENKINS = xmlschema.XMLSchema10(Path(__file__).with_name("junit-10.xsd"))
EVERY_VERDICT = [
    a_rule("auth.good"),
    a_rule("auth.bad", "failed", reason="expected status 401; got 200 {}"),
    a_rule("auth.lax", "failed", strength="standard", reason="no challenge"),
    a_rule("auth.unseen", "unverified", reason="needs keys.valid"),
    a_rule("billing.broken", "error", reason="no answer"),
]


def cases(report: Report) -> dict[str, TestCase]:
    """The cases of a report by name, as junitparser reads them."""
    suites = JUnitXml.fromstring(junit(report))
    return {case.name: case for suite in suites for case in suite if isinstance(suite, TestSuite)}


def ending(case: TestCase) -> tuple[type, str | None, str | None] | None:
    """How a case ended: the element, its type and its message; None if it passed."""
    results = case.result
    assert len(results) <= 1
    return (type(results[0]), results[0].type, results[0].message) if results else None


@pytest.mark.parametrize("strict", [False, True])
def test_each_verdict_has_the_element_that_means_it(strict: bool) -> None:
    found = cases(a_report(*EVERY_VERDICT, strict=strict))
    lax = (Failure, "Nonconformance", "no challenge")
    assert {name: ending(case) for name, case in found.items()} == {
        "auth.good": None,
        "auth.bad": (Failure, "Nonconformance", "expected status 401; got 200 {}"),
        "auth.lax": lax if strict else (Skipped, "does not gate", "failed, but gates only with --strict: no challenge"),
        "auth.unseen": (Skipped, "unverified", "needs keys.valid"),
        "billing.broken": (Error, "error", "no answer"),
    }


def test_sections_are_suites_and_their_counts_add_up() -> None:
    suites = JUnitXml.fromstring(junit(a_report(*EVERY_VERDICT)))
    told = [(s.name, s.tests, s.failures, s.errors, s.skipped, s.time, s.timestamp) for s in suites]
    start = "2026-01-02T03:04:05+00:00"
    assert told == [("Authentication", 4, 1, 0, 2, 1.0, start), ("Billing", 1, 0, 1, 0, 0.25, start)]
    assert (suites.tests, suites.failures, suites.errors, suites.time) == (5, 1, 1, 1.5)
    properties = ET.fromstring(junit(a_report(*EVERY_VERDICT))).iterfind("testsuite[1]/properties/property")  # noqa: S314
    assert {found.get("name"): found.get("value") for found in properties} == {
        "target": "staging",
        "baseUrl": "http://localhost:1",
        "verdict": "failed",
        "strict": "false",
        "suiteVersion": "1.2.3",
    }


def test_a_failure_tells_how_to_see_it_again() -> None:
    (failure,) = cases(a_report(*EVERY_VERDICT))["auth.bad"].result
    assert failure.text.startswith("This is promised by `auth.bad`.")
    for part in ("expected  status 401", CURL, "run --target staging.yaml --rules auth.bad"):
        assert part in failure.text


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ([a_rule("auth.good")], {}),
        ([a_rule("auth.bad", "failed")], {}),
        ([a_rule("auth.good"), a_rule("auth.lax", "failed", strength="standard")], {}),
        ([a_rule("auth.good"), a_rule("auth.lax", "failed", strength="standard")], {"strict": True}),
        ([a_rule("auth.broken", "error")], {}),
        ([a_rule("auth.good")], {"faults": ["the run was interrupted"]}),
        ([a_rule("auth.unseen", "unverified")], {}),
        ([a_rule("auth.good")], {"questions": [a_question("200", elected="202", verdict="failed")]}),
        ([a_rule("auth.good")], {"questions": [a_question(None, elected="202")]}),
        ([a_rule("auth.good")], {"questions": [a_question("200")]}),
    ],
)
def test_is_red_exactly_where_the_run_is(rules: list[dict[str, Any]], changes: dict[str, Any]) -> None:
    report = a_report(*rules, **changes)
    suites = JUnitXml.fromstring(junit(report))
    assert (suites.failures > 0, suites.errors > 0) == (report["verdict"] == "failed", report["verdict"] == "error")
    JENKINS.validate(io.BytesIO(junit(report)))


def test_is_as_jenkins_says() -> None:
    JENKINS.validate(io.BytesIO(junit(a_report(*EVERY_VERDICT, faults=["a fault"], questions=[a_question()]))))


def test_the_schema_of_jenkins_sees_what_is_wrong() -> None:
    wrong = junit(a_report(*EVERY_VERDICT)).replace(b"<failure", b"<failed").replace(b"</failure", b"</failed")
    assert not JENKINS.is_valid(io.BytesIO(wrong))


def test_what_xml_cannot_hold_is_replaced() -> None:
    nasty = "a\x00b\x1bc\ud800d\uffffe<&>\"'\n\t\r😀]]>"
    data = junit(a_report(a_rule("auth.bad", "failed", reason=nasty, got=nasty), faults=[nasty]))
    JENKINS.validate(io.BytesIO(data))
    texts = [element.text or "" for element in ET.fromstring(data).iter("failure")]  # noqa: S314 - our own
    assert "a\ufffdb\ufffdc\ufffdd\ufffde<&>\"'" in texts[0]
    assert "😀]]>" in texts[0]


def test_a_message_stays_short_and_the_text_has_it_all() -> None:
    (failure,) = cases(a_report(a_rule("auth.bad", "failed", reason="x" * 5000, got="y" * 5000)))["auth.bad"].result
    assert len(failure.message) == 301
    assert "y" * 5000 in failure.text
