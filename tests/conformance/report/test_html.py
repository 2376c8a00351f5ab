"""index.html is one whole page in which every link leads somewhere, whatever a server answers."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from conformance.report import charts
from conformance.report.html import html
from conformance.report.view import Report
from tests.conformance.report.reports import CURL, a_question, a_report, a_rule

NASTY = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>"
REPORT = a_report(
    a_rule("auth.good"),
    a_rule("auth.bad", "failed", got="418 teapot"),
    a_rule("auth.lax", "failed", strength="standard"),
    a_rule("auth.unseen", "unverified", reason="needs keys.revoked"),
    a_rule("billing.broken", "error", reason="no answer came"),
    faults=["the target went away"],
    questions=[a_question("200", elected="202", verdict="failed")],
)


class Page(HTMLParser):
    """What a reader of the markup needs: ids, links, headings, elements and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, name: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(name))]


def card(report: Report, rule: str) -> str:
    """The markup of one rule."""
    found = re.search(rf'<article id="rule-{re.escape(rule)}".*?</article>', html(report), re.DOTALL)
    assert found
    return found.group()


def test_every_link_leads_somewhere_and_every_rule_has_its_anchor() -> None:
    page = Page(html(REPORT))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    inner = {link.removeprefix("#") for link in page.all("href") if link.startswith("#")}
    labels = {label for name in ("aria-labelledby", "aria-describedby", "data-copy") for label in page.all(name)}
    assert inner | labels <= set(ids)
    assert {f"rule-{rule['id']}" for rule in REPORT["rules"]} | {"question-success_status"} <= inner


def test_needs_nothing_besides_itself() -> None:
    page = Page(html(REPORT))
    assert [link for link in page.all("href") if not link.startswith("#")] == ["report.json"]
    assert not page.all("src")
    assert not {"link", "iframe", "img", "object"} & {tag for tag, _ in page.elements}
    assert "url(" not in html(REPORT)


def test_says_what_language_it_has_and_no_heading_is_left_out() -> None:
    page = Page(html(REPORT))
    assert page.all("lang") == ["en"]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_head_tells_what_was_found() -> None:
    head = html(REPORT).split("<main", 1)[0]
    for part in ("<h1>staging</h1>", "5 rules: 1 passed, 2 failed, 1 unverified, 1 error.", "3 <small>of 5</small>"):
        assert part in head
    assert "the target went away" in html(REPORT)


def test_a_failed_rule_shows_all_that_is_known_of_it() -> None:
    shown = card(REPORT, "auth.bad")
    for part in (
        "This is promised by <code>auth.bad</code>.",
        "<dt>Expected</dt><dd>status 401</dd>",
        "<dt>Got</dt><dd>418 teapot</dd>",
        "header Authorization",
        "<em>nothing</em>",
        "HTTP status 200",
        CURL.replace('"', "&#34;"),
        "startocr-conformance run --target staging.yaml --rules auth.bad",
    ):
        assert part in shown
    assert "Expected" not in card(REPORT, "auth.good")


def test_the_rest_says_why() -> None:
    assert '<p class="reason">needs keys.revoked</p>' in card(REPORT, "auth.unseen")
    assert '<p class="reason">no answer came</p>' in card(REPORT, "billing.broken")
    assert "RFC 9110 section 11.6.1, does not gate" in card(REPORT, "auth.lax")
    assert "does not gate" not in card({**REPORT, "strict": True}, "auth.lax")


def test_a_failure_without_an_answer_says_so() -> None:
    rule = a_rule("auth.bad", "failed")
    rule["evidence"]["response"] = None
    assert "No answer came" in card(a_report(rule), "auth.bad")


@pytest.mark.parametrize("size", [10, 10_000])
def test_nothing_that_a_server_says_is_taken_for_markup(size: int) -> None:
    rule = a_rule("auth.bad", "failed", reason=NASTY, got=NASTY)
    rule["evidence"]["response"]["text"] = NASTY.ljust(size)
    rule["evidence"]["response"]["headers"] = {NASTY: NASTY}
    report = a_report(rule, a_rule("auth.unseen", "unverified", reason=NASTY), questions=[a_question(NASTY)])
    page = Page(html({**report, "target": {**report["target"], "name": NASTY}, "faults": [NASTY]}))
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not page.all("onerror")


def test_a_report_without_questions_has_no_place_for_them() -> None:
    assert "Where the documentation is silent" in html(REPORT)
    assert "Where the documentation is silent" not in html(a_report(a_rule("auth.good")))


def test_latencies_lie_on_one_axis_of_powers_of_ten() -> None:
    shown = charts.latencies(REPORT)
    assert [label for label, _ in shown.ticks] == ["1 ms", "10 ms", "100 ms"]
    (spread,) = shown.spreads
    places = [place for _, place in shown.ticks]
    assert places[0] < spread.median < spread.p95 == places[1] < spread.longest < places[2]


def test_a_run_that_was_answered_nothing_has_a_page_too() -> None:
    timing = {**REPORT["timing"], "latency": {}, "tests": {}}
    assert "Latency by kind" not in html({**REPORT, "timing": timing})


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "0 ms"), (0.0018, "1.8 ms"), (0.04, "40 ms"), (0.24, "240 ms"), (3.21, "3.21 s")]
)
def test_a_duration_as_a_person_says_it(seconds: float, told: str) -> None:
    assert charts.duration(seconds) == told
