"""`openapi.yaml` → `Contract`: the one view of the API that server and suite import.

The inverse of `building`: what was built from a contract loads as an equal one.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any, get_args

import yaml

from spec.model import Contract, Endpoint, Error, Field, Limit, Mode, Provider, Question, Rule, Section

OPENAPI = Path(__file__).parent / "openapi.yaml"

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SpecError(Exception):
    """An OpenAPI file cannot serve as the contract: names the file and says what to do."""


def load_contract(path: Path | str = OPENAPI) -> Contract:
    """Load a built OpenAPI document. Raises SpecError if it is absent, no YAML, or was not built by this project."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        document = yaml.load(text, Loader=Loader)  # noqa: S506 - one of the two safe loaders, the faster if it is there
    except OSError as problem:
        raise SpecError(f"{os.fspath(path)} cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError, yaml.YAMLError) as problem:
        raise SpecError(f"{os.fspath(path)} cannot be read: {' '.join(str(problem).split())}") from problem
    try:
        return consistent(parse_openapi(document))
    except (LookupError, StopIteration, TypeError, AttributeError, ValueError) as problem:
        raise SpecError(
            f"{os.fspath(path)} is no OpenAPI document of this project ({_plainly(problem)}): run python -m spec build"
        ) from problem


def _plainly(problem: Exception) -> str:
    """What is wrong with the form of a document, for people who do not know Python."""
    match problem:
        case KeyError(args=[str(name), *_]):
            return f"{name} is missing"
        case ValueError() if "unpack" not in str(problem):
            return str(problem)
    return "it has another form"


def parse_openapi(document: Mapping[str, Any]) -> Contract:
    """The facts of an OpenAPI document that `building` wrote."""
    [(path, methods)] = document["paths"].items()
    [(method, operation)] = methods.items()
    [(media_type, body)] = operation["requestBody"]["content"].items()
    errors = {error.code: error for error in _errors(operation)}
    if sorted(errors) != sorted(document["x-errors"]):
        raise ValueError("x-errors and the responses name different error codes")
    questions = {question["id"]: Question(**{"unseen": None, **question}) for question in document["x-questions"]}
    if questions["success_status"].mock not in operation["responses"]:
        raise ValueError("no response has the success status that x-questions chooses")
    return Contract(
        title=document["info"]["title"],
        endpoint=_endpoint(document, method=method.upper(), path=path, media_type=media_type),
        sections=tuple(Section(**section) for section in document["x-sections"]),
        fields=tuple(_fields(document["components"]["schemas"]["Submission"])),
        request_example=body["examples"]["submission"]["value"],
        success_example=_success(operation)["examples"]["accepted"]["value"],
        errors={code: errors[code] for code in document["x-errors"]},
        limit=Limit(megabytes=document["x-limits"]["requestBody"]["megabytes"]),
        providers={provider["name"]: _provider(provider) for provider in document["x-providers"]},
        rules={rule["id"]: _rule(rule) for rule in document["x-rules"]},
        questions=questions,
    )


def consistent(contract: Contract) -> Contract:
    """The same contract. Raises ValueError if its parts do not fit each other."""
    unknown = {rule.error for rule in contract.rules.values()} - {None, *contract.errors}
    if unknown:
        raise ValueError(f"rules name the error codes {sorted(map(str, unknown))}, which no answer has")
    if not all(isinstance(text, str) for text in (*astuple(contract.endpoint), *contract.providers)):
        raise ValueError("the endpoint or a provider has a name that is no text")
    if not contract.endpoint.path.startswith("/"):
        raise ValueError("the endpoint has no path")
    if not {provider.mode for provider in contract.providers.values()} <= set(get_args(Mode)):
        raise ValueError(f"the mode of a provider is none of {get_args(Mode)}")
    if [provider.default for provider in contract.providers.values()].count(True) != 1:
        raise ValueError("not exactly one provider is the default one")
    if type(contract.limit.megabytes) is not int or contract.limit.megabytes < 1:
        raise ValueError("the limit is no whole number of megabytes")
    return contract


def _endpoint(document: Mapping[str, Any], *, method: str, path: str, media_type: str) -> Endpoint:
    scheme = document["components"]["securitySchemes"]["apiKey"]
    return Endpoint(
        method=method,
        url=document["servers"][0]["url"] + path,
        media_type=media_type,
        auth_header=scheme["x-header"],
        auth_scheme=scheme["x-scheme"],
    )


def _fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    for name, facts in schema["properties"].items():
        yield Field(
            name=name,
            kind="provider" if "$ref" in facts else "string",
            required=name in schema["required"],
            description=facts["description"],
        )


def _errors(operation: Mapping[str, Any]) -> Iterator[Error]:
    for status, response in operation["responses"].items():
        for code, example in response["content"]["application/json"]["examples"].items():
            if int(status) >= 400:
                yield Error(status=int(status), code=code, meaning=example["summary"])


def _success(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    content: Mapping[str, Any] = next(
        response["content"]["application/json"]
        for status, response in operation["responses"].items()
        if int(status) < 400
    )
    return content


def _provider(facts: Mapping[str, Any]) -> Provider:
    return Provider(
        name=facts["name"], default=facts["default"], mode=facts["mode"], word_positions=facts["wordPositions"]
    )


def _rule(facts: Mapping[str, Any]) -> Rule:
    defaults = {"error": None, "source": None}
    return Rule(**{**defaults, **facts, "needs": tuple(facts.get("needs", ()))})
