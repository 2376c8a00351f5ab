"""What a row of the proof rests on: digests of the code of a server, and of the tests that the suite has.

A digest does not change with how code is laid out.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType
from typing import TypeGuard

import conformance.sections
from tests.defects.catalogue import Defect
from tests.variants.catalogue import Variant

LENGTH = 12
OURS = "tests."
SECTIONS = Path(conformance.sections.__file__).parent


def source_of(subject: Defect | Variant) -> str:
    """A digest of the functions that were declared, and of those of the tests that these name."""
    found: dict[Callable[..., object], None] = {}
    for function in subject.made_of:
        _find(function, found)
    return digest("".join(inspect.getsource(function) for function in found))


def _find(function: Callable[..., object], found: dict[Callable[..., object], None]) -> None:
    """Add the function, and what it names, directly or by others, where that is a function or a class of the tests."""
    if function in found:
        return
    found[function] = None
    for part in _functions(function):
        for name in _names(part.__code__):
            named = part.__globals__.get(name)
            if _is_ours(named):
                _find(named, found)


def _is_ours(named: object) -> TypeGuard[Callable[..., object]]:
    is_code = inspect.isroutine(named) or inspect.isclass(named)
    return is_code and str(getattr(named, "__module__", "")).startswith(OURS)


def _functions(part: Callable[..., object]) -> list[FunctionType]:
    """A function, or those of a class."""
    members = vars(part).values() if inspect.isclass(part) else [inspect.unwrap(part)]
    return [member for member in members if isinstance(member, FunctionType)]


def _names(code: CodeType) -> Iterator[str]:
    """What a piece of code refers to by name, in the functions inside it, too."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


@cache
def tests_of_the_suite() -> dict[str, str]:
    """A digest of each test function of the suite, with its decorators, by its name."""
    found: dict[str, str] = {}
    for path in sorted(SECTIONS.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                found[node.name] = digest(found.get(node.name, "") + "".join(lines[first - 1 : node.end_lineno]))
    return found


def digest_of_test(name: str) -> str:
    """The digest of a test of the suite, whose name tells its parameters; nothing where there is none."""
    return tests_of_the_suite().get(name.partition("[")[0], "")


def digest(text: str) -> str:
    return sha256("".join(text.split()).encode()).hexdigest()[:LENGTH]
