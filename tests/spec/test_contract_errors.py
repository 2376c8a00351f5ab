"""A file that cannot serve as the contract ends in a SpecError: one line, the file, and what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from spec import SpecError, load_contract

FOREIGN = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get: {responses: {default: {description: Pets}}}
"""
OURS = Path(__file__).parents[2] / "spec" / "openapi.yaml"

Change = Callable[[dict[str, Any]], Any]


def complaint(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        load_contract(path)
    [line] = str(caught.value).splitlines()
    assert line.startswith(f"{path} ")
    return line


def written(folder: Path, text: str) -> Path:
    path = folder / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def edited(folder: Path, change: Change) -> Path:
    """Our document, changed where another tool might have changed it."""
    document = yaml.safe_load(OURS.read_text(encoding="utf-8"))
    change(document)
    return written(folder, yaml.safe_dump(document))


def test_names_a_file_that_is_absent(tmp_path: Path) -> None:
    line = complaint(tmp_path / "absent.yaml")
    assert "cannot be read" in line
    assert "No such file" in line


def test_names_a_folder(tmp_path: Path) -> None:
    assert "cannot be read" in complaint(tmp_path)


def test_names_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(b"\xff\xfe")
    assert "cannot be read" in complaint(path)


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\ta", "a: !!python/object:os.system {}", "? {a: b}\n: c"])
def test_names_a_file_that_is_no_plain_yaml(tmp_path: Path, text: str) -> None:
    assert "cannot be read" in complaint(written(tmp_path, text))


@pytest.mark.parametrize("text", ["", "text", "[]", "{}", "paths: {}", "paths: []", FOREIGN])
def test_says_how_to_build_what_is_no_document_of_ours(tmp_path: Path, text: str) -> None:
    line = complaint(written(tmp_path, text))
    assert "is no OpenAPI document of this project" in line
    assert line.endswith(": run python -m spec build")


@pytest.mark.parametrize(
    "member", ["x-errors", "x-rules", "x-questions", "x-sections", "x-providers", "x-limits", "servers"]
)
def test_asks_for_each_member_that_the_contract_needs(tmp_path: Path, member: str) -> None:
    assert f"({member} is missing)" in complaint(edited(tmp_path, lambda document: document.pop(member)))


def test_refuses_a_second_path(tmp_path: Path) -> None:
    path = edited(tmp_path, lambda document: document["paths"].update({"/api/tasks": {}}))
    assert "is no OpenAPI document of this project" in complaint(path)


def test_refuses_a_rule_of_another_form(tmp_path: Path) -> None:
    path = edited(tmp_path, lambda document: document["x-rules"][0].update(severity="high"))
    assert "is no OpenAPI document of this project" in complaint(path)


def test_keeps_the_cause(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        load_contract(tmp_path / "absent.yaml")
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_takes_the_path_as_text(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="absent"):
        load_contract(str(tmp_path / "absent.yaml"))


def test_names_a_file_with_a_date_that_does_not_exist(tmp_path: Path) -> None:
    assert "cannot be read" in complaint(written(tmp_path, "a: 2020-99-99"))


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["servers"].clear(),
        lambda document: document["paths"]["/api/ocr"]["post"]["responses"].pop("200"),
    ],
    ids=["servers", "success"],
)
def test_refuses_a_document_without_servers_or_success(tmp_path: Path, change: Change) -> None:
    assert "is no OpenAPI document of this project" in complaint(edited(tmp_path, change))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda document: document["x-limits"]["requestBody"].update(megabytes="ten"), "the limit is no whole number"),
        (lambda document: document["x-limits"]["requestBody"].update(megabytes=0), "the limit is no whole number"),
        (lambda document: document["x-limits"]["requestBody"].update(megabytes=True), "the limit is no whole number"),
        (lambda document: document["x-rules"][1].update(error="lost"), "rules name the error codes ['lost']"),
        (lambda document: document["x-providers"][0].update(default=False), "not exactly one provider is the default"),
        (lambda document: document["x-providers"][1].update(default=True), "not exactly one provider is the default"),
        (lambda document: document["x-providers"][1].update(mode="later"), "the mode of a provider is none of"),
        (lambda document: document["x-providers"][1].update(name=5), "has a name that is no text"),
        (lambda document: document["servers"][0].update(url="startocr.com"), "the endpoint has no path"),
        (
            lambda document: document["components"]["securitySchemes"]["apiKey"].update({"x-scheme": None}),
            "has a name that is no text",
        ),
        (lambda document: document["x-questions"][0].update(mock="299"), "no response has the success status"),
    ],
)
def test_refuses_a_document_that_contradicts_itself(tmp_path: Path, change: Change, says: str) -> None:
    assert says in complaint(edited(tmp_path, change))


def test_refuses_an_error_code_that_the_list_of_errors_lacks(tmp_path: Path) -> None:
    complaint(edited(tmp_path, lambda document: document["x-errors"].remove("payload_too_large")))
