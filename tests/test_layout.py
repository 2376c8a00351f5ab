"""The layout holds: imports go one way, mockserver → spec ← conformance, and no module grows beyond reading."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = 300
FORBIDDEN = {
    "spec": {"mockserver", "conformance", "fixtures"},
    "mockserver": {"conformance"},
    "conformance": {"mockserver"},
    "fixtures": {"spec", "mockserver", "conformance"},
}


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"no module found in {package}/"
    return found


def imported(source: str) -> Iterator[str]:
    """The top-level packages that a module names in its imports, wherever in the module they stand."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name.partition(".")[0]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_go_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(package)
        for name in imported(path.read_text(encoding="utf-8"))
        if name in FORBIDDEN[package]
    ]
    assert not wrong


@pytest.mark.parametrize("package", FORBIDDEN)
def test_no_module_is_long(package: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(package)}
    long = [f"{path.relative_to(ROOT)}: {length} lines" for path, length in lengths.items() if length > LINES]
    assert not long, f"more than {LINES} lines"


@pytest.mark.parametrize(
    "source",
    [
        "import spec",
        "import os, spec.model as model",
        "from spec import Rule",
        "from spec.model import Rule",
        "def late():\n    from spec import Rule",
        "if TYPE_CHECKING:\n    import spec",
        "import importlib\nimportlib.import_module('spec.model')",
        "__import__('spec')",
    ],
)
def test_sees_every_form_of_an_import(source: str) -> None:
    assert "spec" in set(imported(source))


@pytest.mark.parametrize("source", ["import specs", "from .spec import Rule", "from os import spec", "'import spec'"])
def test_sees_no_import_where_none_is(source: str) -> None:
    assert "spec" not in set(imported(source))
