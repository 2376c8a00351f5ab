"""Every example of an OpenAPI document, held against its own schema.

A tool that meets an example which contradicts its schema may drop it without a word; here it stops the build.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from spec.building import BASE64


def contradictions(document: dict[str, Any]) -> list[str]:
    """One line per example that its schema refuses: where it stands and why it is refused."""
    return [
        f"example {place} contradicts its schema at {error.json_path}: {error.message[:200]}"
        for place, schema, value in _examples(document)
        for error in _validator(document, schema).iter_errors(value)
    ]


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Local references resolve since the components come along."""
    return Validator({**schema, "components": document["components"]})


def _examples(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            contents = {"request": operation["requestBody"], **operation["responses"]}
            for name, holder in contents.items():
                for media in holder["content"].values():
                    for example, value in media["examples"].items():
                        yield f"{method.upper()} {path} {name} {example}", media["schema"], value["value"]


def _pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """As JSON Schema has it; and Base64 is padded, which its pattern does not say."""
    yield from Draft202012Validator.VALIDATORS["pattern"](validator, pattern, value, schema)
    if pattern == BASE64 and len(str(value).rpartition(",")[2]) % 4:
        yield ValidationError("its length is no multiple of four")


Validator = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
