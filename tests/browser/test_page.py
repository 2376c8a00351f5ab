"""The page for everybody: by axe-core's rules, without a script, on a narrow screen, by keyboard, printed, at once."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from conformance.report.html import html
from tests.browser.conftest import Judged
from tests.conformance.report.reports import a_question, a_report, a_rule

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
EVERYTHING = a_report(
    a_rule("auth.good"),
    a_rule("auth.bad", "failed", got="x" * 3000),
    a_rule("auth.lax", "failed", strength="standard"),
    a_rule("auth.unseen", "unverified", reason="needs keys.revoked"),
    a_rule("billing.broken", "error", reason="no answer came"),
    faults=["the run was interrupted"],
    questions=[a_question("200", elected="202", verdict="failed"), {**a_question(None), "id": "task_states"}],
)


@pytest.fixture(params=["a run", "everything"])
def address(request: pytest.FixtureRequest, judged: Judged, tmp_path: Path) -> str:
    """The page of a run, and one on which everything stands that can."""
    if request.param == "a run":
        return judged.page
    (tmp_path / "index.html").write_text(html(EVERYTHING), encoding="utf-8")
    return (tmp_path / "index.html").as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def violations(page: Page) -> list[Any]:
    """What axe-core finds wrong with a page, by all of its rules."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    assert found["passes"]
    return [(row["id"], [node["html"] for node in row["nodes"]][:3]) for row in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(address)
    assert violations(page) == []
    page.close()


def test_axe_would_find_something(page: Page, address: str) -> None:
    page.goto(address)
    page.add_style_tag(content=":root { --quiet: #bbb; }")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert {"color-contrast", "html-has-lang"} <= {rule for rule, _ in violations(page)}


def test_is_whole_without_a_script(browser: Browser, judged: Judged) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(judged.page)
    assert page.get_by_role("button", name="Copy").count() == 0
    for rule in judged.report["rules"]:
        assert page.locator(f'[id="rule-{rule["id"]}"]').is_visible()
    page.get_by_role("link", name="body.required_field").first.click()
    assert page.get_by_text("curl -i -X POST").first.is_visible()
    page.locator("summary").first.click()
    assert page.locator("details[open] li").first.is_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_lies_beside_the_screen(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_keyboard_reaches_what_was_found_first_and_shows_where_it_is(page: Page, judged: Judged) -> None:
    page.goto(judged.page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to what was found"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('nav, section').innerText").startswith("What did not hold")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_is_printed_with_every_failure_and_without_buttons(page: Page, judged: Judged) -> None:
    page.goto(judged.page)
    page.emulate_media(media="print")
    assert page.locator("button.copy:visible").count() == 0
    assert page.get_by_text("curl -i -X POST").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_is_small_and_opens_at_once(browser: Browser, judged: Judged) -> None:
    assert (judged.folder / "index.html").stat().st_size < 1_000_000
    assert min(_seconds(browser, judged.page) for _ in range(3)) < 1.0


def test_is_small_and_opens_at_once_even_if_every_rule_fails(browser: Browser, judged: Judged, tmp_path: Path) -> None:
    failed = json.dumps([a_rule("auth.x", "failed", got="y" * 2000)] * 60)
    rules = [{**rule, "id": f"auth.x{number}"} for number, rule in enumerate(json.loads(failed))]
    path = tmp_path / "index.html"
    path.write_text(html(a_report(*rules)), encoding="utf-8")
    assert path.stat().st_size < 1_000_000
    assert min(_seconds(browser, path.as_uri()) for _ in range(3)) < 1.0


def _seconds(browser: Browser, address: str) -> float:
    """How long a page takes until it is loaded, by the browser's own clock."""
    page = browser.new_page()
    page.goto(address)
    milliseconds = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.close()
    assert milliseconds > 0
    return float(milliseconds) / 1000
