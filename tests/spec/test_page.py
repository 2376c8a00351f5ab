"""Markdown as sections with tables, list items and code blocks, each with its line."""

from pathlib import Path

import pytest

from spec.page import DocumentError, parse_page, read_page

TEXT = """\
# A *title*

An introduction, which is no section.

## First

| Name | Meaning |
|---|---|
| `a` | one |
| b \\| c | two |

- `x.y` An item that
  goes on. (needs: key)
- Another.

## Second

```json
{"a": 1}
```

| Name |
|---|
"""
PAGE = parse_page(TEXT, source="page.md")
FIRST, SECOND = PAGE.sections


def test_reads_the_title_and_the_sections_in_order() -> None:
    assert (PAGE.title, FIRST.title, SECOND.title) == ("A *title*", "First", "Second")


def test_tells_the_line_of_everything() -> None:
    table, code = FIRST.tables[0], SECOND.code[0]
    assert (FIRST.line, table.line, code.line) == (5, 7, 18)
    assert [row.line for row in table.rows] == [9, 10]
    assert [item.line for item in FIRST.items] == [12, 14]


def test_reads_cells_by_their_column_without_code_marks() -> None:
    [table] = FIRST.tables
    assert table.header == ("Name", "Meaning")
    assert [row.cells for row in table.rows] == [
        {"Name": "a", "Meaning": "one"},
        {"Name": "b | c", "Meaning": "two"},
    ]


def test_reads_a_wrapped_list_item_as_one_line_with_its_code_marks() -> None:
    assert [item.text for item in FIRST.items] == ["`x.y` An item that goes on. (needs: key)", "Another."]


def test_reads_code_with_its_language() -> None:
    [code] = SECOND.code
    assert (code.language, code.text) == ("json", '{"a": 1}\n')


def test_puts_everything_under_the_heading_above_it() -> None:
    assert (len(FIRST.tables), len(FIRST.items), len(FIRST.code)) == (1, 2, 0)
    assert (len(SECOND.tables), len(SECOND.items), len(SECOND.code)) == (1, 0, 1)


def test_finds_a_table_by_all_of_its_columns() -> None:
    assert PAGE.table("Name", "Meaning") is FIRST.tables[0]
    assert PAGE.table("Name") is SECOND.tables[0]


def test_reads_the_items_of_nested_and_numbered_lists() -> None:
    page = parse_page("## A\n\n- one\n  - two\n\n1. three\n", source="page.md")
    assert [item.text for item in page.sections[0].items] == ["one", "two", "three"]


def test_finds_the_only_row_of_a_table() -> None:
    page = parse_page("## A\n\n| Name |\n|---|\n| a |\n", source="page.md")
    assert page.one_row("Name")["Name"] == "a"


def test_refuses_a_page_without_the_table() -> None:
    with pytest.raises(DocumentError, match=r"^page\.md:1: expected one table with the columns Meaning, found 0$"):
        PAGE.table("Meaning")


def test_refuses_a_second_table_of_the_same_columns_and_names_its_line() -> None:
    page = parse_page(TEXT + "\n## Third\n\n| Name |\n|---|\n", source="page.md")
    with pytest.raises(DocumentError, match=r"^page\.md:27: expected one table with the columns Name, found 2$"):
        page.table("Name")


def test_reads_a_file_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "some.md"
    path.write_text(TEXT, encoding="utf-8")
    page = read_page(path)
    assert (page.source, page.sections) == ("some.md", PAGE.sections)


def test_names_a_file_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"absent\.md:1: cannot be read: .*No such file"):
        read_page(tmp_path / "absent.md")


def test_names_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes.md"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(DocumentError, match=r"bytes\.md:1: cannot be read: .*codec can't decode"):
        read_page(path)
