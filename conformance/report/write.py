"""Writes a report into its folder, whole or not at all."""

import json
import shutil
from pathlib import Path
from typing import Any


class ReportError(Exception):
    """The report folder cannot be used: one sentence that names it and what to do."""


def prepare(folder: Path) -> None:
    """Make sure that a report can be written, before anything is sent. Raises ReportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").unlink(missing_ok=True)  # A run that judges nothing leaves no verdict behind.
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise ReportError(
            f"--reports {folder}: cannot be written ({problem.strerror}): give another folder"
        ) from problem


def write(folder: Path, report: dict[str, Any], bodies: dict[str, bytes]) -> Path:
    """Write `report.json` and the bodies that its curl lines send; the path of the former. Raises ReportError."""
    path = folder / "report.json"
    try:
        shutil.rmtree(folder / "bodies", ignore_errors=True)
        for name, content in bodies.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        unfinished = folder / "report.json.part"
        unfinished.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as problem:
        raise ReportError(f"{path}: cannot be written ({problem.strerror})") from problem
    return path
