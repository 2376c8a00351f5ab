"""Report → summary.md: what a comment on a pull request, or the summary page of a workflow, has room for."""

import re

from conformance.report.alike import Kind, kinds
from conformance.report.view import (
    VERDICTS,
    Report,
    Row,
    again,
    answer,
    broken_elections,
    by_section,
    counts,
    gates,
    headline,
    is_excused,
    leniency,
    mended,
    sentence,
    steps,
    told_of_election,
    told_of_mended,
    unverified_by_reason,
    with_verdict,
)

LONGEST = 60_000  # Bytes; GitHub takes 65,536 characters in a comment.
MARKS = {"passed": "✅", "failed": "❌", "unverified": "⚪", "error": "⚠️"}
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@-])")


def summary(report: Report) -> str:
    """The report in GitHub's Markdown, at most `LONGEST` bytes; what had no room is counted."""
    verdict = report["verdict"]
    head = [
        f"## {MARKS[verdict]} StartOCR conformance of {text(report['target']['name'])}: {verdict}",
        f"{sentence(report)} {headline(report)} {report['requests']} requests, {report['pagesSpent']} pages,"
        f" {report['seconds']:.1f} seconds.",
        *(f"{MARKS['error']} {text(fault)}" for fault in report["faults"]),
        *(f"{MARKS['failed']} {text(told_of_mended(rule))}" for rule in mended(report)),
        *(f"{MARKS['failed']} {text(told_of_election(question))}" for question in broken_elections(report)),
        _sections(report),
    ]
    problems = [_problem(report, rule) for rule in with_verdict(report, "failed", "error")]
    tail = [part for part in (_unverified(report), _questions(report)) if part]
    return "\n\n".join(_fitting(head, problems, tail)) + "\n"


def text(value: str) -> str:
    """Plain text, on one line, of which nothing is taken for Markdown, HTML or a mention."""
    return SPECIAL.sub(r"\\\1", " ".join(value.split()))


def code(value: str) -> str:
    """Text in a fence that is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{value}\n{fence}"


def _fitting(head: list[str], problems: list[str], tail: list[str]) -> list[str]:
    """The head always; of the problems as many as there is room for; the tail if there still is."""
    parts, room = list(head), LONGEST - sum(_size(part) for part in head) - 200
    for number, problem in enumerate(problems):
        room -= _size(problem)
        if room < 0:
            return [*parts, f"…and {len(problems) - number} more, in the whole report."]
        parts.append(problem)
    for part in tail:
        room -= _size(part)
        if room >= 0:
            parts.append(part)
    return parts


def _size(part: str) -> int:
    return len(part.encode()) + 2


def _sections(report: Report) -> str:
    rows = [f"| section | {' | '.join(VERDICTS)} |", f"| --- |{' ---: |' * len(VERDICTS)}"]
    for section, rules in by_section(report):
        numbers = " | ".join(str(number or "") for number in counts(rules).values())
        rows.append(f"| {text(section['title'])} | {numbers} |")
    return "\n".join(rows)


def _problem(report: Report, rule: Row) -> str:
    gating = "" if gates(report, rule) or rule["verdict"] == "error" else f" ({_lenient(report, rule)})"
    lines = [f"### {MARKS[rule['verdict']]} `{rule['id']}`{gating}", text(rule["sentence"])]
    story = "\n".join(line for kind in kinds(rule) for line in _ending(kind)) or rule["reason"]
    shown = [f"  answer    {answer(rule)}"] if answer(rule) else []
    story = "\n".join([story, *shown, *(f"{number:>2}  {step}" for number, step in enumerate(steps(rule), start=1))])
    again_lines = ["# judge only this rule again", again(report, rule["id"])]
    if rule["evidence"]:
        again_lines = ["# send the request again", rule["evidence"]["curl"], *again_lines]
    details = f"<details><summary>See it again</summary>\n\n{code(chr(10).join(again_lines))}\n\n</details>"
    return "\n\n".join([*lines, code(story), details])


def _lenient(report: Report, rule: Row) -> str:
    return text(leniency(report, rule)) if is_excused(rule) else "does not gate without `--strict`"


def _ending(kind: Kind) -> list[str]:
    lines = [*kind.names, *(f"  passed    {name}" for name in kind.passed)]
    if kind.first["expected"] is None:
        return [*lines, f"  {kind.first['reason']}"]
    return [*lines, f"  expected  {kind.first['expected']}", f"  got       {kind.first['got']}"]


def _unverified(report: Report) -> str:
    reasons = unverified_by_reason(report)
    if not reasons:
        return ""
    rows = [f"- {' '.join('`' + rule['id'] + '`' for rule in rules)}: {text(why)}" for why, rules in reasons.items()]
    count = len(with_verdict(report, "unverified"))
    opening = f"<details><summary>{MARKS['unverified']} {count} unverified, and what would open them</summary>"
    return "\n\n".join([opening, "\n".join(rows), "</details>"])


def _questions(report: Report) -> str:
    told = [question for question in report["questions"] if question["reading"] or question["elected"]]
    if not told:
        return ""
    rows = ["| question | reading | elected |", "| --- | --- | --- |"]
    rows += [f"| `{row['id']}` | {_reading(row)} | {_election(row)} |" for row in told]
    opening = f"<details><summary>{len(told)} open questions, and how this deployment reads them</summary>"
    return "\n\n".join([opening, "\n".join(rows), "</details>"])


def _reading(question: Row) -> str:
    return text(question["reading"] or f"not seen: {question['reason']}")


def _election(question: Row) -> str:
    if question["elected"] is None:
        return ""
    return f"{text(question['elected'])} {MARKS[question['verdict']]}"
