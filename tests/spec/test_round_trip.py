"""What was built from a contract loads as an equal one, for the committed documents and for others."""

import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from spec import Contract, Error, Field, Limit, Provider, Question, Rule, load_contract
from spec.building import dump_openapi

Loaded = Callable[[Contract], Contract]

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
NAMES = st.text(string.ascii_lowercase + string.digits + "_.", min_size=1, max_size=12)
ERRORS = st.builds(Error, status=st.integers(400, 599), code=NAMES, meaning=TEXTS)
FIELDS = st.builds(
    Field, name=NAMES, kind=st.sampled_from(["string", "provider"]), required=st.booleans(), description=TEXTS
)
PROVIDERS = st.builds(
    Provider,
    name=NAMES,
    default=st.just(False),
    mode=st.sampled_from(["queued", "synchronous"]),
    word_positions=st.booleans(),
)
RULES = st.builds(
    Rule,
    id=NAMES,
    section=NAMES,
    strength=st.sampled_from(["stated", "standard"]),
    sentence=TEXTS,
    error=st.sampled_from([None, "missing_api_key", "payload_too_large"]),
    needs=st.lists(TEXTS, max_size=3).map(tuple),
    source=st.none() | TEXTS,
)
QUESTIONS = st.builds(
    Question,
    id=NAMES,
    text=TEXTS,
    readings=st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3),
    mock=TEXTS,
    reason=TEXTS,
    client=TEXTS,
    unseen=st.none() | TEXTS,
)

few = settings(max_examples=20, deadline=None, phases=[Phase.generate])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The way of a contract through a file and back."""
    path: Path = tmp_path_factory.mktemp("built") / "openapi.yaml"

    def through(contract: Contract) -> Contract:
        path.write_text(dump_openapi(contract), encoding="utf-8")
        return load_contract(path)

    return through


@pytest.fixture(scope="module")
def small(contract: Contract) -> Contract:
    """No rules, and only the question that the document needs."""
    question = contract.questions["success_status"]
    return replace(contract, rules={}, questions={question.id: question})


def test_loads_the_documented_contract(contract: Contract, loaded: Loaded) -> None:
    assert loaded(contract) == contract


@pytest.mark.parametrize("kind", ["providers", "rules", "questions"])
def test_keeps_the_order_of_the_documents(contract: Contract, loaded: Loaded, kind: str) -> None:
    assert list(getattr(loaded(contract), kind)) == list(getattr(contract, kind))


def test_keeps_the_order_of_the_error_table(contract: Contract, loaded: Loaded) -> None:
    assert list(loaded(contract).errors) == list(contract.errors)


def test_keeps_the_order_of_an_error_table_that_returns_to_a_status(contract: Contract, loaded: Loaded) -> None:
    first, *others = contract.errors.values()
    changed = replace(contract, errors={error.code: error for error in [*others, first]})
    assert list(loaded(changed).errors) == list(changed.errors)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://ocr.example/v2/submit"},
        {"method": "PUT"},
        {"media_type": "application/vnd.ocr+json"},
        {"auth_scheme": "Token"},
        {"auth_header": "X-Api-Key"},
        {"auth_scheme": "ApiKey"},
    ],
    ids=str,
)
def test_keeps_another_endpoint(contract: Contract, loaded: Loaded, change: dict[str, Any]) -> None:
    changed = replace(contract, endpoint=replace(contract.endpoint, **change))
    assert loaded(changed) == changed


def test_keeps_another_success_status(contract: Contract, loaded: Loaded) -> None:
    question = replace(contract.questions["success_status"], mock="202")
    changed = replace(contract, questions={question.id: question})
    assert loaded(changed) == changed


@few
@given(errors=st.lists(ERRORS, min_size=1, max_size=4))
def test_keeps_any_errors(small: Contract, loaded: Loaded, errors: list[Error]) -> None:
    changed = replace(small, errors={error.code: error for error in errors})
    assert loaded(changed).errors == changed.errors


@few
@given(fields=st.lists(FIELDS, unique_by=lambda field: field.name, max_size=4))
def test_keeps_any_fields(small: Contract, loaded: Loaded, fields: list[Field]) -> None:
    assert loaded(replace(small, fields=tuple(fields))).fields == tuple(fields)


@few
@given(
    providers=st.lists(PROVIDERS, unique_by=lambda one: one.name, min_size=1, max_size=3),
    megabytes=st.integers(1, 10_000),
)
def test_keeps_any_providers_and_limit(
    small: Contract, loaded: Loaded, providers: list[Provider], megabytes: int
) -> None:
    named = {provider.name: provider for provider in (replace(providers[0], default=True), *providers[1:])}
    changed = replace(small, providers=named, limit=Limit(megabytes=megabytes))
    assert loaded(changed) == changed


@few
@given(rules=st.lists(RULES, max_size=3))
def test_keeps_any_rules(small: Contract, loaded: Loaded, rules: list[Rule]) -> None:
    changed = replace(small, rules={rule.id: rule for rule in rules})
    assert loaded(changed) == changed


@few
@given(questions=st.lists(QUESTIONS, max_size=3))
def test_keeps_any_questions(small: Contract, loaded: Loaded, questions: list[Question]) -> None:
    changed = replace(small, questions={**{question.id: question for question in questions}, **small.questions})
    assert loaded(changed) == changed


@few
@given(title=TEXTS, task=TEXTS, image=TEXTS)
def test_keeps_any_texts_in_title_and_examples(
    small: Contract, loaded: Loaded, title: str, task: str, image: str
) -> None:
    changed = replace(
        small, title=title, success_example={"success": True, "taskId": task}, request_example={"imageBase64": image}
    )
    assert loaded(changed) == changed
