"""The schema of report.json says all that stands in a report, and says what each member is."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.judge import judge
from conformance.report.build import SCHEMA_VERSION
from conformance.report.schema import comparable, mistake, schema
from conformance.report.view import Report
from tests.conformance.report.reports import a_question, a_report, a_rule
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract


@pytest.fixture(scope="module")
def runs() -> tuple[Report, Report]:
    """The reports of two runs against one server, which has a defect."""
    contract = small_contract()
    with served(DEFECTS["missing_field_misspelt"].change(reference(contract))) as profile:
        return judge(contract, profile).report, judge(contract, profile).report


def members(described: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member that the schema describes, with its place."""
    if isinstance(described, dict):
        for name, member in described.get("properties", {}).items():
            if place.rpartition("/")[2] not in ("if", "then"):
                yield f"{place}/{name}", member
        for name, part in described.items():
            yield from members(part, f"{place}/{name}")


def test_is_a_schema_of_its_version() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"].endswith(f":{SCHEMA_VERSION}")
    assert schema()["properties"]["schemaVersion"]["const"] == SCHEMA_VERSION


def test_describes_every_member() -> None:
    found = dict(members(schema()))
    assert len(found) > 50
    assert [place for place, member in found.items() if not member.get("description")] == []


def test_a_run_is_as_the_schema_says_and_has_no_member_beside_it(runs: tuple[Report, Report]) -> None:
    assert mistake(runs[0]) is None
    assert undescribed(runs[0], schema()) == []


def undescribed(value: Any, described: dict[str, Any], place: str = "") -> list[str]:
    """The members of a value that the schema does not know."""
    described = described if "oneOf" not in described else described["oneOf"][-1]
    if "$ref" in described:
        described = schema()["$defs"][described["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        return [name for element in value for name in undescribed(element, described["items"], f"{place}[]")]
    if not isinstance(value, dict) or "additionalProperties" in described:
        return []
    known = described["properties"]
    unknown = [f"{place}.{name}" for name in value if name not in known]
    return unknown + [
        name for key in value.keys() & known.keys() for name in undescribed(value[key], known[key], f"{place}.{key}")
    ]


def test_two_runs_against_one_server_compare_equal(runs: tuple[Report, Report]) -> None:
    assert runs[0] != runs[1]
    assert comparable(runs[0]) == comparable(runs[1])


def test_what_was_found_out_is_compared() -> None:
    passed, failed = a_report(a_rule("auth.one")), a_report(a_rule("auth.one", "failed"))
    assert comparable(passed) != comparable(failed)
    read, not_read = (a_report(a_rule("auth.one"), questions=[a_question(reading)]) for reading in ("200", None))
    assert comparable(read) != comparable(not_read)


def test_no_volatile_member_is_left() -> None:
    left = comparable(a_report(a_rule("auth.one", "failed"), questions=[a_question()]))
    assert not {"requests", "pagesSpent", "seconds", "timing"} & left.keys()
    assert not {"reason", "evidence"} & left["rules"][0].keys()
    assert left["rules"][0]["tests"][0].keys() == {"name", "verdict", "expected"}
    assert left["target"] == {"name": "staging"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"schemaVersion": 2}, "$.schemaVersion: 1 was expected"),
        ({"verdict": "fine"}, "$.verdict: 'fine' is not one of"),
        ({"rules": []}, "$.rules: [] should be non-empty"),
        ({"timing": {}}, "$.timing: 'startedAt' is a required property"),
    ],
)
def test_says_what_is_wrong_with_a_report(changes: dict[str, Any], wrong: str) -> None:
    assert (mistake(a_report(a_rule("auth.one"), **changes)) or "").startswith(wrong)


def test_a_run_times_every_kind_of_request_and_every_test(runs: tuple[Report, Report]) -> None:
    timing = runs[0]["timing"]
    assert timing["latency"].keys() == {
        "accepted submission",
        "refused submission",
        "account API",
        "hook",
        "preflight",
    }
    assert sum(latency["count"] for latency in timing["latency"].values()) <= runs[0]["requests"]
    told = {rule["id"]: {test["name"] for test in rule["tests"]} for rule in runs[0]["rules"]}
    assert {rule: set(timing["tests"][rule]) for rule in told} == told
