"""From the summary to a failure, to its curl line, to the same answer again."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from conformance.report.view import with_verdict
from tests.browser.conftest import BROKEN, Judged
from tests.defects.catalogue import DEFECTS

RULES = [DEFECTS[name].rule for name in BROKEN]


@pytest.fixture
def page(browser: Browser, judged: Judged) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(judged.page)
    yield page
    context.close()


def followed(page: Page, rule: str) -> Locator:
    """The card of a failed rule, after its link in the summary was followed."""
    page.get_by_role("navigation", name="What did not hold").get_by_role("link", name=rule, exact=True).click()
    card = page.locator(f'[id="rule-{rule}"]')
    card.get_by_role("heading", name=rule).wait_for()
    return card


def from_the_clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def pasted(page: Page) -> str:
    """What comes when it is pasted, as a person would."""
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'here'}))")
    page.locator("#here").focus()
    page.keyboard.press("Control+V")
    return page.locator("#here").input_value()


def sent_again(line: str, judged: Judged) -> tuple[int, object]:
    """Status and error code of the answer to a curl line, run in a shell in the folder of the report."""
    ended = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=judged.folder,
        env={**os.environ, **judged.environment},
        capture_output=True,
        check=True,
        timeout=30,
    )
    head, _, body = ended.stdout.decode().rpartition("\r\n\r\n")
    return int(re.findall(r"HTTP/1.1 (\d+)", head)[-1]), json.loads(body).get("error")


def test_the_summary_leads_to_every_failure(page: Page, judged: Judged) -> None:
    assert [rule["id"] for rule in with_verdict(judged.report, "failed")] == RULES
    for rule in RULES:
        top = followed(page, rule).evaluate("card => card.getBoundingClientRect().top")
        assert page.url.endswith(f"#rule-{rule}")
        assert -1 <= top < 800


@pytest.mark.parametrize("rule", RULES)
def test_the_copied_curl_line_brings_the_same_answer_again(page: Page, judged: Judged, rule: str) -> None:
    card = followed(page, rule)
    card.get_by_role("button", name="Copy").first.click()
    card.get_by_role("button", name="Copied").wait_for()
    shown = next(row for row in judged.report["rules"] if row["id"] == rule)["evidence"]["response"]
    assert sent_again(from_the_clipboard(page), judged) == (shown["status"], json.loads(shown["text"]).get("error"))
    assert f"HTTP status {shown['status']}" in card.inner_text()


@pytest.mark.parametrize("read", [from_the_clipboard, pasted])
def test_copies_where_the_clipboard_api_is_kept_from_the_page(
    browser: Browser, judged: Judged, read: Callable[[Page], str]
) -> None:
    context = browser.new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.add_init_script("navigator.clipboard.writeText = undefined")
    page.goto(judged.page)
    card = followed(page, RULES[0])
    card.get_by_role("button", name="Copy").last.click()
    card.get_by_role("button", name="Copied").wait_for()
    assert read(page).endswith(f"--rules {RULES[0]}")
    context.close()
