"""Writes a report into its folder, whole or not at all; everything in it but the bodies is rendered from report.json.

All files are made beside their places first and moved there one by one, report.json last: where it lies, the rest does.
"""

import json
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from conformance.mistakes import NotJudgedError
from conformance.report.badge import badge
from conformance.report.html import html
from conformance.report.junit import junit
from conformance.report.schema import mistake
from conformance.report.summary import summary
from conformance.report.view import Report

REPORT = "report.json"
RENDERED = ("index.html", "junit.xml", "summary.md", "badge.svg")
OF_THE_RUN = ("traffic.har",)
BODIES, BODY = "bodies", re.compile(r"[0-9a-f]{16}")
UNFINISHED = ".unfinished"


class ReportError(NotJudgedError):
    """The report folder cannot be used: one sentence that names it and what to do."""


def prepare(folder: Path) -> None:
    """Make sure that a report can be written, before anything is sent. Raises ReportError."""
    try:
        (folder / UNFINISHED).mkdir(parents=True, exist_ok=True)
        for name in (REPORT, *RENDERED, *OF_THE_RUN, UNFINISHED):
            _remove(folder / name)  # A run that judges nothing leaves no verdict behind.
        _remove_bodies(folder / BODIES)
    except OSError as problem:
        raise ReportError(
            f"--reports {folder}: cannot be written ({problem.strerror}): give another folder"
        ) from problem


def write(folder: Path, report: Report, bodies: Mapping[str, bytes]) -> Path:
    """Write the report of a run and the bodies that its curl lines send; the path of report.json. Or ReportError."""
    text = json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    _place(folder, {**bodies, **render(json.loads(text)), REPORT: text})
    return folder / REPORT


def render_again(folder: Path) -> Report:
    """Render the other files of a folder again from its report.json, and return that. Raises ReportError."""
    report = read(folder / REPORT)
    _place(folder, render(report))
    return report


def read(path: Path) -> Report:
    """A report.json, named itself or by its folder. Raises ReportError if it cannot be read or is none."""
    path = path / REPORT if path.is_dir() else path
    try:
        report: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ReportError(f"{path}: cannot be read ({problem.strerror}): name the folder of a report") from problem
    except ValueError as problem:
        raise ReportError(f"{path}: is not JSON ({problem})") from problem
    if wrong := mistake(report):
        raise ReportError(f"{path}: is no report of this version: {wrong}")
    checked: Report = report
    return checked


def render(report: Report) -> dict[str, bytes]:
    """The files that are made from report.json alone, by name."""
    files = {
        "index.html": html(report).encode("utf-8", "replace"),
        "junit.xml": junit(report),
        "summary.md": summary(report).encode("utf-8", "replace"),
    }
    drawn = badge(report)
    return files if drawn is None else {**files, "badge.svg": drawn.encode()}


def _place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files into the folder, in this order, and remove those that this report has not. Raises ReportError."""
    unfinished = folder / UNFINISHED
    try:
        for name, content in files.items():
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).write_bytes(content)
        for name in files:
            (folder / name).parent.mkdir(exist_ok=True)
            (unfinished / name).replace(folder / name)
        for name in set(RENDERED) - files.keys():
            _remove(folder / name)
    except OSError as problem:
        raise ReportError(f"{folder}: cannot be written ({problem.strerror})") from problem
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _remove_bodies(folder: Path) -> None:
    """Those of an earlier run; a folder of that name may be somebody's own."""
    if folder.is_dir():
        for path in folder.iterdir():
            if BODY.fullmatch(path.name):
                path.unlink()
        with suppress(OSError):
            folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
