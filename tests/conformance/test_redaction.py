"""Redaction by value: whatever form a secret takes, it is gone."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.redaction import Redactor

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


def test_replaces_the_longer_of_two_that_overlap(redactor: Redactor) -> None:
    redactor.add(SECRET + "A", "$ALMOST_THE_KEY")
    assert redactor.text(SECRET + "A") == "$ALMOST_THE_KEY"


@given(st.text(), st.text(), st.text(min_size=4).filter(lambda secret: secret not in "$NAME"))
def test_leaves_no_secret_in_any_text(before: str, after: str, secret: str) -> None:
    redactor = Redactor()
    redactor.add(secret, "")
    once = redactor.text(before + secret + after)
    assert len(once) <= len(before + after)
