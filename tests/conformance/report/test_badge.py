"""badge.svg: what passed out of what gates, for complete runs only."""

from xml.etree import ElementTree as ET

import pytest

from conformance.report.badge import COLOURS, badge
from conformance.report.view import Report
from tests.conformance.report.reports import a_report, a_rule

SVG = "{http://www.w3.org/2000/svg}"
LAX = a_rule("auth.lax", "failed", strength="standard")


def drawn(report: Report) -> ET.Element:
    text = badge(report)
    assert text is not None
    return ET.fromstring(text)  # noqa: S314 - our own


@pytest.mark.parametrize(
    ("report", "message", "colour"),
    [
        (a_report(a_rule("auth.good"), LAX), "1 of 1 stated rules passed", COLOURS["passed"]),
        (a_report(a_rule("auth.good"), LAX, strict=True), "1 of 2 rules passed", COLOURS["failed"]),
        (a_report(a_rule("auth.bad", "failed")), "0 of 1 stated rules passed", COLOURS["failed"]),
        (a_report(a_rule("auth.unseen", "unverified")), "0 of 1 stated rules passed", COLOURS["unverified"]),
    ],
)
def test_tells_what_passed_of_what_gates(report: Report, message: str, colour: str) -> None:
    svg = drawn(report)
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["StartOCR API", message]
    assert colour in [rect.get("fill") for rect in svg.iter(f"{SVG}rect")]
    assert svg.get("aria-label") == f"StartOCR API: {message}"


def test_a_run_that_is_not_complete_has_none() -> None:
    assert badge(a_report(a_rule("auth.good"), whole=False)) is None
    assert badge(a_report(a_rule("auth.good"), faults=["the run was interrupted"])) is None
    assert badge(a_report(a_rule("auth.bad", "failed"), faults=["the run was interrupted"])) is None
    assert badge(a_report(a_rule("auth.bad", "failed"), a_rule("auth.good", "error"))) is None
