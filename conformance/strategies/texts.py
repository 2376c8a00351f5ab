"""Texts: file names in any script, what no reader takes for Base64, and the many spellings of one JSON value.

What is drawn from many times is made once: to look through Unicode takes longer than to send what comes of it.
"""

import json
import string
from collections.abc import Mapping
from functools import cache

from hypothesis import strategies as st

BASE64_LIKE = frozenset(string.ascii_letters + string.digits + "+/-_=" + string.whitespace)

# Letters, marks, digits and symbols of any script, and spaces; nothing that is part of a path or cannot be written.
NAME_CHARACTERS = st.characters(categories=["L", "M", "Nd", "So", "Zs"], include_characters="-_.,()'&")


@cache
def file_names(suffix: str) -> st.SearchStrategy[str]:
    """A name that a person may give a file of that suffix."""
    stems = st.text(NAME_CHARACTERS, min_size=1, max_size=40).filter(lambda stem: stem.strip(" .") != "")
    return stems.map(lambda stem: f"{stem}.{suffix}")


@cache
def no_base64() -> st.SearchStrategy[str]:
    """A text that holds no character of any Base64 alphabet, nor white space."""
    foreign = st.characters(codec="ascii", exclude_characters=sorted(BASE64_LIKE), categories=["P", "S"])
    return st.text(foreign | st.characters(min_codepoint=0xA1, categories=["L", "So"]), min_size=4, max_size=60)


def broken_base64(text: str) -> st.SearchStrategy[str]:
    """The Base64 text with one character that stands in no Base64 alphabet, at any place.

    None of them means anything in a URI, where `#` would end the data and `%` begin another character.
    """
    foreign = st.sampled_from("*$!~@^()[]{}|<>;'`")
    places = st.integers(0, len(text) - 1)
    return st.builds(lambda at, character: text[:at] + character + text[at + 1 :], places, foreign)


@st.composite
def json_spellings(draw: st.DrawFn, members: Mapping[str, object]) -> bytes:
    """One of the JSON texts of an object (RFC 8259): any order, white space and escapes."""
    order = draw(st.permutations(list(members)))
    indent, separators = draw(st.sampled_from([(None, (",", ":")), (None, (", ", ": ")), (2, None), ("\t", None)]))
    escaped = draw(st.sampled_from(["", "a", "4", "eI"]))
    only_ascii = not escaped and draw(st.booleans())  # or these would be escaped within another escape
    ordered = {name: members[name] for name in order}
    text = json.dumps(ordered, indent=indent, separators=separators, ensure_ascii=only_ascii)
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    for character in escaped:
        text = text.replace(character, f"\\u{ord(character):04x}")
    around = draw(st.sampled_from(["", " ", "\r\n", "\t\n "]))
    return (around + text + around).encode()
