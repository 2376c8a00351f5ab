"""The schema of report.json, and what it is for: to check a report that was read, and to compare two of them.

Members that differ between two runs against the same deployment carry `"volatile": true` in the schema. That is their
one home: `comparable` leaves out what is marked there.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from conformance.report.view import Report

PATH = Path(__file__).with_name("schema.json")


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a report."""
    loaded: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return loaded


def mistake(report: Any) -> str | None:
    """What is wrong with a report, and where; None if it is as the schema says."""
    from jsonschema import Draft202012Validator

    problem = next(iter(Draft202012Validator(schema()).iter_errors(report)), None)
    return problem and f"{problem.json_path}: {problem.message[:200]}"


def comparable(report: Report) -> Report:
    """The report without what differs between two runs against the same deployment."""
    stable: Report = _stable(report, schema())
    return stable


def _stable(value: Any, described: dict[str, Any]) -> Any:
    described = _resolved(described)
    if isinstance(value, list):
        return [_stable(element, described.get("items", {})) for element in value]
    if isinstance(value, dict):
        members = described.get("properties", {})
        return {
            name: _stable(member, members.get(name, {}))
            for name, member in value.items()
            if not members.get(name, {}).get("volatile")
        }
    return value


def _resolved(described: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` within the schema leads to."""
    reference = described.get("$ref")
    return schema()["$defs"][reference.removeprefix("#/$defs/")] if reference else described
