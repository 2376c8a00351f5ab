"""The page of the proof, for everybody: by axe-core's rules, light and dark, with rule names that stay in sight."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.test_page import violations
from tests.defects.catalogue import DEFECTS
from tests.proof.facts import facts
from tests.proof.judging import Outcome
from tests.proof.page import page as page_of
from tests.variants.catalogue import VARIANTS

PEERS = {"tool": "A peer", "date": "2026-01-02", "commit": "0123456789ab", "left_out": "nothing", "tried": 1}
PEERS |= {"caught": ["no_origin_allowed"], "errors": [], "timeouts": [], "seconds": 1.0, "pages": 2.0}


def an_outcome(number: int, name: str) -> Outcome:
    """By turns right, without a rule that was to fail, and with one that was not."""
    right = sorted(DEFECTS[name].blamed) if name in DEFECTS else []
    failed = dict.fromkeys([right, right[1:], [*right, "success.flag"]][number % 3], "it differs")
    return Outcome(subject=name, verdict="failed", failed=failed, errors={}, readings={})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page on which everything stands that can."""
    outcomes = [an_outcome(number, name) for number, name in enumerate([*DEFECTS, *VARIANTS])]
    found = facts(outcomes, commit="0123456789ab", peers=PEERS)
    path: Path = tmp_path_factory.mktemp("proof") / "index.html"
    path.write_text(page_of(found, ["something was wrong"], judged=2, seconds=1.0), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme: Literal["light", "dark"] = request.param
    page = browser.new_page(color_scheme=scheme, viewport={"width": 800, "height": 600})
    page.goto(address)
    yield page
    page.close()


def place(element: Locator) -> tuple[float, float]:
    """The distances from the left and the top of the window."""
    left, top = element.evaluate("element => [element.getBoundingClientRect().x, element.getBoundingClientRect().y]")
    return left, top


def test_axe_finds_nothing(page: Page) -> None:
    assert violations(page) == []


def test_the_names_of_rule_and_defect_stay_beside_the_last_cell(page: Page) -> None:
    region = page.get_by_role("region", name="Kill matrix")
    region.evaluate("region => region.scrollTo(1e6, 1e6)")
    left, top = place(region)
    assert abs(place(page.locator(".matrix thead th").last)[1] - top) < 2
    assert abs(place(page.locator(".matrix tbody th").last)[0] - left) < 2


def test_no_rule_name_slides_over_the_names_of_the_defects(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    region = page.get_by_role("region", name="Kill matrix")
    region.evaluate("region => { region.scrollIntoView(); region.scrollTo(300, 300) }")
    corner = page.locator(".matrix thead th").first
    seen = corner.evaluate(
        """corner => {
            const {left, right, top, bottom} = corner.getBoundingClientRect()
            const places = [0.05, 0.5, 0.95].map(part => [left + part * (right - left), (top + bottom) / 2])
            return places.map(([x, y]) => document.elementFromPoint(x, y).textContent)
        }"""
    )
    assert seen == ["defect"] * 3


def test_on_a_telephone_most_of_the_width_is_for_the_matrix(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    column, region = page.locator(".matrix tbody th").first, page.get_by_role("region", name="Kill matrix")
    widths = [element.evaluate("element => element.getBoundingClientRect().width") for element in (column, region)]
    assert widths[0] < widths[1] / 2


def test_no_backtick_is_left(page: Page) -> None:
    assert "`" not in page.locator("main").inner_text()
    variants = page.get_by_role("region", name="Variants")
    assert variants.locator("td:nth-child(2) code").count() > 0


def test_what_came_of_a_defect_is_told_without_colour(page: Page) -> None:
    cells = page.locator(".matrix td").all_inner_texts()
    assert set(cells) == {"", "●", "○", "✗", "–"}
