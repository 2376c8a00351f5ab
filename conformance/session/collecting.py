"""Which tests a run has: those of the selected rules, with what each says of itself, in the order in which they come.

A test carries one marker: `verifies(rule, …)`, or `observes(question)` for an open question, which fails nobody.
"""

import random
from collections.abc import Collection
from dataclasses import replace

import pytest

from conformance.session.course import Course
from conformance.session.declared import Declared, declared
from conformance.session.parameters import PARAMETERS
from conformance.session.undisturbed import run_pytest
from spec import Contract

MARKERS = (
    "verifies(rule, ...): judges these rules of the documentation",
    "observes(question): sees how this open question is read",
    "is_control: judged even where the plain submission is not accepted",
    "looks_back: looks again, a while later, at what other tests left",
    "costs(requests, pages, each): what it submits at worst",
)


class Collecting:
    """A pytest plugin that selects and orders the tests. `tests` are the selected ones, by their node ids,
    and `rules` those that they judge."""

    def __init__(self, contract: Contract, course: Course, rules: Collection[str], *, with_questions: bool) -> None:
        self._contract = contract
        self._course = course
        self.rules = frozenset(rules)
        self._with_questions = with_questions
        self._order = [*contract.rules, *contract.questions]
        self.tests: dict[str, Declared] = {}
        self.problems: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for name in PARAMETERS.keys() & set(metafunc.fixturenames):
            values = PARAMETERS[name](self._contract)
            metafunc.parametrize(name, values, ids=[getattr(value, "name", str(value)) for value in values])

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        known = {item: declared(item, self._contract, self._course) for item in items}
        selected = [item for item in items if self._is_selected(known[item])]
        config.hook.pytest_deselected(items=[item for item in items if not self._is_selected(known[item])])
        items[:] = sorted(selected, key=lambda item: self._order_of(known[item]))
        self.tests = {item.nodeid: replace(known[item], place=place) for place, item in enumerate(items)}
        if self._course.shuffled:
            random.Random(self._course.seed).shuffle(items)  # noqa: S311 (an order, no secret)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.problems.append(f"the suite could not be read: {report.longreprtext}")

    def _order_of(self, test: Declared) -> tuple[bool, bool, int]:
        """In the order of the documentation, the questions last, whose odd requests may hurt a server.

        What is generated comes after the other tests, so that a budget serves each rule first; so does what looks back
        at them, which then need not wait.
        """
        comes_later = test.is_generated or test.looks_back or len(test.subjects) > 1
        return test.is_question, comes_later, self._order.index(test.subjects[0])

    def _is_selected(self, test: Declared) -> bool:
        return self._with_questions if test.is_question else not self.rules.isdisjoint(test.subjects)


def collect(contract: Contract, course: Course, rules: Collection[str], *, with_questions: bool) -> list[Declared]:
    """What the tests of a selection say of themselves, in their order, without anything being sent."""
    collecting = Collecting(contract, course, rules, with_questions=with_questions)
    run_pytest([collecting], course, "--collect-only")
    if collecting.problems:
        raise RuntimeError("; ".join(collecting.problems))
    return list(collecting.tests.values())
