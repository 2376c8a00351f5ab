"""The documents restate the public API reference in our own words: no run of seven words is copied from it.

The reference itself is not part of the repository. `reference_shingles.txt` holds the SHA-256 of every seven
consecutive words of it, one a line, made from its text by `shingles` below. Tables are compared cell by cell and code
blocks not at all, since names, codes and headers are facts rather than wording.
"""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from spec.reading import DOCUMENTATION, QUESTIONS

WORDS = 7
REFERENCE = frozenset((Path(__file__).parent / "reference_shingles.txt").read_text(encoding="ascii").split())


def shingles(text: str) -> dict[str, str]:
    """The SHA-256 of each seven consecutive words, lower-cased and without punctuation, and those words."""
    words = re.findall(r"\w+", text.lower())
    runs = (" ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1))
    return {sha256(run.encode()).hexdigest(): run for run in runs}


def copied(text: str) -> list[str]:
    """The runs of words that a Markdown text shares with the reference."""
    blocks = (token.content for token in MarkdownIt("commonmark").enable("table").parse(text) if token.type == "inline")
    return [run for block in blocks for digest, run in shingles(block).items() if digest in REFERENCE]


@pytest.mark.parametrize("path", [DOCUMENTATION, QUESTIONS], ids=lambda path: path.name)
def test_is_in_our_own_words(path: Path) -> None:
    found = copied(path.read_text(encoding="utf-8"))
    assert not found, f"{path.name} repeats the reference, reword: {found}"


def test_would_find_a_copied_run_of_words() -> None:
    facts = "so Field, Type, *Required*, Description;\n`imageBase64` String: YES and so on"  # the reference's table
    assert copied(f"- `a.b` {facts}") == ["field type required description imagebase64 string yes"]


def test_finds_nothing_in_words_that_are_only_ours() -> None:
    assert copied("Seven or more words that no reference would ever put into this order.") == []
