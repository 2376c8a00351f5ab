"""A mistake in the documentation stops the reading with one sentence that names file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from spec.page import DocumentError
from spec.reading import read_contract

Edit = Callable[..., Path]

ERROR_ROW = "| 402 | `insufficient_pages` | No pages are left on the account |\n"
POST_ROW = "| `POST` | `https://startocr.com/api/ocr` | `application/json` |\n"
KEY_ROW = "| `Authorization` | `Bearer` | an API key |\n"
BAIDU_ROW = "| `baidu` | no | synchronous | yes |\n"
FILENAME_ROW = "| `filename` | string | No | What the file was called at its origin; helps to tell its type |\n"


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text.strip() in line)


def problem_of(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        read_contract(path)
    problem = str(caught.value)
    assert "\n" not in problem
    return problem


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("| 402 |", "| 200 |", "| 200 |", "'200' is no HTTP error status"),
        ("| 402 |", "| 600 |", "| 600 |", "'600' is no HTTP error status"),
        ("| 402 |", "| 4020 |", "| 4020 |", "'4020' is no HTTP error status"),
        ("| 402 |", "| many |", "| many |", "'many' is no HTTP error status"),
        ("`insufficient_pages` |", "`payload_too_large` |", "| 413 |", "'payload_too_large' stands in the table twice"),
        ("larger than 10 MB", "too large", "| HTTP |", "no row of the error table with status 413 states"),
        ("`filename` | string", "`filename` | number", "| number |", "type 'number' is none of: string, provider"),
        ("string | Yes", "string | maybe", "| maybe |", "Required is 'maybe': write 'yes' or 'no'"),
        ("| yes | queued", "| true | queued", "| true |", "Default is 'true': write 'yes' or 'no'"),
        ("synchronous | yes", "synchronous | some", "| some |", "Word positions is 'some': write 'yes' or 'no'"),
        ("`baidu` | no", "`baidu` | yes", "| Provider |", "exactly one provider is the default one"),
        ("`paddle` | yes", "`paddle` | no", "| Provider |", "exactly one provider is the default one"),
        ("| synchronous |", "| asynchronous |", "| asynchronous |", "mode 'asynchronous' is neither"),
        ("refused with `payload_too_large`", "refused with `huge`", "refused with `huge`", "not in the error table"),
    ],
)
def test_names_file_and_line_of_a_mistake(documentation: Edit, old: str, new: str, at: str, says: str) -> None:
    path = documentation((old, new))
    problem = problem_of(path)
    assert says in problem
    assert problem.startswith(f"documentation.md:{line_of(path, at)}: ")


def test_names_the_fence_of_an_example_that_is_not_json(documentation: Edit) -> None:
    path = documentation(('"success": true,', '"success": true'))
    fence = line_of(path, '"success": true') - 2
    assert problem_of(path).startswith(f"documentation.md:{fence}: the example is not JSON: ")


@pytest.mark.parametrize("value", [r'"\ud800"', "[" * 100_000 + "]" * 100_000], ids=["half a pair", "deep"])
def test_names_the_fence_of_an_example_that_no_file_can_hold(documentation: Edit, value: str) -> None:
    path = documentation(('"success": true', f'"success": {value}'))
    fence = line_of(path, '"success": ') - 2
    assert problem_of(path).startswith(f"documentation.md:{fence}: the example is not JSON: ")


@pytest.mark.parametrize(
    "header",
    [
        "| Header | Scheme | Credentials |",
        "| Method | URL | Content-Type |",
        "| Field | Type | Required | Description |",
        "| HTTP | error code | Meaning |",
        "| Provider | Default | Mode | Word positions |",
    ],
)
def test_names_a_table_that_is_missing(documentation: Edit, header: str) -> None:
    columns = header.strip("| ")
    problem = problem_of(documentation((header, header.replace("| ", "| Other ", 1))))
    assert problem == f"documentation.md:1: expected one table with the columns {columns}, found 0"


def test_names_the_line_of_a_second_error_table(documentation: Edit) -> None:
    second = "## CORS\n\n| HTTP | error code | Meaning |\n|---|---|---|\n"
    path = documentation(("## CORS\n", second))
    line = line_of(path, "## CORS") + 2
    assert problem_of(path).startswith(f"documentation.md:{line}: expected one table ")


def test_names_the_example_that_is_missing(documentation: Edit) -> None:
    problem = problem_of(documentation(('  "success": true,\n', "")))
    assert problem == "documentation.md:1: no JSON example has a member 'success'"


def test_names_a_mistake_in_the_questions_by_their_file(questions: Edit) -> None:
    with pytest.raises(DocumentError, match=r"^questions\.md:\d+: 'mock' opens with one of the readings: 200, 201, "):
        read_contract(questions=questions(("- mock: `200`", "- mock: `204`")))


def test_names_a_question_that_the_document_cannot_do_without(questions: Edit) -> None:
    with pytest.raises(DocumentError, match=r"^questions\.md:1: the question 'megabyte' is missing"):
        read_contract(questions=questions(("## `megabyte`", "## `megabytes`")))


@pytest.mark.parametrize(("row", "column"), [(POST_ROW, "Method"), (KEY_ROW, "Header")])
@pytest.mark.parametrize("times", [0, 2])
def test_expects_one_row_for_endpoint_and_header(documentation: Edit, row: str, column: str, times: int) -> None:
    problem = problem_of(documentation((row, row * times)))
    assert f": expected one row under {column} | " in problem
    assert problem.endswith(f", found {times}")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ERROR_ROW, "the error code 'insufficient_pages' stands in the table twice"),
        (BAIDU_ROW, "the Provider 'baidu' stands in the table twice"),
        (FILENAME_ROW, "the Field 'filename' stands in the table twice"),
    ],
)
def test_names_the_line_of_a_name_that_stands_twice(documentation: Edit, row: str, says: str) -> None:
    path = documentation((row, row * 2))
    assert problem_of(path) == f"documentation.md:{line_of(path, row) + 1}: {says}"


@pytest.mark.parametrize(
    ("name", "column"),
    [("`insufficient_pages`", "error code"), ("`filename`", "Field"), ("`baidu`", "Provider")],
)
def test_names_the_column_that_is_empty(documentation: Edit, name: str, column: str) -> None:
    assert problem_of(documentation((f"| {name} |", "| |"))).endswith(f": a row has no {column}")


@pytest.mark.parametrize("limit", ["10.5", "1,000", "0", "010"])
def test_refuses_a_limit_that_is_no_whole_number(documentation: Edit, limit: str) -> None:
    path = documentation(("10 MB", f"{limit} MB"))
    line = line_of(path, "`payload_too_large` |")
    assert problem_of(path).startswith(f"documentation.md:{line}: the limit is a whole number of MB above 0, not ")


@pytest.mark.parametrize("title", ["## Billing", "## Billing!"])
def test_names_the_line_of_a_second_section_with_the_same_id(documentation: Edit, title: str) -> None:
    path = documentation(("## CORS", title))
    lines = path.read_text(encoding="utf-8").splitlines()
    line = len(lines) - lines[::-1].index(title)
    assert problem_of(path) == f"documentation.md:{line}: the section 'billing' stands here twice"
