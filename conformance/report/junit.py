"""Report → junit.xml: a suite for each section, a case for each rule, as the schema that Jenkins publishes has it.

`failure` is what fails the run, `error` what broke it, `skipped` everything else that did not pass: rules that nobody
could see, and rules of web standards that failed but do not gate. So a consumer is red exactly where the run is.
"""

import re
from collections import Counter
from xml.etree import ElementTree as ET  # only writes

from conformance.report.alike import Kind, kinds
from conformance.report.view import (
    Report,
    Row,
    again,
    answer,
    by_section,
    elected,
    gates,
    is_mended,
    leniency,
    seconds_of,
    steps,
    told_of_mended,
)

LONGEST_MESSAGE = 300
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def junit(report: Report) -> bytes:
    """The report as JUnit XML, in UTF-8."""
    root = ET.Element("testsuites", name=clean(f"StartOCR conformance of {report['target']['name']}"))
    for section, rules in by_section(report):
        _suite(root, report, section["title"], [_rule_case(report, rule) for rule in rules])
    _suite(root, report, "Elected readings", [_question_case(report, question) for question in elected(report)])
    _suite(root, report, "The run as a whole", [_fault_case(fault) for fault in report["faults"]])
    _count(root, list(root.iter("testcase")), report["seconds"])
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold, which a server may well send."""
    return NO_XML.sub("\ufffd", text)


def _suite(root: ET.Element, report: Report, name: str, cases: list[ET.Element]) -> None:
    if not cases:
        return
    suite = ET.SubElement(root, "testsuite", name=clean(name), timestamp=report["timing"]["startedAt"])
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(report).items():
        ET.SubElement(properties, "property", name=key, value=clean(value))
    suite.extend(cases)
    _count(suite, cases, sum(float(case.get("time", 0)) for case in cases))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))


def _count(element: ET.Element, cases: list[ET.Element], seconds: float) -> None:
    ended = Counter(child.tag for case in cases for child in case)
    element.set("tests", str(len(cases)))
    element.set("failures", str(ended["failure"]))
    element.set("errors", str(ended["error"]))
    element.set("time", f"{seconds:.3f}")


def _properties(report: Report) -> dict[str, str]:
    return {
        "target": report["target"]["name"],
        "baseUrl": report["target"]["baseUrl"],
        "verdict": report["verdict"],
        "strict": str(report["strict"]).lower(),
        "suiteVersion": report["suiteVersion"],
    }


def _rule_case(report: Report, rule: Row) -> ET.Element:
    seconds = f"{seconds_of(report, rule):.3f}"
    case = ET.Element("testcase", name=rule["id"], classname=rule["section"], time=seconds)
    reason = rule["reason"]
    match rule["verdict"]:
        case "failed" if gates(report, rule):
            _end(case, "failure", "Nonconformance", reason, _story(report, rule))
        case "failed":
            why = f"failed, but {leniency(report, rule)}: {reason}"
            _end(case, "skipped", "does not gate", why, _story(report, rule))
        case "passed" if is_mended(rule):
            _end(case, "failure", "known failure", told_of_mended(rule), rule["sentence"])
        case "unverified":
            _end(case, "skipped", "unverified", reason, rule["sentence"])
        case "error":
            _end(case, "error", "error", reason, _story(report, rule))
    return case


def _question_case(report: Report, question: Row) -> ET.Element:
    case = ET.Element("testcase", name=question["id"], classname="elections", time="0.000")
    promise = f"the profile elects {question['elected']}; "
    match question["verdict"]:
        case "failed":
            _end(case, "failure", "Nonconformance", f"{promise}seen was {question['reading']}", question["text"])
        case "unverified":
            _end(case, "skipped", "unverified", promise + question["reason"], question["text"])
    return case


def _fault_case(fault: str) -> ET.Element:
    case = ET.Element("testcase", name=clean(fault[:LONGEST_MESSAGE]), classname="run", time="0.000")
    _end(case, "error", "fault", fault, fault)
    return case


def _end(case: ET.Element, tag: str, kind: str, message: str, text: str) -> None:
    short = message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + "…"
    ET.SubElement(case, tag, type=kind, message=clean(short)).text = clean(text)


def _story(report: Report, rule: Row) -> str:
    """What a person reads who opens the case: the promise, each test that did not pass, and how to see it again."""
    lines = [rule["sentence"]]
    for kind in kinds(rule):
        lines += ["", *(f"{rule['verdict']}: {name}" for name in kind.names), *_ending(kind)]
    if answer(rule):
        lines += ["", f"the answer: {answer(rule)}"]
    if shown := steps(rule):
        lines += ["", "step by step:", *(f"{number:>3}  {step}" for number, step in enumerate(shown, start=1))]
    if rule["evidence"]:
        lines += ["", "send the request again:", rule["evidence"]["curl"]]
    return "\n".join([*lines, "", "judge only this rule again:", again(report, rule["id"])])


def _ending(kind: Kind) -> list[str]:
    passed = [f"  passed    {name}" for name in kind.passed]
    if kind.first["expected"] is None:
        return [*passed, f"  {kind.first['reason']}"]
    return [*passed, f"  expected  {kind.first['expected']}", f"  got       {kind.first['got']}"]
