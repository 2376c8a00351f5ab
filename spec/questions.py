"""The grammar of a question: `id` Text? as heading, a table of readings, and a list of `mock`, `client`, `unseen`."""

import re

from spec.model import Question
from spec.page import Page, Section

HEADING = re.compile(r"`(?P<id>\w+)` (?P<text>.+\?)")
MOCK = re.compile(r"`(?P<reading>[^`]+)`(?:, |: )(?P<reason>.+)")
KEYS = {"mock", "client", "unseen"}


def read_questions(page: Page) -> dict[str, Question]:
    """All questions of a page by id, in its order. Raises DocumentError where one is not complete."""
    questions: dict[str, Question] = {}
    for section in page.sections:
        question = _question(page, section)
        if question.id in questions:
            raise page.error(section.line, f"the question id {question.id!r} is used twice")
        questions[question.id] = question
    return questions


def _question(page: Page, section: Section) -> Question:
    heading = HEADING.fullmatch(section.title)
    if not heading:
        raise page.error(section.line, "the heading of a question reads: `id` Text of the question?")
    notes = _notes(page, section)
    readings = _readings(page, section)
    mock = MOCK.fullmatch(notes["mock"])
    if not mock or mock["reading"] not in readings:
        raise page.error(section.line, f"'mock' opens with one of the readings: {', '.join(readings)}")
    return Question(
        id=heading["id"],
        text=heading["text"],
        readings=readings,
        mock=mock["reading"],
        reason=mock["reason"],
        client=notes["client"],
        unseen=notes.get("unseen"),
    )


def _readings(page: Page, section: Section) -> dict[str, str]:
    if [table.header for table in section.tables] != [("Reading", "Meaning")]:
        raise page.error(section.line, "a question has one table with the columns Reading | Meaning")
    readings: dict[str, str] = {}
    for row in section.tables[0].rows:
        if row["Reading"] in readings:
            raise page.error(row.line, f"the reading {row['Reading']!r} stands in the table twice")
        readings[row["Reading"]] = row["Meaning"]
    return readings


def _notes(page: Page, section: Section) -> dict[str, str]:
    notes: dict[str, str] = {}
    for item in section.items:
        name, _, text = item.text.partition(": ")
        if name in notes:
            raise page.error(item.line, f"the list item {name!r} stands here twice")
        notes[name] = text
    if not {"mock", "client"} <= notes.keys() <= KEYS:
        raise page.error(section.line, f"a question has the list items 'mock: …' and 'client: …', not {sorted(notes)}")
    return notes
