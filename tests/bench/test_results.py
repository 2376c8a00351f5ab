"""Goals are computed from what was measured, and the committed page is that of the committed numbers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.cases import REFUSALS, SUBMISSIONS
from bench.goals import Goal, goals, ratio
from bench.page import page

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def results() -> Any:
    return json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))


def test_the_page_is_that_of_the_numbers(results: Any) -> None:
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == page(results)


def test_every_goal_is_there(results: Any) -> None:
    assert len(goals(results)) == 2 * len(SUBMISSIONS) + len(REFUSALS) + 2 + 3


def test_a_goal_follows_from_the_numbers(results: Any) -> None:
    case = results["requests"]["1 KB"]
    case["startocr-mock"].update(cpu_us=220.0, per_second=400.0)
    case["yardstick"]["cpu_us"] = 100.0
    case["Prism"]["per_second"] = 100.0
    assert ratio(case) == 2.2
    ours, prism = goals(results)[:2]
    assert (ours.measured, ours.limit, ours.is_met) == (2.2, 2.2, True)
    assert (prism.measured, prism.limit, prism.is_met) == (4.0, 2.0, True)


def test_without_prism_nothing_is_compared_with_it(results: Any) -> None:
    for case in results["requests"].values():
        case.pop("Prism", None)
    assert not [goal for goal in goals(results) if "Prism" in goal.says]
    assert "are not measured: npm is not installed" in page({**results, "not_measured": "npm is not installed"})


@pytest.mark.parametrize(
    ("measured", "at_least", "is_met", "is_missed"),
    [
        (2.0, False, True, False),
        (2.1, False, False, False),
        (2.3, False, False, True),
        (2.0, True, True, False),
        (1.9, True, False, False),
        (1.7, True, False, True),
    ],
)
def test_a_goal_is_missed_beyond_the_noise(measured: float, at_least: bool, is_met: bool, is_missed: bool) -> None:
    goal = replace(Goal(says="", limit=2.0, measured=measured), at_least=at_least)
    assert (goal.is_met, goal.is_missed) == (is_met, is_missed)


@pytest.mark.parametrize("case", [*SUBMISSIONS, *REFUSALS], ids=lambda case: case.name)
def test_a_body_has_its_size_and_is_a_submission(case: Any) -> None:
    body = case.body()
    assert len(body) == case.size
    assert set(json.loads(body)) == {"imageBase64", "filename"}
