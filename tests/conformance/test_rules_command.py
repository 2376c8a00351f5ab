"""`startocr-conformance rules` tells each rule as the documentation has it, with its tests, in three formats."""

import json
import re

import pytest
from click.testing import CliRunner

from conformance.cli import cli
from spec import load_contract

RULES = load_contract().rules


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(cli, ["rules", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_json_has_each_rule_with_its_tests() -> None:
    rows = json.loads(printed("--format", "json"))["rules"]
    assert [row["id"] for row in rows] == list(RULES)
    for row in rows:
        rule = RULES[row["id"]]
        assert (row["section"], row["strength"], row["sentence"]) == (rule.section, rule.strength, rule.sentence)
        assert row["needs"] == list(rule.needs)
        assert row["tests"], row["id"]
    revoked = next(row for row in rows if row["id"] == "auth.revoked_key")
    assert "test_refuses_a_revoked_key[paddle]" in revoked["tests"]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_table_has_a_row_for_each_rule(form: str) -> None:
    text = printed("--format", form)
    for rule in RULES.values():
        [line] = [line for line in text.splitlines() if re.match(rf"[|` ]*{re.escape(rule.id)}\b[^.]", line)]
        for part in (rule.section, rule.strength, *rule.needs):
            assert part in line


def test_a_selection_is_listed_alone() -> None:
    rows = json.loads(printed("--format", "json", "--rules", "cors.*"))["rules"]
    assert {row["section"] for row in rows} == {"cors"}


def test_a_wrong_selection_is_one_line() -> None:
    result = CliRunner().invoke(cli, ["rules", "--rules", "nothing.*"])
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "no rule matches nothing.*" in result.output
