"""What a body costs is bounded by its size, whatever stands in it: much that is small is refused before it is read.

Memory stands for time, too, since what takes long is to make an object of each value; it is the same in every run.
"""

import json
import tracemalloc
from collections.abc import Callable

import httpx
import pytest

from mockserver.json_text import MOST_BARE, MOST_LEVELS, parse_json
from mockserver.payload import PayloadError, split_data_uri
from mockserver.server import OpenedAccount

SIZE = 2_000_000


def filled(head: bytes, part: bytes, end: bytes) -> bytes:
    """A body of about SIZE bytes that repeats one part."""
    return head + part * ((SIZE - len(head) - len(end)) // len(part)) + end


def peak_of(read: Callable[[], object]) -> int:
    """The most bytes that are held at once meanwhile, beside those that are held already."""
    tracemalloc.start()
    try:
        read()
    except PayloadError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


SMALL_THINGS = {
    "members": b"{%s}" % b",".join(b'"%06d":1' % number for number in range(SIZE // 11)),
    "documented members": filled(b'{"filename":""', b',"filename":""', b"}"),
    "lists": filled(b'{"a":[[]', b",[]", b"]}"),
    "objects": filled(b'{"a":[{}', b',{"a":1}', b"]}"),
    "numbers": filled(b'{"a":[1', b",1", b"]}"),
    "long numbers": filled(b'{"a":[1', b"," + b"9" * 4000, b"]}"),
    "strings": filled(b'{"a":[""', b',"ab"', b"]}"),
    "escaped strings": filled(b'{"a":[""', b',"\\n"', b"]}"),
    "quotes": filled(b"{", b'"', b"}"),
    "levels": filled(b"", b"[", b""),
}


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in SMALL_THINGS.items()])
def test_many_small_things_are_refused_and_cost_no_more_than_two_bodies(body: bytes) -> None:
    assert peak_of(lambda: parse_json(body)) < 2.1 * len(body)
    with pytest.raises(PayloadError):
        parse_json(body)


@pytest.mark.parametrize("text", ["a" * SIZE, "," * SIZE, '"' * (SIZE // 2), "\\" * (SIZE // 2), "{[:]}" * (SIZE // 5)])
def test_a_long_string_is_read_whatever_stands_in_it(text: str) -> None:
    body = json.dumps({"a": text, "b": [1]}).encode()
    assert parse_json(body) == {"a": text, "b": [1]}
    assert peak_of(lambda: parse_json(body)) < 2.1 * len(body)


def test_white_space_is_no_value() -> None:
    assert parse_json(filled(b'{"a":', b" \r\n\t", b"[1]}")) == {"a": [1]}


def test_some_thousand_values_are_read() -> None:
    members = {f"member {number}": number for number in range(MOST_BARE // 10)}
    assert parse_json(json.dumps(members).encode()) == members


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_the_levels_are_counted(opening: str, closing: str) -> None:
    parse_json((opening * MOST_LEVELS + "1" + closing * MOST_LEVELS).encode())
    with pytest.raises(PayloadError, match="nested too deep"):
        parse_json((opening * (MOST_LEVELS + 1) + "1" + closing * (MOST_LEVELS + 1)).encode())


@pytest.mark.parametrize(
    "text",
    [
        f"data:{';' * SIZE}",
        f"data:image/png{';' * SIZE};base64,QQ==",
        f"data:image/png{';,' * SIZE};base64,QQ==",
        f"data:image/png;base64{',;' * SIZE}",
    ],
)
def test_the_head_of_a_data_uri_is_not_taken_apart(text: str) -> None:
    assert peak_of(lambda: split_data_uri(text)) < 2.1 * len(text)


@pytest.mark.anyio
async def test_a_submission_of_many_members_is_refused_as_malformed(
    http: httpx.AsyncClient, account: OpenedAccount, image: str
) -> None:
    members = b"".join(b',"%06d":1' % number for number in range(100_000))
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    body = b'{"imageBase64":"%s"%s}' % (image.encode(), members)
    answer = await http.post("/api/ocr", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_image_base64")
    assert answer.headers["X-Mock-Rule"] == "body.invalid_image"
