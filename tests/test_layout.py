"""The layout holds: imports go one way, mockserver → spec ← conformance, and so they do among the parts of the suite.

No module grows beyond reading.
"""

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
# What stands in conformance/, each on those before it; ARCHITECTURE.md has the same rows.
FOUNDATION = ["mistakes", "outcomes", "redaction", "profile", "wire", "verdicts", "target", "strategies", "session"]
SUITE = [*FOUNDATION, "sections", "report", "judge", "pytest_plugin", "commands", "cli", "__main__"]


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


def test_every_part_of_the_suite_stands_on_those_before_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("conformance")
        for name in parts_imported(path.read_text(encoding="utf-8"))
        if SUITE.index(name) > SUITE.index(part_of(path))
    ]
    assert not wrong


def part_of(module: Path) -> str:
    return module.relative_to(ROOT / "conformance").with_suffix("").parts[0].replace("__init__", SUITE[0])


def parts_imported(source: str) -> Iterator[str]:
    """The parts of the suite that a module needs when it runs; names for the sake of types alone do not count."""
    tree = ast.parse(source)
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and id(node) not in for_types:
            package, _, rest = str(node.module).partition(".")
            if package == "conformance":
                yield from [rest.partition(".")[0]] if rest else [alias.name for alias in node.names]


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
