"""Takes the pictures of the sample report that the README shows: `python -m tests.browser.pictures`."""

from playwright.sync_api import Page

from tests.browser.chromium import chromium
from tests.sample import ROOT, SAMPLE

WIDTH, HEIGHT = 1000, 930


def take_pictures() -> None:
    """The top of the page, and a rule that failed, as PNG files in docs/."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto((SAMPLE / "index.html").as_uri())
        page.screenshot(path=ROOT / "docs" / "report.png")
        _card(page, "body.required_field")
    print("written: docs/report.png, docs/failure.png")


def _card(page: Page, rule: str) -> None:
    page.locator(f'[id="rule-{rule}"]').screenshot(path=ROOT / "docs" / "failure.png")


if __name__ == "__main__":
    take_pictures()
