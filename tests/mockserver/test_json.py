"""JSON is read as the standard library reads it, but for what that takes for JSON and is none, or is not clear."""

import json
from typing import Any, NoReturn

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.json_text import parse_json
from mockserver.payload import PayloadError

NAMES = st.sampled_from(
    ["imageBase64", "filename", "\\u0066ilename", "a", "a\\u0062", "ab", "\\u0061", "é", '\\"', "\\\\", ""]
)
STRINGS = st.one_of(
    st.text(max_size=5).map(json.dumps),
    st.sampled_from(
        ['"\\ud800"', '"\\""', '"a\\\\"', '"\\/"', '"\\u0022"', '"', '"\n"', '"é"', '""', '"a" "b"', '":"']
    ),
)
SCALARS = st.one_of(
    STRINGS,
    st.integers().map(str),
    st.floats(allow_nan=True).map(json.dumps),
    st.sampled_from(["null", "true", "false", "1e999", "-0", "01", "[]", "{}", '{"a":1,"a":2}', "", "9" * 5000]),
)
SPACES = st.sampled_from(["", "", "", " ", "\n", "\t", "\x0b", "\ufeff"])


def list_text(values: list[str]) -> str:
    return f"[{','.join(values)}]"


def objects(values: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    member = st.tuples(NAMES, values, SPACES).map(lambda parts: f'{parts[2]}"{parts[0]}"{parts[2]}:{parts[1]}')
    return st.tuples(SPACES, st.lists(member, max_size=most)).map(lambda parts: f"{parts[0]}{{{','.join(parts[1])}}}")


NESTED = st.recursive(
    SCALARS, lambda inner: objects(inner, 3) | st.lists(inner, max_size=3).map(list_text), max_leaves=6
)


def with_the_standard_library(body: bytes) -> Any:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise PayloadError
        return dict(pairs)

    def constant(name: str) -> NoReturn:
        raise PayloadError

    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=members, parse_constant=constant)
        # Half of a surrogate pair, which JSON can spell, is no text: no encoder takes it.
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError as problem:
        raise PayloadError from problem
    return value


def outcome(parse: Any, body: bytes) -> str:
    """What is made of a body: as text, since 1 and True are equal and NaN is not."""
    try:
        return repr(parse(body))
    except PayloadError:
        return "refused"


@given(objects(SCALARS, 20) | objects(NESTED, 4) | NESTED)
@example('{"a":"1","a":2}')
@example('{"a":1,"\\u0061":2}')
@example('{"a":1,"\\"":2,"\\"":"3"}')
@example('{"filename":"1","\\u0066ilename":"2"}')
@example('{"a":{"b":[{"c":":","c":":"}]}}')
@example('{"a":1e999,"b":-1e999,"c":9007199254740993,"d":123456789012345678901234567890}')
def test_it_is_read_as_by_another_reader(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    assert outcome(parse_json, body) == outcome(with_the_standard_library, body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"1","a":"2"}',
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"":1,"":2}',
        b'{"filename":"a","filename":"b"}',
        b'{"a":[{"b":{},"b":{}}]}',
        b'{"a":"\\\\","a":"\\""}',
    ],
)
def test_a_member_that_occurs_twice_is_never_overlooked(body: bytes) -> None:
    with pytest.raises(PayloadError):
        parse_json(body)


def test_a_usual_body_does_not_meet_the_slow_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.json_text._parse_any", lambda body: "slow")
    members = {"imageBase64": "iVBORw0KGgo=", "filename": "Beleg-é.png", "provider": "paddle"}
    assert parse_json(json.dumps(members).encode()) == members
    # As PHP writes it.
    assert parse_json(b'{"imageBase64":"data:image\\/png;base64,+\\/8="}') == {
        "imageBase64": "data:image/png;base64,+/8="
    }
