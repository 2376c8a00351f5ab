"""A changed documentation changes the contract and openapi.yaml, and names what nobody enforces or tests yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from spec import Contract, load_contract
from spec.building import dump_openapi
from spec.coverage import gaps
from spec.page import DocumentError
from spec.reading import read_contract

Edit = Callable[..., Path]

LAST_ERROR = "| 415 | `unsupported_media_type` | The body is not declared as `application/json` |\n"
RATE_LIMITED = "| 429 | `rate_limited` | Too many requests |\n"
BAIDU = "| `baidu` | no | synchronous | yes |\n"
NEW_RULE = "- `limit.rate` A request beyond the rate limit is refused with `rate_limited`.\n"
FIRST_RULE = "- `auth.key_accepted`"
NEW_ERROR = (LAST_ERROR, LAST_ERROR + RATE_LIMITED), (FIRST_RULE, NEW_RULE + FIRST_RULE)


def built(contract: Contract) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(dump_openapi(contract))
    return document


def responses(contract: Contract) -> dict[str, Any]:
    found: dict[str, Any] = built(contract)["paths"]["/api/ocr"]["post"]["responses"]
    return found


def schema(contract: Contract, name: str) -> dict[str, Any]:
    found: dict[str, Any] = built(contract)["components"]["schemas"][name]
    return found


def new_gaps(changed: Contract) -> list[str]:
    """The gaps where server and suite still cover exactly what is documented today."""
    today = load_contract()
    return gaps(changed, decided=set(today.rules), verified=set(today.rules), observed=set(today.questions))


def test_a_higher_limit_moves_the_limit_and_the_texts(documentation: Edit) -> None:
    changed = read_contract(documentation(("10 MB", "20 MB")))
    assert changed.limit.megabytes == 20
    assert built(changed)["x-limits"] == {"requestBody": {"megabytes": 20}}
    assert built(changed)["paths"]["/api/ocr"]["post"]["description"] == "The request body has at most 20 MB."
    assert responses(changed)["413"]["description"] == "The body is larger than 20 MB."


def test_a_new_error_row_is_a_new_response(documentation: Edit) -> None:
    changed = read_contract(documentation(*NEW_ERROR))
    error = changed.errors["rate_limited"]
    assert (error.status, error.meaning) == (429, "Too many requests")
    [example] = responses(changed)["429"]["content"]["application/json"]["examples"].values()
    assert example["value"]["error"] == "rate_limited"
    assert schema(changed, "Refusal429")["properties"]["error"]["enum"] == ["rate_limited"]


def test_a_new_error_row_without_a_rule_is_not_built(documentation: Edit) -> None:
    path = documentation((LAST_ERROR, LAST_ERROR + RATE_LIMITED))
    line = path.read_text(encoding="utf-8").split(RATE_LIMITED)[0].count("\n") + 1
    with pytest.raises(DocumentError) as caught:
        read_contract(path)
    assert str(caught.value) == (
        f"documentation.md:{line}: no rule says when a request is refused with `rate_limited`: add one that does"
    )


def test_a_new_error_row_with_its_rule_is_named_as_not_raised_and_not_verified(documentation: Edit) -> None:
    changed = read_contract(documentation(*NEW_ERROR))
    assert changed.refusal("limit.rate").status == 429
    assert new_gaps(changed) == [
        "error rate_limited (429): no decision of the server raises it",
        "error rate_limited (429): no test verifies it",
        "rule limit.rate: no test verifies it",
    ]


def test_a_new_code_of_a_known_status_joins_its_response(documentation: Edit) -> None:
    row = "| 402 | `plan_expired` | The plan has ended |\n"
    rule = "- `billing.plan` A submission on an account whose plan has ended is refused with `plan_expired`.\n"
    changed = read_contract(documentation((LAST_ERROR, LAST_ERROR + row), (FIRST_RULE, rule + FIRST_RULE)))
    assert schema(changed, "Refusal402")["properties"]["error"]["enum"] == ["insufficient_pages", "plan_expired"]
    assert responses(changed)["402"]["description"] == "No pages are left on the account; The plan has ended."


def test_a_new_provider_can_be_chosen(documentation: Edit) -> None:
    changed = read_contract(documentation((BAIDU, BAIDU + "| `tesla` | no | queued | yes |\n")))
    tesla = changed.providers["tesla"]
    assert (tesla.mode, tesla.default, tesla.word_positions) == ("queued", False, True)
    assert schema(changed, "Provider")["enum"] == ["paddle", "baidu", "tesla"]
    assert {"name": "tesla", "default": False, "mode": "queued", "wordPositions": True} in built(changed)["x-providers"]
    assert new_gaps(changed) == []


def test_another_default_provider_is_the_default(documentation: Edit) -> None:
    edits = ("`paddle` | yes", "`paddle` | no"), ("`baidu` | no", "`baidu` | yes")
    changed = read_contract(documentation(*edits))
    assert changed.default_provider.name == "baidu"
    assert schema(changed, "Submission")["properties"]["provider"]["default"] == "baidu"


def test_a_field_that_became_required_is_required(documentation: Edit) -> None:
    changed = read_contract(documentation(("`filename` | string | No", "`filename` | string | Yes")))
    assert [field.name for field in changed.required_fields] == ["imageBase64", "filename"]
    assert schema(changed, "Submission")["required"] == ["imageBase64", "filename"]


def test_a_new_field_is_part_of_the_submission(documentation: Edit) -> None:
    row = "| `filename` |"
    changed = read_contract(documentation((row, f"| `language` | string | No | The language of the text |\n{row}")))
    assert [field.name for field in changed.fields] == ["imageBase64", "language", "filename", "provider"]
    language = schema(changed, "Submission")["properties"]["language"]
    assert language == {"type": "string", "description": "The language of the text"}


def test_a_moved_endpoint_moves(documentation: Edit) -> None:
    changed = read_contract(documentation(("`https://startocr.com/api/ocr`", "`https://api.startocr.com/v2/ocr`")))
    assert built(changed)["servers"] == [{"url": "https://api.startocr.com"}]
    assert list(built(changed)["paths"]) == ["/v2/ocr"]


def test_a_new_rule_without_a_test_is_a_gap(documentation: Edit) -> None:
    changed = read_contract(documentation((FIRST_RULE, f"- `auth.new` Something new.\n{FIRST_RULE}")))
    assert new_gaps(changed) == ["rule auth.new: no test verifies it"]


def test_a_removed_rule_leaves_its_test_and_its_decision_undocumented(documentation: Edit) -> None:
    line = "- `body.image_file` Images are accepted. (needs: key)\n"
    changed = read_contract(documentation((line, "")))
    assert new_gaps(changed) == [
        "rule body.image_file: a test verifies it, but it is not documented",
        "rule body.image_file: a decision names it, but it is not documented",
    ]


def test_a_new_question_without_an_observer_is_a_gap(questions: Edit) -> None:
    first, new = (
        "## `success_status`",
        "| Reading | Meaning |\n|---|---|\n| `a` | A |\n\n- mock: `a`, so.\n- client: B.\n",
    )
    changed = read_contract(questions=questions((first, f"## `weather` How is the weather?\n\n{new}\n{first}")))
    assert new_gaps(changed) == ["question weather: no test observes it, and it has no 'unseen'"]
