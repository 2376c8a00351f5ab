"""Pages → `Contract`: the tables, rules and questions of the documentation as facts.

Each fact is recognised by the header of its table, so that it may stand in any section.
Whatever contradicts itself ends in a `DocumentError` that names file and line.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from spec.model import (
    NEEDED_QUESTIONS,
    Contract,
    Endpoint,
    Error,
    Field,
    Limit,
    Mode,
    Provider,
    Question,
    Rule,
    Section,
)
from spec.page import Page, Row, read_page
from spec.questions import read_questions
from spec.rules import read_rules

HERE = Path(__file__).parent
DOCUMENTATION = HERE / "documentation.md"
QUESTIONS = HERE / "questions.md"

MEGABYTES = re.compile(r"([\d.,]+) ?MB\b")
FIELD_KINDS = {"string": "string", "provider": "provider"}


def slug(title: str) -> str:
    """The id of a section: its title in lower case with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def read_contract(documentation: Path = DOCUMENTATION, questions: Path = QUESTIONS) -> Contract:
    """Everything that the two documents say. Raises DocumentError where they cannot be understood."""
    page = read_page(documentation)
    errors = {error.code: error for error in _errors(page)}
    providers = {provider.name: provider for provider in _providers(page)}
    rules = read_rules(page, _section_ids(page), errors)
    _require_rules(page, rules)
    return Contract(
        title=page.title,
        endpoint=_endpoint(page),
        sections=_sections(page, rules),
        fields=tuple(_fields(page)),
        request_example=_example(page, containing="imageBase64"),
        success_example=_example(page, containing="success"),
        errors=errors,
        limit=_limit(page),
        providers=providers,
        rules=rules,
        questions=_questions(questions),
    )


def _section_ids(page: Page) -> dict[str, str]:
    ids: dict[str, str] = {}
    for section in page.sections:
        if slug(section.title) in ids.values():
            raise page.error(section.line, f"the section {slug(section.title)!r} stands here twice")
        ids[section.title] = slug(section.title)
    return ids


def _sections(page: Page, rules: dict[str, Rule]) -> tuple[Section, ...]:
    used = {rule.section for rule in rules.values()}
    sections = (Section(id=slug(section.title), title=section.title) for section in page.sections)
    return tuple(section for section in sections if section.id in used)


def _endpoint(page: Page) -> Endpoint:
    submission = page.one_row("Method", "URL", "Content-Type")
    authentication = page.one_row("Header", "Scheme", "Credentials")
    return Endpoint(
        method=submission["Method"],
        url=submission["URL"],
        media_type=submission["Content-Type"],
        auth_header=authentication["Header"],
        auth_scheme=authentication["Scheme"],
    )


def _fields(page: Page) -> Iterator[Field]:
    for row in page.named_rows("Field", "Field", "Type", "Required", "Description"):
        if row["Type"] not in FIELD_KINDS:
            raise page.error(row.line, f"type {row['Type']!r} is none of: {', '.join(FIELD_KINDS)}")
        yield Field(
            name=row["Field"],
            kind="provider" if row["Type"] == "provider" else "string",
            required=_yes(page, row, "Required"),
            description=row["Description"],
        )


def _errors(page: Page) -> Iterator[Error]:
    for row in page.named_rows("error code", "HTTP", "error code", "Meaning"):
        status, code = row["HTTP"], row["error code"]
        if not re.fullmatch("[45][0-9][0-9]", status):
            raise page.error(row.line, f"{status!r} is no HTTP error status (400 to 599)")
        yield Error(status=int(status), code=code, meaning=row["Meaning"])


def _require_rules(page: Page, rules: dict[str, Rule]) -> None:
    """An error that no rule names would be a promise that nobody raises or looks at."""
    named = {rule.error for rule in rules.values()}
    for row in page.table("HTTP", "error code", "Meaning").rows:
        code = row["error code"]
        if code not in named:
            raise page.error(row.line, f"no rule says when a request is refused with `{code}`: add one that does")


def _limit(page: Page) -> Limit:
    """The megabytes in the meaning of the row that refuses what is too large: HTTP has a status for that, 413."""
    table = page.table("HTTP", "error code", "Meaning")
    for row in table.rows:
        megabytes = MEGABYTES.search(row["Meaning"])
        if megabytes and row["HTTP"] == "413":
            if not re.fullmatch("[1-9][0-9]*", megabytes[1]):
                raise page.error(row.line, f"the limit is a whole number of MB above 0, not {megabytes[1]!r}")
            return Limit(megabytes=int(megabytes[1]))
    raise page.error(table.line, "no row of the error table with status 413 states the body limit in MB")


def _providers(page: Page) -> Iterator[Provider]:
    table = page.table("Provider", "Default", "Mode", "Word positions")
    if [_yes(page, row, "Default") for row in table.rows].count(True) != 1:
        raise page.error(table.line, "exactly one provider is the default one")
    for row in page.named_rows("Provider", *table.header):
        yield Provider(
            name=row["Provider"],
            default=_yes(page, row, "Default"),
            mode=_mode(page, row),
            word_positions=_yes(page, row, "Word positions"),
        )


def _mode(page: Page, row: Row) -> Mode:
    match row["Mode"]:
        case "queued":
            return "queued"
        case "synchronous":
            return "synchronous"
    raise page.error(row.line, f"mode {row['Mode']!r} is neither 'queued' nor 'synchronous'")


def _yes(page: Page, row: Row, header: str) -> bool:
    answer = row[header].lower()
    if answer not in ("yes", "no"):
        raise page.error(row.line, f"{header} is {row[header]!r}: write 'yes' or 'no'")
    return answer == "yes"


def _example(page: Page, *, containing: str) -> dict[str, object]:
    """The first JSON object in a code block that has this member."""
    for code in (code for section in page.sections for code in section.code if code.language == "json"):
        try:
            value = json.loads(code.text)
            # JSON can spell half of a surrogate pair, which no file can hold.
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as problem:
            raise page.error(code.line, f"the example is not JSON: {problem}") from problem
        if isinstance(value, dict) and containing in value:
            return value
    raise page.error(1, f"no JSON example has a member {containing!r}")


def _questions(path: Path) -> dict[str, Question]:
    page = read_page(path)
    questions = read_questions(page)
    for name in NEEDED_QUESTIONS:
        if name not in questions:
            raise page.error(1, f"the question {name!r} is missing: spec and server are built on its answer")
    return questions
