"""The summary in the terminal: verdicts by section, then what failed and why, then what could not be seen."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance.report.alike import Kind, kinds
from conformance.report.view import (
    VERDICTS,
    Report,
    Row,
    answer,
    by_section,
    counts,
    headline,
    is_broken,
    leniency,
    mended,
    sentence,
    steps,
    told_of_mended,
    unverified_by_reason,
    with_verdict,
)

STYLES = {"passed": "green", "failed": "bold red", "unverified": "yellow", "error": "bold magenta"}


def print_summary(console: Console, report: Report, path: Path) -> None:
    """Print a report for a person. `path` is where the whole of it lies."""
    _print_sections(console, report)
    for rule in with_verdict(report, "failed", "error"):
        _print_problem(console, report, rule)
    for rule in mended(report):
        console.print(f"\n[bold red]mended[/] {told_of_mended(rule)}")
    for fault in report["faults"]:
        console.print(f"\n[bold magenta]fault[/] {escape(fault)}")
    _print_unverified(console, report)
    _print_unseen_errors(console, report)
    _print_questions(console, report)
    _print_end(console, report, path)


def _print_sections(console: Console, report: Report) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("section")
    for verdict in VERDICTS:
        table.add_column(verdict, justify="right")
    for section, rules in by_section(report):
        table.add_row(section["title"], *(_count(verdict, number) for verdict, number in counts(rules).items()))
    console.print(table)


def _count(verdict: str, number: int) -> str:
    return f"[{STYLES[verdict]}]{number}[/]" if number else "[dim]·[/]"


def _print_problem(console: Console, report: Report, rule: Row) -> None:
    standard = f" [dim](standard: {escape(rule['source'])})[/]" if rule["source"] else ""
    console.print(f"\n[{STYLES[rule['verdict']]}]{rule['verdict']}[/] [bold]{rule['id']}[/]{standard}")
    if rule["verdict"] == "failed" and leniency(report, rule):
        console.print(f"  [yellow]{escape(leniency(report, rule))}[/]")
    elif rule["known"] and rule["known"]["expired"]:
        console.print(f"  [red]known failure, expired on {rule['known']['expires']}[/]")
    console.print(f"  {escape(rule['sentence'])}")
    for kind in kinds(rule):
        _print_kind(console, kind)
    if answer(rule):
        console.print(f"  answer    {escape(answer(rule))}")
    for number, step in enumerate(steps(rule), start=1):
        console.print(f"  {'step' if number == 1 else '':<6}{number:>2}  {escape(step)}")
    if rule["evidence"]:
        _print_difference(console, rule["evidence"]["difference"])
        console.print(f"  again     {escape(rule['evidence']['curl'])}")


def _print_difference(console: Console, parts: list[Row]) -> None:
    """In what the request differs from the control, on one line."""
    told = [f"{part['part']}: {_side(part['control'])} → {_side(part['request'])}" for part in parts]
    if told:
        console.print(f"  differs   {escape('; '.join(told))}")


def _side(value: str | None) -> str:
    return "nothing" if value is None else value or "empty"


def _print_kind(console: Console, kind: Kind) -> None:
    for name in kind.names:
        console.print(f"  [dim]{escape(name)}[/]")
    for name in kind.passed:
        console.print(f"    [dim]passed    {escape(name)}[/]")
    if kind.first["expected"] is None:
        console.print(f"    {escape(kind.first['reason'])}")
    else:
        console.print(f"    expected  {escape(kind.first['expected'])}\n    got       {escape(kind.first['got'])}")


def _print_unverified(console: Console, report: Report) -> None:
    for reason, rules in unverified_by_reason(report).items():
        ids = ", ".join(rule["id"] for rule in rules)
        console.print(f"\n[yellow]unverified[/] {escape(ids)}\n  {escape(reason)}")


def _print_unseen_errors(console: Console, report: Report) -> None:
    unseen = [f"{error['status']} {error['code']}" for error in report["errors"] if not error["seen"]]
    if unseen and report["whole"] and not is_broken(report):
        console.print(f"\n[yellow]never seen where it was due[/] {escape(', '.join(unseen))}")


def _print_questions(console: Console, report: Report) -> None:
    told = [question for question in report["questions"] if question["reading"] or question["elected"]]
    if told:
        console.print("\nWhere the documentation is silent, this deployment reads:")
    for question in told:
        reading = question["reading"] or f"not seen: {question['reason']}"
        console.print(f"  {question['id']:<22} {escape(reading)}{_election(question)}")


def _election(question: Row) -> str:
    if question["elected"] is None:
        return ""
    return f"  [{STYLES[question['verdict']]}]elected {escape(question['elected'])}: {question['verdict']}[/]"


def _print_end(console: Console, report: Report, path: Path) -> None:
    console.print(
        f"\n[{STYLES[report['verdict']]}]{report['verdict']}[/] {sentence(report)}"
        f"\n{headline(report)}"
        f" {report['requests']} requests, {report['pagesSpent']} pages, {report['seconds']:.1f} seconds."
        f"\n{_course(report['course'])}"
        f"\nThe whole report lies in {escape(str(path.with_name('index.html')))}, for programs in {escape(str(path))}",
    )


def _course(course: Row) -> str:
    order = "random order" if course["shuffled"] else "the order of the documentation, what is generated last"
    return f"Seed {course['seed']}, {course['examples']} examples for each generated test, {order}."
