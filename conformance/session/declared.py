"""What a test of the suite says of itself by its markers, before it runs."""

from dataclasses import dataclass

import pytest
from hypothesis import is_hypothesis_test

from conformance.session.course import Course
from spec import Contract


class MarkingError(Exception):
    """A test of the suite names no rule or no cost, or a rule that does not exist."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """`subjects` are the rules that a test judges, or the one question that it observes. One that `looks_back` at what
    other tests left has to wait if it comes soon after them.

    `requests` and `pages` are what it submits at worst, if a conforming target accepts what it should. `place` is its
    place among the tests of a run, in the order of the documentation.
    """

    name: str
    subjects: tuple[str, ...]
    is_question: bool
    is_control: bool
    is_generated: bool
    looks_back: bool
    requests: int
    pages: int
    place: int = 0


def declared(item: pytest.Item, contract: Contract, course: Course) -> Declared:
    """Read the markers of a test. Raises MarkingError where one is lacking or wrong."""
    costs = item.get_closest_marker("costs")
    if costs is None:
        raise MarkingError(f"{item.nodeid} does not say what it costs")
    generated = bool(is_hypothesis_test(getattr(item, "obj", None))) or bool(costs.kwargs["each"])
    times = course.examples if costs.kwargs["each"] else 1
    return Declared(
        name=item.name,
        subjects=_subjects(item, contract),
        is_question=item.get_closest_marker("verifies") is None,
        is_control=item.get_closest_marker("is_control") is not None,
        is_generated=generated,
        looks_back=item.get_closest_marker("looks_back") is not None,
        requests=costs.kwargs["requests"] * times,
        pages=costs.kwargs["pages"] * times,
    )


def _subjects(item: pytest.Item, contract: Contract) -> tuple[str, ...]:
    for marker, known in (("verifies", contract.rules), ("observes", contract.questions)):
        found = item.get_closest_marker(marker)
        if found:
            unknown = [name for name in found.args if name not in known]
            if unknown or not found.args:
                raise MarkingError(f"{item.nodeid}: {marker} {unknown}, which the documentation has not")
            return tuple(found.args)
    raise MarkingError(f"{item.nodeid} says neither which rule it verifies nor which question it observes")
