"""The failed tests of a rule, so that those which failed alike are told once, beside what passed in the same test."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from conformance.report.view import Row

# Names of tasks, times, digests: another one in each answer.
PASSING = re.compile(r"\b(?=[A-Za-z_-]*\d)[\w-]{12,}")
STATUS, CODE = re.compile(r"[1-5]\d\d\b"), re.compile(r"[a-z]+(?:_[a-z]+)+")
MOST_PARAMETERS = 10


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Tests that failed alike: `names` of them, the shown `first` one, and `passed`, the same with other parameters."""

    first: Row
    names: list[str]
    passed: list[str]


def kinds(rule: Row) -> list[Kind]:
    """The tests that have the verdict of their rule, by how they ended, in their order."""
    by_end: dict[tuple[str, ...], list[Row]] = {}
    for test in rule["tests"]:
        if test["verdict"] == rule["verdict"]:
            by_end.setdefault(_end(test), []).append(test)
    return [
        Kind(first=tests[0], names=_together(tests), passed=_together(_passed_beside(tests, rule["tests"])))
        for tests in by_end.values()
    ]


def steady(text: str) -> str:
    """A text without what is another one in each answer."""
    return PASSING.sub("…", text)


def _end(test: Row) -> tuple[str, ...]:
    """How a test ended, without what is another thing each time: of an answer, only its status and its codes."""
    if test["expected"] is None:
        return (steady(test["reason"]),)
    got = test["got"]
    if status := STATUS.match(got):
        got = " ".join([status[0], *CODE.findall(got)])
    return test["expected"], steady(got)


def _passed_beside(failed: Iterable[Row], tests: Iterable[Row]) -> list[Row]:
    functions = {_function(test) for test in failed}
    return [test for test in tests if test["verdict"] == "passed" and _function(test) in functions]


def _together(tests: Iterable[Row]) -> list[str]:
    """The names of tests, those of one function as one: `test_refuses[a] [b]`."""
    by_function: dict[str, list[str]] = {}
    for test in tests:
        by_function.setdefault(_function(test), []).append(test["name"].removeprefix(_function(test)))
    return [name + _listed(list(dict.fromkeys(parameters))) for name, parameters in by_function.items()]


def _listed(parameters: list[str]) -> str:
    more = len(parameters) - MOST_PARAMETERS
    return " ".join([*parameters[:MOST_PARAMETERS], *([f"and {more} more"] if more > 0 else [])])


def _function(test: Row) -> str:
    return str(test["name"].partition("[")[0])
