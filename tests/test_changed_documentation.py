"""A changed documentation moves everything: spec, server and suite follow its facts, and no code is touched."""

from pathlib import Path
from typing import Any

import click
import pytest

from conformance.judge import judge
from mockserver.decisions import decisions
from spec import Contract, load_contract
from spec.__main__ import built
from spec.coverage import gaps
from spec.reading import DOCUMENTATION, QUESTIONS
from tests.servers import reference, served

EDITS = {
    "a limit of 2 MB": ("larger than 10 MB", "larger than 2 MB"),
    "a limit of 20 MB": ("larger than 10 MB", "larger than 20 MB"),
    "a further provider": (
        "| `baidu` | no | synchronous | yes |",
        "| `baidu` | no | synchronous | yes |\n| `tesseract` | no | queued | yes |",
    ),
    "another default provider": (
        "| `paddle` | yes | queued | no |\n| `baidu` | no |",
        "| `paddle` | no | queued | no |\n| `baidu` | yes |",
    ),
    "a required filename": ("| `filename` | string | No |", "| `filename` | string | Yes |"),
    "another status": ("| 402 | `insufficient_pages` |", "| 403 | `insufficient_pages` |"),
}

BROKEN_BY_THE_OLD_SERVER = {
    "a limit of 2 MB": {"limit.refused"},
    "a limit of 20 MB": {"limit.accepted"},
    "a further provider": {"body.provider"},
    "another default provider": {"body.default_provider"},
    "a required filename": {"body.required_field"},
    "another status": {"billing.insufficient_pages"},
}


ERROR_ROW = (
    "| 415 | `unsupported_media_type` | The body is not declared as `application/json` |",
    "| 415 | `unsupported_media_type` | The body is not declared as `application/json` |\n"
    "| 429 | `rate_limited` | Too many requests in a second |",
)
ITS_RULE = (
    "- `limit.accepted`",
    "- `limit.rate` A request beyond the rate limit is refused with `rate_limited`. (needs: key)\n- `limit.accepted`",
)


def edited(tmp_path: Path, *edits: tuple[str, str]) -> Contract:
    """The contract of the documentation after these edits, by way of the OpenAPI document built from it."""
    text = DOCUMENTATION.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    documentation, openapi = tmp_path / "documentation.md", tmp_path / "openapi.yaml"
    documentation.write_text(text, encoding="utf-8")
    openapi.write_text(built(documentation, QUESTIONS), encoding="utf-8")
    return load_contract(openapi)


def failures(contract: Contract, served_contract: Contract) -> dict[str, Any]:
    with served(reference(served_contract)) as profile:
        report = judge(contract, profile).report
    return {rule["id"]: rule["reason"] for rule in report["rules"] if rule["verdict"] != "passed"}


@pytest.mark.parametrize("edit", EDITS)
def test_server_and_suite_follow_an_edit(tmp_path: Path, edit: str) -> None:
    contract = edited(tmp_path, EDITS[edit])
    assert failures(contract, contract) == {}


@pytest.mark.parametrize("edit", EDITS)
def test_the_suite_tells_a_server_that_did_not_follow(tmp_path: Path, edit: str) -> None:
    found = failures(edited(tmp_path, EDITS[edit]), load_contract())
    assert BROKEN_BY_THE_OLD_SERVER[edit] <= found.keys()


def test_an_error_row_without_a_rule_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="no rule says when a request is refused with `rate_limited`"):
        edited(tmp_path, ERROR_ROW)


def test_an_error_row_with_a_rule_that_nobody_raises_or_verifies_is_named(tmp_path: Path) -> None:
    contract, today = edited(tmp_path, ERROR_ROW, ITS_RULE), load_contract()
    found = gaps(
        contract,
        decided={decision.rule for decision in decisions(contract)},
        verified=today.rules,
        observed=contract.questions,
    )
    assert found == [
        "error rate_limited (429): no decision of the server raises it",
        "error rate_limited (429): no test verifies it",
        "rule limit.rate: no test verifies it",
    ]
