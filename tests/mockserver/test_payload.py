"""JSON, data URIs and Base64 are read strictly, and nothing that is read shows in a message."""

import pytest

from mockserver.json_text import parse_json
from mockserver.payload import PayloadError, decode_base64, split_data_uri


@pytest.mark.parametrize(
    ("text", "content"), [("", b""), ("QQ==", b"A"), ("QUI=", b"AB"), ("QUJD", b"ABC"), ("+/+/", b"\xfb\xff\xbf")]
)
def test_decodes_base64(text: str, content: bytes) -> None:
    assert decode_base64(text) == content


@pytest.mark.parametrize(("text", "content"), [("QR==", b"A"), ("Qf==", b"A"), ("QUJ=", b"AB")])
def test_passes_over_bits_that_belong_to_no_byte(text: str, content: bytes) -> None:
    assert decode_base64(text) == content


@pytest.mark.parametrize(
    "text",
    ["QQ", "QQ=", "QQ===", "Q", "Q===", "====", "QUJD=", "QQ==QQ==", "QQ==\n", "QU\nJD", " QUJD", "-_-_", "QUJé", "%"],
)
def test_refuses_other_base64(text: str) -> None:
    with pytest.raises(PayloadError, match="the text is no Base64 in the standard alphabet with padding"):
        decode_base64(text)


def test_reads_json() -> None:
    assert parse_json('{"a": [1, 2.5, null, true, "é"]}'.encode()) == {"a": [1, 2.5, None, True, "é"]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"'a'",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b'{"a": 1, "a": 1}',
        b'[{"a": 1, "a": 2}]',
        b'"\xe9"',
        b'"\n"',
        b"{} {}",
        '"a"'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"1" * 10_000,
    ],
)
def test_refuses_other_json(body: bytes) -> None:
    with pytest.raises(PayloadError):
        parse_json(body)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("QQ==", (None, "QQ==")),
        ("data:image/png;base64,QQ==", ("image/png", "QQ==")),
        ("Data:Image/PNG;Base64,QQ==", ("image/png", "QQ==")),
        ("data:image/png;name=a.png;base64,QQ==", ("image/png", "QQ==")),
        ("data:application/pdf;base64,", ("application/pdf", "")),
        ("data:image/png;base64,a,b", ("image/png", "a,b")),
    ],
)
def test_splits_data_uris(text: str, parts: tuple[str | None, str]) -> None:
    assert split_data_uri(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "data:",
        "data:,QQ==",
        "data:image/png,QQ==",
        "data:image/png;base64;x=y,QQ==",
        "data:image/png;base64",
        "data:text/html;base64,QQ==",
        "data:;base64,QQ==",
        "data:application/octet-stream;base64,QQ==",
        "data:base64,QQ==",
        "data:application/pdfx;base64,QQ==",
    ],
)
def test_refuses_other_data_uris(text: str) -> None:
    with pytest.raises(PayloadError, match="a data URI"):
        split_data_uri(text)


def test_the_problem_does_not_quote_the_payload() -> None:
    with pytest.raises(PayloadError) as caught:
        decode_base64("sk_secret!")
    assert "secret" not in str(caught.value)
