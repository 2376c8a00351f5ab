"""An example that contradicts its schema stops the build with one line that names it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from spec.__main__ import cli
from spec.examples import contradictions

Edit = Callable[..., Path]

REQUEST, SUCCESS = "example POST /api/ocr request submission ", "example POST /api/ocr 200 accepted "


def test_finds_nothing_in_the_documented_examples(document: dict[str, Any]) -> None:
    assert contradictions(document) == []


@pytest.mark.parametrize(
    ("old", "new", "example"),
    [
        ("ErkJggg==", "ErkJggg=", REQUEST),
        ("ErkJggg==", "ErkJggg", REQUEST),
        ("data:image/png;base64,", "data:image/png,", REQUEST),
        ('"receipt.png",\n  "provider": "paddle"', '"receipt.png",\n  "provider": "tesla"', REQUEST),
        ('"filename": "receipt.png"', '"filename": 5', REQUEST),
        ('"clx3v9k2p0001",\n  "provider": "paddle"', '"clx3v9k2p0001",\n  "provider": "tesla"', SUCCESS),
        ('"taskId": "clx3v9k2p0001"', '"taskId": ""', SUCCESS),
    ],
)
def test_stops_the_build_with_one_line(documentation: Edit, tmp_path: Path, old: str, new: str, example: str) -> None:
    output = tmp_path / "openapi.yaml"
    path = documentation((old, new))
    result = CliRunner().invoke(cli, ["build", "--documentation", str(path), "--output", str(output)])
    assert result.exit_code == 1
    [line] = result.output.splitlines()
    assert line.startswith(f"Error: {example}contradicts its schema at $.")
    assert not output.exists()


def test_names_the_member_and_why_it_is_wrong(document: dict[str, Any]) -> None:
    submission = document["paths"]["/api/ocr"]["post"]["requestBody"]["content"]["application/json"]
    submission["examples"]["submission"]["value"]["provider"] = "tesla"
    [line] = contradictions(document)
    assert line == f"{REQUEST}contradicts its schema at $.provider: 'tesla' is not one of ['paddle', 'baidu']"


def test_looks_at_the_examples_of_refusals(document: dict[str, Any]) -> None:
    refusal = document["paths"]["/api/ocr"]["post"]["responses"]["402"]["content"]["application/json"]
    refusal["examples"]["insufficient_pages"]["value"]["error"] = "payload_too_large"
    [line] = contradictions(document)
    assert line.startswith("example POST /api/ocr 402 insufficient_pages contradicts its schema at $.error: ")


def test_keeps_a_line_short_for_a_large_example(document: dict[str, Any]) -> None:
    submission = document["paths"]["/api/ocr"]["post"]["requestBody"]["content"]["application/json"]
    submission["examples"]["submission"]["value"]["imageBase64"] = "A" * 100_001
    [line] = contradictions(document)
    assert len(line) < 400
