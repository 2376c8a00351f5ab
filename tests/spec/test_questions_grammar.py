"""The grammar of a question: heading, readings, notes, and how a mistake is reported."""

import pytest

from spec import Question
from spec.page import DocumentError, parse_page
from spec.questions import read_questions

READINGS = "| Reading | Meaning |\n|---|---|\n| `a` | one |\n| `b` | two |\n"
MOCK, CLIENT = "- mock: `a`, since it is first.\n", "- client: Takes both.\n"


def question(heading: str = "`which` Which is it?", readings: str = READINGS, notes: str = MOCK + CLIENT) -> str:
    return f"## {heading}\n\n{readings}\n{notes}\n"


def read(*texts: str) -> dict[str, Question]:
    return read_questions(parse_page("".join(texts), source="questions.md"))


def test_reads_a_question() -> None:
    expected = Question(
        id="which",
        text="Which is it?",
        readings={"a": "one", "b": "two"},
        mock="a",
        reason="since it is first.",
        client="Takes both.",
        unseen=None,
    )
    assert read(question()) == {"which": expected}


def test_reads_why_a_question_is_not_observed() -> None:
    assert read(question(notes=MOCK + CLIENT + "- unseen: It is dark.\n"))["which"].unseen == "It is dark."


def test_reads_a_reason_after_a_colon() -> None:
    assert read(question(notes="- mock: `b`: it is last.\n" + CLIENT))["which"].reason == "it is last."


def test_keeps_colons_within_a_note() -> None:
    assert read(question(notes=MOCK + "- client: Takes: both.\n"))["which"].client == "Takes: both."


def test_keeps_the_order_of_the_page() -> None:
    assert list(read(question("`b` What?"), question("`a` What?"))) == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (question(heading="Which is it?"), "the heading of a question reads: "),
        (question(heading="`which` This one."), "the heading of a question reads: "),
        (question(heading="`which?`"), "the heading of a question reads: "),
        (question(readings=""), "a question has one table with the columns Reading | Meaning"),
        (question(readings=READINGS.replace("Meaning", "Sense")), "a question has one table with the columns "),
        (question(readings=READINGS + "\nAnd:\n\n" + READINGS), "a question has one table with the columns "),
        (question(readings="| Reading | Meaning |\n|---|---|\n"), "'mock' opens with one of the readings: "),
        (question(notes=CLIENT), "a question has the list items 'mock: …' and 'client: …', not ['client']"),
        (question(notes=MOCK), "a question has the list items 'mock: …' and 'client: …', not ['mock']"),
        (question(notes=MOCK + CLIENT + "- server: No.\n"), "a question has the list items "),
        (question(notes="- mock: `c`, a third.\n" + CLIENT), "'mock' opens with one of the readings: a, b"),
        (question(notes="- mock: a, without marks.\n" + CLIENT), "'mock' opens with one of the readings: a, b"),
        (question(notes="- mock: `a`\n" + CLIENT), "'mock' opens with one of the readings: a, b"),
        (question(heading="`first` Is it used?"), "the question id 'first' is used twice"),
    ],
)
def test_names_file_and_line_of_a_mistake(text: str, problem: str) -> None:
    first = question("`first` Which comes first?")
    with pytest.raises(DocumentError) as caught:
        read(first, text)
    assert str(caught.value).startswith(f"questions.md:{first.count(chr(10)) + 1}: {problem}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (question(notes=MOCK + CLIENT + MOCK), "questions.md:10: the list item 'mock' stands here twice"),
        (
            question(readings=READINGS + "| `a` | three |\n"),
            "questions.md:7: the reading 'a' stands in the table twice",
        ),
    ],
    ids=["note", "reading"],
)
def test_names_the_line_of_what_stands_twice(text: str, problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert str(caught.value) == problem
