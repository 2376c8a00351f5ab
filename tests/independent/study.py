"""Judges the independent server in every variant and with every bug: `python -m tests.independent.study [PATTERN …]`.

A variant must have no failed rule and the readings that it stands for; a bug must fail its own rules and no others.
"""

import argparse
import fnmatch
import json
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from conformance.mistakes import NotJudgedError
from conformance.session.selection import Selection
from tests.independent.node import judged, listed, rules

Row = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    known = listed()
    chosen = [
        (kind, name, expected, arguments.own)
        for kind, table in (("variant", known["variants"]), ("bug", known["bugs"]))
        for name, expected in table.items()
        if arguments.kind in (None, kind) and _matches(name, arguments.patterns)
    ]
    with Pool(arguments.workers, maxtasksperchild=20) as pool:
        rows = [_shown(row, arguments.verbose) for row in pool.imap(_row, chosen)]
    surprising = [row for row in rows if row["surprises"]]
    print(f"{len(rows)} servers, {len(surprising)} with a surprise, {sum(row['seconds'] for row in rows):.0f} s")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    sys.exit(1 if surprising else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.independent.study", description=__doc__)
    parser.add_argument(
        "patterns", nargs="*", metavar="PATTERN", help="names of variants and bugs; * stands for anything"
    )
    parser.add_argument("--kind", choices=["variant", "bug"], help="only the variants, or only the bugs")
    parser.add_argument("--workers", type=int, default=2, help="servers that are judged at the same time")
    parser.add_argument("--verbose", action="store_true", help="also say what was expected and what came")
    parser.add_argument("--own", action="store_true", help="judge a bug by its own rules only: what is missed, quickly")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all rows to this file")
    return parser.parse_args()


def _matches(name: str, patterns: list[str]) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _row(chosen: tuple[str, str, Any, bool]) -> Row:
    """What is surprising about the judgement of one server, and the seconds it took."""
    kind, name, expected, own = chosen
    started = time.monotonic()
    selection = Selection(rules=tuple(expected)) if own and kind == "bug" else None
    row: Row = {"kind": kind, "name": name, "details": []}
    try:
        report = _judged(kind, name, selection)
    except NotJudgedError as problem:
        row["surprises"] = [f"not judged: {problem}"]
    else:
        row["surprises"] = _of_variant(report, expected) if kind == "variant" else _of_bug(report, expected)
        row["details"] = [rule for rule in report["rules"] if rule["verdict"] in ("failed", "error")]
        row["unverified"] = [
            f"{rule['id']}: {rule['reason']}" for rule in report["rules"] if rule["verdict"] == "unverified"
        ]
    return {**row, "seconds": round(time.monotonic() - started, 1)}


def _judged(kind: str, name: str, selection: Selection | None) -> dict[str, Any]:
    if kind == "variant":
        return judged(variants=[name], megabytes=1)
    return judged(bugs=[name], megabytes=1, selection=selection)


def _of_variant(report: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    found = {row["id"]: row["reading"] for row in report["questions"]}
    accused = [f"accused: {rule}" for rule in rules(report, "failed")]
    read = [f"read {key} as {found[key]}" for key, value in expected["readings"].items() if found[key] != value]
    return [*accused, *read, *_troubles(report)]


def _of_bug(report: dict[str, Any], expected: list[str]) -> list[str]:
    failed = rules(report, "failed")
    missed = [f"missed: {rule}" for rule in expected if rule not in failed]
    blamed = [f"blamed: {rule}" for rule in failed if rule not in expected]
    return [*missed, *blamed, *_troubles(report)]


def _troubles(report: dict[str, Any]) -> Iterator[str]:
    yield from (f"error: {rule}" for rule in rules(report, "error"))
    yield from (f"fault: {fault}" for fault in report["faults"])


def _shown(row: Row, verbose: bool) -> Row:
    print(
        f"{row['kind']:8}{row['name']:40}{row['seconds']:6} s  {'; '.join(row['surprises']) or 'as expected'}",
        flush=True,
    )
    for rule in row["details"] if verbose else []:
        for test in rule["tests"]:
            if test["verdict"] in ("failed", "error"):
                print(f"          {rule['id']} {test['name']}: {test['reason'][:200]}")
    return row


if __name__ == "__main__":
    main()
