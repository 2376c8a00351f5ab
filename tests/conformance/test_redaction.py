"""Redaction by value: whatever form a secret takes, it is gone."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.redaction import Redactor
from tests.echoing import FORMS, found

SECRET = "sk_canary_0123456789abcdef"


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.add(SECRET, "$STARTOCR_API_KEY")
    return redactor


def test_replaces_a_secret_by_its_name(redactor: Redactor) -> None:
    assert redactor.text(f"Bearer {SECRET}!") == "Bearer $STARTOCR_API_KEY!"


@pytest.mark.parametrize("before", ["", "a", "ab", "Bearer ", "user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_replaces_its_base64(redactor: Redactor, before: str, encode) -> None:  # type: ignore[no-untyped-def]
    encoded = encode(f"{before}{SECRET}, and more".encode()).decode()
    recognisable = encode(f"{before}{SECRET}".encode()).decode()[len(before) + 4 : -4]
    assert recognisable in encoded
    assert recognisable not in redactor.text(encoded)


@pytest.mark.parametrize("before", ["", "a", "ab"])
@pytest.mark.parametrize("around", ["", "Basic ", "x-"])
def test_replaces_the_base64_of_its_base64(redactor: Redactor, before: str, around: str) -> None:
    once = base64.b64encode(f"{before}{SECRET}:".encode()).decode()
    told = redactor.text(base64.b64encode(f"{around}{once}".encode()).decode())
    assert "$STARTOCR_API_KEY" in told
    assert len(told) < len("$STARTOCR_API_KEY") + 40


def test_replaces_the_longer_of_two_that_overlap(redactor: Redactor) -> None:
    redactor.add(SECRET + "A", "$STARTOCR_ALMOST_KEY")
    assert redactor.text(SECRET + "A") == "$STARTOCR_ALMOST_KEY"


def test_two_keys_that_differ_in_letter_case_go_by_their_own_names(redactor: Redactor) -> None:
    redactor.add(SECRET.swapcase(), "$STARTOCR_ALMOST_KEY")
    assert redactor.text(f"{SECRET} {SECRET.swapcase()}") == "$STARTOCR_API_KEY $STARTOCR_ALMOST_KEY"


def test_a_key_that_is_revoked_later_goes_by_its_last_name(redactor: Redactor) -> None:
    redactor.add(SECRET, "$STARTOCR_REVOKED_KEY")
    assert redactor.text(SECRET) == "$STARTOCR_REVOKED_KEY"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [SECRET, "short+1", "with \"quotes\", \\ and 'more'&<>"])
def test_replaces_it_in_every_form(redactor: Redactor, form: str, secret: str) -> None:
    redactor.add(secret, "$NAME")
    told = redactor.text(f"before {FORMS[form](secret)} after")
    assert found(told, {secret}) == set()
    assert told.startswith("before ")
    assert told.endswith(" after")
    assert "$NAME" in told


@pytest.mark.parametrize("escape", [json.dumps, repr, html.escape, quote, lambda text: json.dumps(json.dumps(text))])
def test_replaces_it_however_it_is_quoted(redactor: Redactor, escape: Callable[[str], str]) -> None:
    secret = "with \"quotes\", \\ and 'more'&<>/+="
    redactor.add(secret, "$NAME")
    told = redactor.text(escape(f"a {secret} b"))
    assert "$NAME" in told
    assert "quotes" not in told


def test_leaves_a_text_without_secrets_as_it_is(redactor: Redactor) -> None:
    text = "100%41 \\u0041 &#65; &amp; \\n " + "x" * 10_000
    assert redactor.text(text) == text
    assert redactor.content(b"\xff\0%41" + text.encode()) == b"\xff\0%41" + text.encode()


def test_redacts_a_body_of_any_bytes(redactor: Redactor) -> None:
    assert redactor.content(b"\xff" + SECRET.encode() + b"\0") == b"\xff$STARTOCR_API_KEY\0"


@given(st.text(), st.text(), st.text(min_size=4).filter(lambda secret: secret not in "$NAME"))
def test_leaves_no_secret_in_any_text(before: str, after: str, secret: str) -> None:
    redactor = Redactor()
    redactor.add(secret, "")
    once = redactor.text(before + secret + after)
    assert len(once) <= len(before + after)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_replaces_it_in_every_encoding(redactor: Redactor, encoding: str) -> None:
    content = f"before {SECRET} after".encode(encoding)
    for told in (redactor.text(content.decode("utf-8", "replace")), redactor.content(content).decode("latin-1")):
        assert found(told, {SECRET}) == set()
        assert "$STARTOCR_API_KEY" in told


def test_leaves_wide_text_without_a_secret_as_it_is(redactor: Redactor) -> None:
    content = "nothing to hide".encode("utf-16")
    assert redactor.content(content) == content
