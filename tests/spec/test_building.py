"""The OpenAPI document that a contract gives: valid, deterministic, and complete."""

import re
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from spec import Contract, Provider
from spec.building import BASE64, HEADER, build_openapi, dump_openapi
from spec.reading import read_contract

RESPONSES = {
    "401": ["missing_api_key", "invalid_api_key"],
    "400": ["missing_image_base64", "invalid_image_base64"],
    "402": ["insufficient_pages"],
    "413": ["payload_too_large"],
    "415": ["unsupported_media_type"],
}
PNG = "iVBORw0KGgo="
NODE = shutil.which("node")


def operation(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/api/ocr"]["post"]
    return found


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def test_is_valid_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d", document["openapi"])


def test_gives_equal_text_for_equal_facts(contract: Contract) -> None:
    assert dump_openapi(read_contract()) == dump_openapi(contract)


def test_gives_other_text_for_other_facts(contract: Contract) -> None:
    assert dump_openapi(replace(contract, title="Another API")) != dump_openapi(contract)


def test_writes_the_document_below_a_line_that_says_where_it_is_from(contract: Contract) -> None:
    text = dump_openapi(contract)
    assert text.startswith(HEADER)
    assert "python -m spec build" in HEADER
    assert yaml.safe_load(text) == build_openapi(contract)


def test_writes_readable_yaml_without_aliases_or_escapes(contract: Contract) -> None:
    text = dump_openapi(contract)
    assert not re.search(r"[&*]id\d+", text)
    assert "…" in text


def test_has_one_path_with_one_method(document: dict[str, Any]) -> None:
    assert {path: list(methods) for path, methods in document["paths"].items()} == {"/api/ocr": ["post"]}
    assert document["servers"] == [{"url": "https://startocr.com"}]


def test_asks_for_a_bearer_key(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["apiKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert (scheme["x-header"], scheme["x-scheme"]) == ("Authorization", "Bearer")
    assert document["security"] == [{"apiKey": []}]


def test_requires_a_json_body(document: dict[str, Any]) -> None:
    body = operation(document)["requestBody"]
    assert body["required"] is True
    assert list(body["content"]) == ["application/json"]


def test_has_a_response_per_status_and_no_default(document: dict[str, Any]) -> None:
    assert list(operation(document)["responses"]) == ["200", *sorted(RESPONSES)]


@pytest.mark.parametrize(("status", "codes"), RESPONSES.items())
def test_has_an_example_for_every_error_code(document: dict[str, Any], status: str, codes: list[str]) -> None:
    examples = operation(document)["responses"][status]["content"]["application/json"]["examples"]
    assert {name: example["value"]["error"] for name, example in examples.items()} == {code: code for code in codes}


@pytest.mark.parametrize(("status", "codes"), RESPONSES.items())
def test_allows_each_status_its_own_codes_only(document: dict[str, Any], status: str, codes: list[str]) -> None:
    refusal = schema(document, f"Refusal{status}")
    assert refusal["properties"]["error"]["enum"] == codes
    assert refusal["properties"]["success"] == {"type": "boolean", "const": False}
    assert "error" in refusal["required"]


def test_shows_a_refusal_as_the_mock_server_writes_it(document: dict[str, Any]) -> None:
    example = operation(document)["responses"]["402"]["content"]["application/json"]["examples"]["insufficient_pages"]
    assert example["value"] == {
        "success": False,
        "error": "insufficient_pages",
        "message": "No pages are left on the account.",
    }


def test_describes_a_refusal_by_the_meanings_of_its_rows(document: dict[str, Any]) -> None:
    description = operation(document)["responses"]["401"]["description"]
    assert description == "The request brings no Bearer key; The key does not exist or was revoked."


def test_answers_success_with_the_status_that_the_mock_chose(contract: Contract) -> None:
    question = replace(contract.questions["success_status"], mock="202")
    chosen = replace(contract, questions={**contract.questions, question.id: question})
    assert next(iter(operation(build_openapi(chosen))["responses"])) == "202"


def test_describes_the_success_by_its_example(document: dict[str, Any]) -> None:
    accepted = schema(document, "Accepted")
    assert accepted["required"] == ["success", "taskId", "provider"]
    assert accepted["properties"] == {
        "success": {"type": "boolean", "const": True},
        "taskId": {"type": "string", "minLength": 1},
        "provider": {"$ref": "#/components/schemas/Provider"},
    }


def test_requires_the_required_fields_only(document: dict[str, Any]) -> None:
    submission = schema(document, "Submission")
    assert submission["required"] == ["imageBase64"]
    assert list(submission["properties"]) == ["imageBase64", "filename", "provider"]


def test_says_nothing_about_members_that_are_not_documented(document: dict[str, Any]) -> None:
    assert "additionalProperties" not in schema(document, "Submission")


def test_names_the_providers_and_the_default_one(document: dict[str, Any]) -> None:
    assert schema(document, "Provider")["enum"] == ["paddle", "baidu"]
    assert schema(document, "Submission")["properties"]["provider"]["default"] == "paddle"


def test_has_no_default_for_a_required_provider(contract: Contract) -> None:
    fields = tuple(replace(field, required=True) for field in contract.fields)
    document = build_openapi(replace(contract, fields=fields))
    assert "default" not in schema(document, "Submission")["properties"]["provider"]


@pytest.mark.parametrize("image", [PNG, "AAAA", f"data:image/png;base64,{PNG}", "data:image/svg+xml;base64,AA=="])
def test_takes_base64_and_data_uris_of_images(document: dict[str, Any], image: str) -> None:
    assert schema(document, "Submission")["properties"]["imageBase64"]["pattern"] == BASE64
    assert re.search(BASE64, image)


@pytest.mark.parametrize(
    "image",
    [
        "=",
        "A===",
        "AA=A",
        "A A=",
        "A-_A",
        "AAAA\n=",
        "data:image/png,AAAA",
        "data:;base64,AAAA",
        "data:image/png;base64,",
    ],
)
def test_takes_nothing_else(image: str) -> None:
    assert not re.search(BASE64, image)


@pytest.mark.skipif(NODE is None, reason="node is not installed, so no client in JavaScript can validate")
@pytest.mark.parametrize(("end", "fits"), [("=", True), ("!", False)])
def test_a_client_in_javascript_can_validate_ten_megabytes(end: str, fits: bool) -> None:
    """The stack of V8's regular expressions overflows where a group is repeated as often."""
    script = "const text = 'A'.repeat(13e6) + process.argv[2]; console.log(new RegExp(process.argv[1], 'u').test(text))"
    said = subprocess.run([str(NODE), "-e", script, BASE64, end], capture_output=True, text=True, check=False)
    assert (said.stdout, said.stderr) == (f"{fits}\n".lower(), "")


def test_refuses_an_empty_image(document: dict[str, Any]) -> None:
    assert schema(document, "Submission")["properties"]["imageBase64"]["minLength"] == 1


def test_carries_the_limit(document: dict[str, Any]) -> None:
    assert document["x-limits"] == {"requestBody": {"megabytes": 10}}
    assert operation(document)["description"] == "The request body has at most 10 MB."


def test_carries_how_each_provider_works(contract: Contract) -> None:
    tesla = Provider(name="tesla", default=True, mode="queued", word_positions=False)
    assert build_openapi(replace(contract, providers={"tesla": tesla}))["x-providers"] == [
        {"name": "tesla", "default": True, "mode": "queued", "wordPositions": False}
    ]


def test_carries_every_section_error_rule_and_question(contract: Contract, document: dict[str, Any]) -> None:
    assert [section["id"] for section in document["x-sections"]] == [section.id for section in contract.sections]
    assert document["x-errors"] == list(contract.errors)
    assert [rule["id"] for rule in document["x-rules"]] == list(contract.rules)
    assert [question["id"] for question in document["x-questions"]] == list(contract.questions)


def test_carries_a_rule_without_what_it_does_not_have(document: dict[str, Any]) -> None:
    rules = {rule["id"]: rule for rule in document["x-rules"]}
    assert rules["auth.revoked_key"] == {
        "id": "auth.revoked_key",
        "section": "authentication",
        "strength": "stated",
        "sentence": "A key that has been revoked is refused with `invalid_api_key`.",
        "error": "invalid_api_key",
        "needs": ["revoked key"],
    }
