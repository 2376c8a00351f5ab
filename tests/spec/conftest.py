"""What the tests of `spec` share: the contract as it is read, the document built from it, and edited copies."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spec import Contract
from spec.building import build_openapi
from spec.reading import DOCUMENTATION, QUESTIONS, read_contract

Edit = Callable[..., Path]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return read_contract()


@pytest.fixture
def document(contract: Contract) -> dict[str, Any]:
    """The OpenAPI document as plain dicts and lists, anew for each test."""
    return build_openapi(contract)


@pytest.fixture
def documentation(tmp_path: Path) -> Edit:
    """`documentation((old, new), …)`: a copy of documentation.md in which each `old` has become `new`."""
    return lambda *edits: _copy(DOCUMENTATION, tmp_path, edits)


@pytest.fixture
def questions(tmp_path: Path) -> Edit:
    """`questions((old, new), …)`: the same of questions.md."""
    return lambda *edits: _copy(QUESTIONS, tmp_path, edits)


def _copy(source: Path, folder: Path, edits: tuple[tuple[str, str], ...]) -> Path:
    text = source.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, f"{source.name} no longer says {old!r}: mend the edit"
        text = text.replace(old, new, 1)
    copy = folder / source.name
    copy.write_text(text, encoding="utf-8")
    return copy
