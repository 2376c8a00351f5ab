"""`Contract` → OpenAPI 3.1 document: pure and deterministic, so that equal facts give an equal file.

What OpenAPI has a place for stands there (fields, statuses, error codes, examples, the Bearer scheme); the rest stands
in `x-` members, so that `contract` can read everything back.
"""

from dataclasses import asdict
from typing import Any

import yaml

from spec.model import Contract, Error, Field, Question, Rule

HEADER = "# Generated from documentation.md and questions.md by `python -m spec build`. Edit those, not this.\n"

# Plain Base64 with padding, or the same in a data URI of an image type (documentation: the field imageBase64).
# That its length is a multiple of four is not said: a group that is repeated for ten megabytes of text overflows the
# stack of the regular expressions of V8, by which clients in JavaScript validate.
BASE64 = r"^(data:image/[A-Za-z0-9.+-]+;base64,)?[A-Za-z0-9+/]+={0,2}$"


def build_openapi(contract: Contract) -> dict[str, Any]:
    """The OpenAPI document as plain dicts and lists."""
    endpoint = contract.endpoint
    return {
        "openapi": "3.1.0",
        "info": _info(contract),
        "servers": [{"url": endpoint.origin}],
        "security": [{"apiKey": []}],
        "tags": [{"name": "OCR", "description": "Submission of documents for text recognition."}],
        "paths": {endpoint.path: {endpoint.method.lower(): _operation(contract)}},
        "components": {"securitySchemes": _security_schemes(contract), "schemas": _schemas(contract)},
        "x-limits": {"requestBody": {"megabytes": contract.limit.megabytes}},
        "x-providers": [_provider(provider) for provider in contract.providers.values()],
        "x-errors": list(contract.errors),
        "x-sections": [asdict(section) for section in contract.sections],
        "x-rules": [_rule(rule) for rule in contract.rules.values()],
        "x-questions": [_question(question) for question in contract.questions.values()],
    }


def dump_openapi(contract: Contract) -> str:
    """The text of `openapi.yaml`."""
    text: str = yaml.safe_dump(build_openapi(contract), sort_keys=False, allow_unicode=True, width=110)
    return HEADER + text


def _info(contract: Contract) -> dict[str, Any]:
    return {
        "title": contract.title,
        "version": "1",
        "description": (
            "Recognises the text of images and PDF documents. Built from a restatement of the public API reference; "
            "`x-rules` lists what it promises and `x-questions` what it leaves open. Where a question had to be "
            "decided to write this document (the success status, the place of the error code), the reading of the "
            "mock server is shown."
        ),
        "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    }


def _security_schemes(contract: Contract) -> dict[str, Any]:
    return {
        "apiKey": {
            "type": "http",
            "scheme": contract.endpoint.auth_scheme.lower(),
            "x-header": contract.endpoint.auth_header,
            "x-scheme": contract.endpoint.auth_scheme,
            "description": f"An API key in `{contract.endpoint.auth_header}: {contract.endpoint.auth_scheme} KEY`.",
        }
    }


def _operation(contract: Contract) -> dict[str, Any]:
    return {
        "operationId": "submitDocument",
        "summary": "Submit a document",
        "description": f"The request body has at most {contract.limit.megabytes} MB.",
        "tags": ["OCR"],
        "requestBody": {
            "required": True,
            "content": {
                contract.endpoint.media_type: {
                    "schema": {"$ref": "#/components/schemas/Submission"},
                    "examples": {"submission": {"value": dict(contract.request_example)}},
                }
            },
        },
        "responses": {contract.questions["success_status"].mock: _success(contract), **_refusals(contract)},
    }


def _success(contract: Contract) -> dict[str, Any]:
    return {
        "description": "The document is accepted.",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Accepted"},
                "examples": {"accepted": {"value": dict(contract.success_example)}},
            }
        },
    }


def _by_status(contract: Contract) -> dict[int, list[Error]]:
    statuses = sorted({error.status for error in contract.errors.values()})
    return {status: [error for error in contract.errors.values() if error.status == status] for status in statuses}


def _refusals(contract: Contract) -> dict[str, Any]:
    return {str(status): _refusal(status, errors) for status, errors in _by_status(contract).items()}


def _refusal(status: int, errors: list[Error]) -> dict[str, Any]:
    return {
        "description": "; ".join(error.meaning for error in errors) + ".",
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/Refusal{status}"},
                "examples": {error.code: _refusal_example(error) for error in errors},
            }
        },
    }


def _refusal_example(error: Error) -> dict[str, Any]:
    return {
        "summary": error.meaning,
        "value": {"success": False, "error": error.code, "message": f"{error.meaning}."},
    }


def _schemas(contract: Contract) -> dict[str, Any]:
    refusals = {f"Refusal{status}": _refusal_schema(errors) for status, errors in _by_status(contract).items()}
    return {
        "Submission": _submission_schema(contract),
        "Provider": {
            "type": "string",
            "enum": list(contract.providers),
            "description": "An engine by its name; `x-providers` says how each one works.",
        },
        "Accepted": _accepted_schema(contract),
        **refusals,
    }


def _submission_schema(contract: Contract) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [field.name for field in contract.required_fields],
        "properties": {field.name: _field_schema(contract, field) for field in contract.fields},
    }


def _field_schema(contract: Contract, field: Field) -> dict[str, Any]:
    if field.kind == "provider":
        reference = {"$ref": "#/components/schemas/Provider", "description": field.description}
        return reference if field.required else {**reference, "default": contract.default_provider.name}
    schema = {"type": "string", "description": field.description}
    return {**schema, "minLength": 1, "pattern": BASE64} if field.name == "imageBase64" else schema


def _accepted_schema(contract: Contract) -> dict[str, Any]:
    example = contract.success_example
    return {
        "type": "object",
        "required": list(example),
        "properties": {name: _member_schema(contract, name, value) for name, value in example.items()},
    }


def _member_schema(contract: Contract, name: str, value: object) -> dict[str, Any]:
    """The documentation describes the success answer by an example alone: its types are those of the example."""
    if isinstance(value, bool):
        return {"type": "boolean", "const": value}
    if any(field.name == name and field.kind == "provider" for field in contract.fields):
        return {"$ref": "#/components/schemas/Provider"}
    return {"type": "string", "minLength": 1}


def _refusal_schema(errors: list[Error]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["success", "error", "message"],
        "properties": {
            "success": {"type": "boolean", "const": False},
            "error": {"type": "string", "enum": [error.code for error in errors]},
            "message": {"type": "string", "description": "The same in words, for people."},
        },
    }


def _provider(provider: Any) -> dict[str, Any]:
    return {
        "name": provider.name,
        "default": provider.default,
        "mode": provider.mode,
        "wordPositions": provider.word_positions,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    facts = {**asdict(rule), "needs": list(rule.needs)}
    return {name: value for name, value in facts.items() if value not in (None, [])}


def _question(question: Question) -> dict[str, Any]:
    facts = {**asdict(question), "readings": dict(question.readings)}
    return {name: value for name, value in facts.items() if value is not None}
