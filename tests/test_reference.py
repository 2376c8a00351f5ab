"""Suite against reference server: every rule passes, every question has a reading, and the report is a valid one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import conformance.report
from conformance.judge import judge
from mockserver.decisions import decisions
from spec import load_contract
from spec.coverage import gaps
from tests.servers import reference, served

SCHEMA = Path(conformance.report.__file__).parent / "schema.json"


@pytest.fixture(scope="module")
def report() -> Iterator[dict[str, Any]]:
    contract = load_contract()
    with served(reference(contract)) as profile:
        yield judge(contract, profile, strict=True).report


def test_every_rule_passes(report: dict[str, Any]) -> None:
    assert {rule["id"]: rule["reason"] for rule in report["rules"] if rule["verdict"] != "passed"} == {}
    assert (report["verdict"], report["faults"]) == ("passed", [])


def test_no_test_of_a_rule_that_passes_was_left_out(report: dict[str, Any]) -> None:
    left_out = [test["name"] for rule in report["rules"] for test in rule["tests"] if test["verdict"] != "passed"]
    assert left_out == []


def test_every_row_of_the_contract_is_in_the_report(report: dict[str, Any]) -> None:
    contract = load_contract()
    assert [rule["id"] for rule in report["rules"]] == list(contract.rules)
    assert [question["id"] for question in report["questions"]] == list(contract.questions)


def test_nothing_documented_is_without_a_decision_or_a_test(report: dict[str, Any]) -> None:
    contract = load_contract()
    found = gaps(
        contract,
        decided={row.rule for row in decisions(contract)},
        verified={rule["id"] for rule in report["rules"] if rule["tests"]},
        observed={question["id"] for question in report["questions"] if question["reading"]},
    )
    assert found == [], "\n".join(found)


def test_the_server_reads_the_questions_as_it_says(report: dict[str, Any]) -> None:
    contract = load_contract()
    read = {question["id"]: question["reading"] for question in report["questions"] if question["reading"]}
    assert read == {name: contract.questions[name].mock for name in read}


def test_the_report_follows_its_schema(report: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(report)] == []
