"""The contract that the documents give, against literals of the public API reference."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from spec import Contract
from spec.reading import read_contract, slug

Edit = Callable[..., Path]

ERRORS = [
    (401, "missing_api_key"),
    (401, "invalid_api_key"),
    (400, "missing_image_base64"),
    (400, "invalid_image_base64"),
    (402, "insufficient_pages"),
    (413, "payload_too_large"),
    (415, "unsupported_media_type"),
]
FIELDS = [("imageBase64", "string", True), ("filename", "string", False), ("provider", "provider", False)]
REFUSALS = {
    "auth.missing_key": "missing_api_key",
    "auth.other_scheme": "missing_api_key",
    "auth.every_request": "missing_api_key",
    "auth.unknown_key": "invalid_api_key",
    "auth.revoked_key": "invalid_api_key",
    "submit.media_type": "unsupported_media_type",
    "body.required_field": "missing_image_base64",
    "body.invalid_image": "invalid_image_base64",
    "limit.refused": "payload_too_large",
    "billing.insufficient_pages": "insufficient_pages",
}
# Those beside HTTP's that the reference does not state.
IMPLIED = ("cors.preflight", "cors.refusal_readable", "billing.page_tree")
SECTIONS = {
    "authentication": "Authentication",
    "submit-a-job": "Submit a job",
    "request-body": "Request body",
    "success-response": "Success response",
    "error-responses": "Error responses",
    "providers": "Providers",
    "billing": "Billing",
    "cors": "CORS",
}


def test_reads_every_row_of_the_error_table_in_order(contract: Contract) -> None:
    assert [(error.status, error.code) for error in contract.errors.values()] == ERRORS


def test_finds_an_error_under_its_code(contract: Contract) -> None:
    assert all(code == error.code and error.meaning for code, error in contract.errors.items())


def test_reads_name_type_and_required_of_every_field(contract: Contract) -> None:
    assert [(field.name, field.kind, field.required) for field in contract.fields] == FIELDS


def test_parts_required_fields_from_optional_ones(contract: Contract) -> None:
    assert [field.name for field in contract.required_fields] == ["imageBase64"]
    assert [field.name for field in contract.optional_fields] == ["filename", "provider"]


def test_reads_both_providers_with_their_modes(contract: Contract) -> None:
    modes = {name: provider.mode for name, provider in contract.providers.items()}
    assert modes == {"paddle": "queued", "baidu": "synchronous"}


def test_reads_which_provider_gives_word_positions(contract: Contract) -> None:
    assert [name for name, provider in contract.providers.items() if provider.word_positions] == ["baidu"]


def test_reads_paddle_as_the_default_provider(contract: Contract) -> None:
    assert contract.default_provider.name == "paddle"
    assert [name for name, provider in contract.providers.items() if provider.default] == ["paddle"]


def test_reads_the_limit_from_the_error_table(contract: Contract) -> None:
    assert contract.limit.megabytes == 10


def test_knows_the_limit_in_bytes_of_either_reading(contract: Contract) -> None:
    assert (contract.limit.decimal_bytes, contract.limit.binary_bytes) == (10_000_000, 10_485_760)


def test_reads_the_endpoint(contract: Contract) -> None:
    endpoint = contract.endpoint
    assert (endpoint.method, endpoint.url) == ("POST", "https://startocr.com/api/ocr")
    assert (endpoint.origin, endpoint.path) == ("https://startocr.com", "/api/ocr")
    assert endpoint.media_type == "application/json"


def test_reads_header_and_scheme_of_the_key(contract: Contract) -> None:
    assert (contract.endpoint.auth_header, contract.endpoint.auth_scheme) == ("Authorization", "Bearer")


def test_reads_the_example_of_a_request(contract: Contract) -> None:
    assert set(contract.request_example) == {"imageBase64", "filename", "provider"}
    assert str(contract.request_example["imageBase64"]).startswith("data:image/png;base64,iVBORw0KGgo")


def test_reads_the_example_of_a_success(contract: Contract) -> None:
    assert list(contract.success_example) == ["success", "taskId", "provider"]
    assert contract.success_example["success"] is True


def test_reads_the_sections_that_hold_rules(contract: Contract) -> None:
    assert {section.id: section.title for section in contract.sections} == SECTIONS


def test_leaves_out_a_section_without_rules(documentation: Edit) -> None:
    path = documentation(("## CORS", "## Prices\n\nThey are not documented.\n\n## CORS"))
    assert "prices" not in [section.id for section in read_contract(path).sections]


def test_looks_for_examples_in_json_only(contract: Contract, documentation: Edit) -> None:
    path = documentation(("An example request:", "```sh\ncurl -d '{}' …\n```\n\nAn example request:"))
    assert read_contract(path).request_example == contract.request_example


def test_puts_every_rule_into_one_of_the_sections(contract: Contract) -> None:
    assert {rule.section for rule in contract.rules.values()} == set(SECTIONS)


def test_binds_refusals_to_the_rows_of_the_error_table(contract: Contract) -> None:
    assert {rule.id: rule.error for rule in contract.rules.values() if rule.error} == REFUSALS


def test_finds_the_refusal_of_a_rule(contract: Contract) -> None:
    refusal = contract.refusal("auth.revoked_key")
    assert (refusal.status, refusal.code) == (401, "invalid_api_key")


def test_has_no_refusal_for_a_rule_that_names_no_code(contract: Contract) -> None:
    with pytest.raises(LookupError, match=r"auth\.key_accepted names no error code"):
        contract.refusal("auth.key_accepted")


def test_finds_the_row_of_a_lacking_field_by_its_name(contract: Contract) -> None:
    [image] = contract.required_fields
    assert image.missing_code == "missing_image_base64"
    assert contract.lacking(image).code == "missing_image_base64"


def test_prefers_a_row_named_after_the_lacking_field(contract: Contract) -> None:
    filename = contract.optional_fields[0]
    row = replace(contract.errors["payload_too_large"], code="missing_filename")
    assert replace(contract, errors={**contract.errors, row.code: row}).lacking(filename) == row


def test_refuses_a_lacking_field_without_a_row_as_an_incomplete_body(contract: Contract) -> None:
    assert contract.lacking(contract.optional_fields[0]) == contract.errors["missing_image_base64"]


def test_calls_only_rules_with_a_named_source_standard(contract: Contract) -> None:
    sources = {rule.id for rule in contract.rules.values() if rule.source}
    assert sources == {rule.id for rule in contract.rules.values() if rule.strength == "standard"}
    assert all(rule_id.startswith("http.") or rule_id in IMPLIED for rule_id in sources)


def test_writes_sentences_that_end_and_carry_no_notes(contract: Contract) -> None:
    for rule in contract.rules.values():
        assert re.fullmatch(r"[^()]+\.", rule.sentence), rule.id


@pytest.mark.parametrize(("title", "expected"), [("Submit a job", "submit-a-job"), ("  CORS & co. ", "cors-co")])
def test_makes_the_id_of_a_section_from_its_title(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_takes_no_other_megabytes_for_the_limit(documentation: Callable[..., Path]) -> None:
    path = documentation(("The file could not be decoded", "The file, of at most 5 MB, could not be decoded"))
    assert read_contract(path).limit.megabytes == 10
