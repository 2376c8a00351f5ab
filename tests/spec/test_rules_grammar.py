"""The grammar of a rule: what a list item may say, and how a mistake is reported."""

import pytest

from spec import Error, Rule
from spec.page import DocumentError, parse_page
from spec.rules import read_rules

ERRORS = {"gone": Error(status=410, code="gone", meaning="It is gone")}


def read(*items: str) -> dict[str, Rule]:
    page = parse_page("## The section\n\n" + "\n".join(f"- {item}" for item in items), source="page.md")
    return read_rules(page, {"The section": "the-section"}, ERRORS)


def test_reads_a_stated_rule() -> None:
    expected = Rule(
        id="a.b",
        section="the-section",
        strength="stated",
        sentence="It works.",
        error=None,
        needs=("key",),
        source=None,
    )
    assert read("`a.b` It works. (needs: key)") == {"a.b": expected}


def test_reads_a_rule_without_parentheses() -> None:
    rule = read("`a.b` It works.")["a.b"]
    assert (rule.needs, rule.source) == ((), None)


def test_reads_a_rule_of_a_web_standard() -> None:
    rule = read("`a.b` It works. (standard: RFC 9110 section 1; needs: key, second key)")["a.b"]
    assert (rule.strength, rule.source) == ("standard", "RFC 9110 section 1")
    assert rule.needs == ("key", "second key")


def test_reads_the_error_code_of_a_refusal() -> None:
    assert read("`a.b` It is refused with `gone`.")["a.b"].error == "gone"


def test_reads_a_refusal_across_a_line_break() -> None:
    assert read("`a.b` It is refused\n  with `gone`.")["a.b"].error == "gone"


def test_takes_a_code_that_is_only_mentioned_for_no_refusal() -> None:
    assert read("`a.b` It never says `gone`.")["a.b"].error is None


def test_keeps_all_sentences_of_a_rule() -> None:
    assert read("`a.b` It works. So does 1.5 of it. (needs: key)")["a.b"].sentence == "It works. So does 1.5 of it."


def test_keeps_the_order_of_the_page() -> None:
    assert list(read("`b.b` One.", "`a.a` Two.")) == ["b.b", "a.a"]


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("`a.b` It is refused with `lost`.", "rule a.b: 'lost' is not in the error table"),
        ("`x.y` Again.", "the rule id 'x.y' is used twice"),
        ("It works.", "a rule reads: "),
        ("`ab` It works.", "a rule reads: "),
        ("`A.b` It works.", "a rule reads: "),
        ("`a.b` It works", "a rule reads: "),
        ("`a.b`", "a rule reads: "),
        ("`a.b` It works. (wants: key)", "the closing parentheses hold 'standard: …' or 'needs: …', not 'wants: key'"),
        ("`a.b` It works. (key)", "the closing parentheses hold 'standard: …' or 'needs: …', not 'key'"),
        ("`a.b` It works. (needs: key; see: RFC 1)", "the closing parentheses hold "),
    ],
)
def test_names_file_and_line_of_a_mistake(item: str, problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read("`x.y` It is well-formed.", item)
    assert str(caught.value).startswith(f"page.md:4: {problem}")


@pytest.mark.parametrize(
    "rest", ["(needs: )", "(needs: key; foo)", "(needs: key; needs: balance)", "(needs: key) And more."]
)
def test_refuses_notes_that_it_would_lose(rest: str) -> None:
    with pytest.raises(DocumentError, match=r"^page\.md:3: "):
        read(f"`a.b` It works. {rest}")


@pytest.mark.parametrize("text", ["- `x.y` One.\n  - `a.b` Two.", "1. `a.b` One."], ids=["nested", "numbered"])
def test_reads_a_rule_in_a_list_of_another_form(text: str) -> None:
    page = parse_page(f"## The section\n\n{text}\n", source="page.md")
    assert "a.b" in read_rules(page, {"The section": "the-section"}, ERRORS)
