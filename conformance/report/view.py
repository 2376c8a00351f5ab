"""What every renderer asks of a report: counts, sections, which verdicts gate, and the words for them.

It reads a report as JSON values and nothing else, so that whatever is rendered can be rendered again.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from conformance.session.course import Course

Report = dict[str, Any]
Row = dict[str, Any]

LONGEST_ANSWER = 200
VERDICTS = ("passed", "failed", "unverified", "error")
SENTENCES = {
    "passed": "Every stated rule that was looked at passed.",
    "failed": "The deployment breaks what the documentation promises.",
    "unverified": "No stated rule failed, but some stayed unverified.",
    "error": "The run itself broke; its verdicts are not complete.",
}


def sentence(report: Report) -> str:
    """The verdict of a run in one sentence."""
    broken = [*with_verdict(report, "failed"), *broken_elections(report)]
    if report["verdict"] == "failed" and not any("known" not in row or gates(report, row) for row in broken):
        return "What the profile calls a known failure passes now."
    excused = sum(map(is_excused, report["rules"]))
    besides = f" Known failures that do not count: {excused}." if excused and report["verdict"] != "failed" else ""
    if report["verdict"] == "error" and report["faults"]:
        return f"The run itself broke: {report['faults'][0]}. Its verdicts are not complete."
    if report["verdict"] == "failed" and is_broken(report):
        besides = " The run itself broke as well; its other verdicts are not complete."
    return SENTENCES[report["verdict"]] + besides


def is_broken(report: Report) -> bool:
    """Whether the run itself broke, was interrupted, or lost its target: then it says nothing of the whole."""
    return bool(report["faults"]) or bool(with_verdict(report, "error"))


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows have each verdict; every verdict is there, in a fixed order."""
    counter = Counter(row["verdict"] for row in rows)
    return {verdict: counter[verdict] for verdict in VERDICTS}


def told(rows: Iterable[Row]) -> str:
    """The counts in words: `45 passed, 3 failed`."""
    return ", ".join(f"{number} {verdict}" for verdict, number in counts(rows).items() if number)


def headline(report: Report) -> str:
    """What the run found out, in one line."""
    return f"{len(report['rules'])} rules: {told(report['rules'])}."


def by_section(report: Report) -> Iterator[tuple[Row, list[Row]]]:
    """The sections in the order of the documentation, each with its rules."""
    for section in report["sections"]:
        yield section, [rule for rule in report["rules"] if rule["section"] == section["id"]]


def gates(report: Report, rule: Row) -> bool:
    """Whether a failure of this rule fails the run."""
    return (bool(report["strict"]) or rule["strength"] == "stated") and not is_excused(rule)


def leniency(report: Report, rule: Row) -> str:
    """Why a failure of this rule does not fail the run; empty if it does."""
    if is_excused(rule):
        return f"known until {rule['known']['expires']}: {rule['known']['reason']}"
    return "" if gates(report, rule) else "gates only with --strict"


def is_excused(rule: Row) -> bool:
    """Whether a rule fails as the profile says it would, and still may."""
    return rule["verdict"] == "failed" and rule["known"] is not None and not rule["known"]["expired"]


def is_mended(rule: Row) -> bool:
    """Whether a rule that is known to fail passes, as far as it could be looked at."""
    return rule["known"] is not None and rule["verdict"] == "passed"


def mended(report: Report) -> list[Row]:
    """The known failures that are none any more: each fails the run until the profile is mended, too."""
    return [rule for rule in report["rules"] if is_mended(rule)]


def told_of_mended(rule: Row) -> str:
    """What to do about a known failure that is none any more."""
    return f"{rule['id']} passes, and the profile calls it a known failure: remove it from known_failures"


def broken_elections(report: Report) -> list[Row]:
    """The questions of which another reading was seen than the profile promises."""
    return [question for question in elected(report) if question["verdict"] == "failed"]


def told_of_election(question: Row) -> str:
    return f"{question['id']} was read as {question['reading']}, and the profile elects {question['elected']}"


def with_verdict(report: Report, *verdicts: str) -> list[Row]:
    """The rules with these verdicts, in the order of the documentation."""
    return [rule for rule in report["rules"] if rule["verdict"] in verdicts]


def failed_tests(rule: Row) -> list[Row]:
    """The tests that failed, in the order in which they ended."""
    return [test for test in rule["tests"] if test["verdict"] == "failed"]


def steps(rule: Row) -> list[str]:
    """What the test did whose exchange shows the failure, in order; nothing in a report of an earlier version."""
    return list((rule["evidence"] or {}).get("steps", []))


def answer(rule: Row) -> str:
    """The answer that shows a failure, in one line; empty where what the test got says the same."""
    if not rule["evidence"]:
        return ""
    response = rule["evidence"]["response"]
    if response is None:
        return "none came"
    text = " ".join(response.get("text", f"({response['bytes']:,} bytes)").split())
    told = f"{response['status']} {text[:LONGEST_ANSWER]}{'…' if len(text) > LONGEST_ANSWER else ''}".rstrip()
    is_told = any((test["got"] or "").startswith(str(response["status"])) for test in failed_tests(rule)[:1])
    return "" if is_told else told


def elected(report: Report) -> list[Row]:
    """The questions of which the profile promised a reading."""
    return [question for question in report["questions"] if question["elected"] is not None]


def unverified_by_reason(report: Report) -> dict[str, list[Row]]:
    """The rules that nobody could see, under what would open them."""
    reasons: dict[str, list[Row]] = {}
    for rule in with_verdict(report, "unverified"):
        reasons.setdefault(rule["reason"], []).append(rule)
    return reasons


def seconds_of(report: Report, rule: Row) -> float:
    """How long the tests of a rule took."""
    return float(sum(report["timing"]["tests"].get(rule["id"], {}).values()))


def again(report: Report, rule: str) -> str:
    """The command that judges this rule only, on the same deployment."""
    target = report["target"]
    where = ["--target", target["profile"]] if target["profile"] else ["--base-url", target["baseUrl"]]
    strict = ["--strict"] if report["strict"] else []
    return shlex.join(["startocr-conformance", "run", *where, "--rules", rule, *strict, *_course(report)])


def _course(report: Report) -> list[str]:
    """The options of the course, as far as it was not the usual one."""
    usual, course = Course(), report["course"]
    drawn = {"--seed": (course["seed"], usual.seed), "--examples": (course["examples"], usual.examples)}
    return [part for name, (used, default) in drawn.items() if used != default for part in (name, str(used))]


def anchor(row: Row) -> str:
    """The stable name of a rule or a question within the page."""
    return f"question-{row['id']}" if "elected" in row else f"rule-{row['id']}"
