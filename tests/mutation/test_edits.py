"""The edits change what they say they change, once each, and leave the rest of the text alone."""

import pytest

from tests.mutation.edits import edits
from tests.mutation.meaning import meaning
from tests.mutation.mutants import MODULES, mutants


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("def f() -> bool:\n    return a < b\n", ["return False", "return True"]),
        ("def f() -> bool:\n    return True\n", ["return False"]),
        ("def f() -> str:\n    return a\n", []),
        ("store.run(a)\n", ["pass"]),
        ("async def f() -> None:\n    await g()\n", ["    pass"]),
        ("logger.warning(a)\n", []),
        ("x = store.run(a)\n", []),
        ("try:\n    f()\nexcept (A, B):\n    x = 1\n", ["pass", "except ():"]),
        ("q = 'SELECT a FROM b WHERE c >= ? AND d'\n", ["c > ? AND d", "c >= ? OR d"]),
        ("q = 'more >= less AND so on'\n", []),
        ("x = {'flag': 'value'}\n", ["{'flagX': 'value'}"]),
        ("x = a == 'binary'\n", ["a == 'binaryX'"]),
        ("x = a != ''\n", []),
        ("é = {'ü': 1}; x = {'a': 2}\n", ["{'üX': 1}; x = {'a': 2}", "{'ü': 1}; x = {'aX': 2}"]),
    ],
)
def test_changes_one_thing_at_a_time(source: str, changed: list[str]) -> None:
    texts = [edit.apply(source) for edit in edits(source)]
    assert len(texts) == len(changed)
    assert [part for part in changed if not any(part in text for text in texts)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = not a == b", "x = a != b"),
        ("x = not a is not b", "x = a is b"),
        ("x = not not a", "x = a"),
        ("x = not a > b", "x = a <= b"),
        ("x =  1", "x = 1"),
    ],
)
def test_two_ways_to_negate_mean_the_same(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(("one", "other"), [("x = not a", "x = a"), ("x = a < b", "x = a <= b"), ("x = 1", "x = 2")])
def test_other_changes_mean_something_else(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


@pytest.mark.parametrize("module", MODULES)
def test_every_mutant_of_a_module_can_be_read(module: str) -> None:
    """cosmic-ray negates an assignment expression where nothing can stand before it."""
    found = mutants(module)
    assert found != []
    assert len({meaning(mutant.source) for mutant in found}) == len(found)
