"""Each kind of gap, on a contract of one error, one rule and one question."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from spec import Contract, Error, Question, Rule
from spec.coverage import gaps

Found = Callable[..., list[str]]

GONE = Error(status=410, code="gone", meaning="It is gone")
RULE = Rule(
    id="a.b",
    section="s",
    strength="stated",
    sentence="It is refused with `gone`.",
    error="gone",
    needs=(),
    source=None,
)
QUESTION = Question(id="q", text="What?", readings={"a": "A"}, mock="a", reason="So.", client="Asks.", unseen=None)


@pytest.fixture
def found(contract: Contract) -> Found:
    """The gaps of the small contract, with all covered but what the arguments change."""

    def look(
        decided: tuple[str, ...] = ("a.b",),
        verified: tuple[str, ...] = ("a.b",),
        observed: tuple[str, ...] = ("q",),
        rule: Rule = RULE,
        question: Question = QUESTION,
    ) -> list[str]:
        small = replace(contract, errors={"gone": GONE}, rules={rule.id: rule}, questions={question.id: question})
        return gaps(small, decided=decided, verified=verified, observed=observed)

    return look


def test_finds_none_where_all_is_covered(found: Found) -> None:
    assert found() == []


def test_finds_an_error_that_no_decision_raises(found: Found) -> None:
    assert found(decided=()) == ["error gone (410): no decision of the server raises it"]


def test_finds_a_rule_and_its_error_that_no_test_verifies(found: Found) -> None:
    assert found(verified=()) == ["error gone (410): no test verifies it", "rule a.b: no test verifies it"]


def test_finds_an_error_that_no_rule_explains(found: Found) -> None:
    assert found(rule=replace(RULE, error=None)) == [
        "error gone (410): no rule says when a request is refused with it",
        "error gone (410): no decision of the server raises it",
        "error gone (410): no test verifies it",
    ]


def test_asks_for_a_test_of_a_rule_without_an_error_too(found: Found) -> None:
    assert "rule x.y: no test verifies it" in found(rule=replace(RULE, id="x.y", error=None))


def test_asks_for_no_decision_of_a_rule_without_an_error(contract: Contract) -> None:
    free = replace(contract, errors={}, questions={}, rules={"a.b": replace(RULE, error=None)})
    assert gaps(free, decided=(), verified=("a.b",), observed=()) == []


def test_is_content_with_one_of_two_rules_per_error(contract: Contract) -> None:
    two = {"a.b": RULE, "a.c": replace(RULE, id="a.c")}
    both = replace(contract, errors={"gone": GONE}, questions={}, rules=two)
    assert gaps(both, decided=("a.c",), verified=("a.b", "a.c"), observed=()) == []


def test_finds_a_test_of_an_unknown_rule(found: Found) -> None:
    assert found(verified=("a.b", "x.y")) == ["rule x.y: a test verifies it, but it is not documented"]


def test_finds_a_decision_of_an_unknown_rule(found: Found) -> None:
    assert found(decided=("a.b", "x.y")) == ["rule x.y: a decision names it, but it is not documented"]


def test_finds_a_question_that_no_test_observes(found: Found) -> None:
    assert found(observed=()) == ["question q: no test observes it, and it has no 'unseen'"]


def test_is_content_with_an_unobserved_question_that_says_why(found: Found) -> None:
    assert found(observed=(), question=replace(QUESTION, unseen="It is dark.")) == []


def test_finds_an_unknown_question(found: Found) -> None:
    assert found(observed=("q", "r")) == ["question r: observed, but not documented"]
