"""Evidence says in which part a request differs from the control, with both sides, short and without secrets."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from conformance.redaction import Redactor
from conformance.report.difference import difference
from conformance.target.submissions import Submission, plain_submission
from spec import load_contract

KEY = "sk_valid_0123456789"
PLAIN = plain_submission(load_contract(), "http://target.test", KEY, metered=False)
Row = tuple[str, str | None, str | None]


def rows(submission: Submission) -> list[Row]:
    redactor = Redactor()
    redactor.add(KEY, "$STARTOCR_API_KEY")
    found = difference(submission.request(), redactor.text)
    return [(str(row["part"]), row["control"], row["request"]) for row in found]


def test_the_control_does_not_differ_from_itself() -> None:
    assert rows(PLAIN) == []


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (lambda plain: replace(plain, authorization=None), ("header Authorization", "Bearer $STARTOCR_API_KEY", None)),
        (lambda plain: replace(plain, origin="http://a.test"), ("header Origin", None, "http://a.test")),
        (
            lambda plain: replace(plain, after=PLAIN.request()),
            ("connection", None, "the one on which POST http://target.test/api/ocr was sent before"),
        ),
        (lambda plain: replace(plain, chunked=True), ("header Transfer-Encoding", None, "chunked")),
        (lambda plain: replace(plain, method="PUT"), ("method", "POST", "PUT")),
        (lambda plain: plain.with_members(provider="baidu"), ("member provider", '"paddle"', '"baidu"')),
        (lambda plain: plain.with_members(provider=None), ("member provider", '"paddle"', "null")),
        (lambda plain: plain.without("filename"), ("member filename", '"page.png"', None)),
        (lambda plain: plain.with_members(undocumented=True), ("member undocumented", None, "true")),
    ],
)
def test_names_the_part_and_both_sides(change: Callable[[Submission], Submission], row: Row) -> None:
    assert rows(change(PLAIN)) == [row]


def test_of_a_long_value_the_beginning_is_told_which_says_what_it_is() -> None:
    uri = "data:image/jpeg;base64,/9j/" + "A" * 1000
    [(part, control, request)] = rows(PLAIN.with_members(imageBase64=uri))
    digest = hashlib.sha256(f'"{uri}"'.encode()).hexdigest()
    beginning = '"data:image/jpeg;base64,/9j/AAAAAAAAAAAA'
    assert (part, request) == ("member imageBase64", f"{beginning}… (1,029 bytes, sha256 {digest[:16]})")
    assert str(control).startswith('"iVBORw0KGgo')


def test_of_a_long_value_that_begins_like_the_control_the_place_is_told_where_it_differs() -> None:
    image = json.loads(PLAIN.body)["imageBase64"]
    [(_, control, request)] = rows(PLAIN.with_members(imageBase64=f"{image[:500]}%{image[501:]}"))
    assert f"…{image[480:500]}%{image[501:520]}…" in str(request)
    assert f"…{image[480:520]}" in str(control)


@pytest.mark.parametrize("content", [b"[]", b"{", b"", b"\xff", b'{"a": ' * 100_000])
def test_what_is_no_object_differs_as_a_whole(content: bytes) -> None:
    assert [part for part, _, _ in rows(replace(PLAIN, content=content))] == ["body"]


def test_white_space_after_the_same_object_is_a_difference_of_the_body() -> None:
    assert [part for part, _, _ in rows(PLAIN.filled_to(100_000))] == ["body"]


def test_a_secret_in_the_body_is_not_shown() -> None:
    assert rows(PLAIN.with_members(apiKey=KEY)) == [("member apiKey", None, '"$STARTOCR_API_KEY"')]
