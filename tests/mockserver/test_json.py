"""The fast decoder and the strict one: what the fast one vouches for, the strict one reads alike."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver import payload
from mockserver.payload import PayloadError, parse_json

NAMES = st.sampled_from(["imageBase64", "filename", "a", "a\\u0062", "ab", "\\u0061", "é", '\\"', "\\\\", ""])
STRINGS = st.one_of(
    st.text(max_size=5).map(json.dumps),
    st.sampled_from(['"\\ud800"', '"\\""', '"a\\\\"', '"\\/"', '"\\u0022"', '"', '"\n"', '"é"', '""', '"a" "b"']),
)
VALUES = st.one_of(
    STRINGS,
    st.integers().map(str),
    st.floats(allow_nan=True).map(json.dumps),
    st.sampled_from(["null", "true", "false", "1e999", "-0", "01", "[]", "{}", '{"a":1,"a":2}', "", "9" * 5000]),
)
SPACES = st.sampled_from(["", "", "", " ", "\n", "\t", "\x0b", "\ufeff"])
MEMBERS = st.tuples(NAMES, VALUES, SPACES).map(lambda parts: f'{parts[2]}"{parts[0]}"{parts[2]}:{parts[1]}')
OBJECTS = st.tuples(SPACES, st.lists(MEMBERS, max_size=20)).map(lambda parts: f"{parts[0]}{{{','.join(parts[1])}}}")


def outcome(parse: Any, body: bytes) -> str:
    """What is made of a body: as text, since 1 and True are equal and NaN is not."""
    try:
        return repr(parse(body))
    except PayloadError:
        return "refused"


@given(OBJECTS)
@example('{"a":"1","a":2}')
@example('{"a":1,"\\u0061":2}')
@example('{"a":1,"\\"":2,"\\"":"3"}')
def test_both_decoders_agree(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    assert outcome(parse_json, body) == outcome(payload._parse_strictly, body)


@pytest.mark.parametrize("body", [b'{"a":"1","a":"2"}', b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b'{"":1,"":2}'])
def test_a_member_that_occurs_twice_is_never_overlooked(body: bytes) -> None:
    with pytest.raises(PayloadError):
        parse_json(body)


def test_a_usual_body_does_not_meet_the_slow_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.payload._parse_strictly", lambda body: "slow")
    members = {"imageBase64": "iVBORw0KGgo=", "filename": "Beleg-é.png", "provider": "paddle"}
    assert parse_json(json.dumps(members).encode()) == members
    # As PHP writes it.
    assert parse_json(b'{"imageBase64":"data:image\\/png;base64,+\\/8="}') == {
        "imageBase64": "data:image/png;base64,+/8="
    }
