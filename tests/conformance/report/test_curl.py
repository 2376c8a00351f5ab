"""A curl line is one line that a POSIX shell takes as it is meant, and only the names of secrets expand in it."""

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.redaction import NAMES, Redactor
from conformance.report.curl import bodies_apart, body_name, curl
from conformance.verdicts.checks import Check, Findings
from conformance.wire.exchange import Request

KEY = 'sk_$HOME`id`"quoted"\\\''
AWKWARD = ["plain", "it's", '"', "$HOME", "`id`", "$(id)", "a\\b", "!", "*", "@file", "ü€", "a b"]


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.add(KEY, "$STARTOCR_API_KEY")
    return redactor


def request(content: bytes = b"", **headers: str) -> Request:
    return Request(method="POST", url="http://target.test/api", headers=headers, content=content)


def words(line: str) -> list[str]:
    """What a shell makes of the line, with this key in the environment."""
    command = f"for word in {line.removeprefix('curl ')}; do printf '%s\\0' \"$word\"; done"
    environment = {"STARTOCR_API_KEY": KEY, "HOME": "/nowhere"}
    process = subprocess.run(["/bin/sh", "-c", command], env=environment, capture_output=True, check=True)
    return process.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("text", AWKWARD)
def test_a_shell_takes_headers_and_bodies_literally(redactor: Redactor, text: str) -> None:
    sent = request(text.encode(), Authorization=f"Bearer {KEY} {text}", Origin=text)
    got = words(curl(sent, redactor.text))
    assert got[got.index("--data-raw") + 1] == text
    assert f"Authorization: Bearer {KEY} {text}" in got
    assert f"Origin: {text}" in got


def test_holds_the_name_in_place_of_the_key(redactor: Redactor) -> None:
    line = curl(request(Authorization=f"Bearer {KEY}"), redactor.text)
    assert line == 'curl -i -X POST http://target.test/api -H "Authorization: Bearer $STARTOCR_API_KEY"'


def test_waits_for_no_body_behind_the_answer_to_a_head(redactor: Redactor) -> None:
    assert "--max-time 5" in curl(replace(request(b"{}"), method="HEAD"), redactor.text)
    assert "--max-time" not in curl(request(b"{}"), redactor.text)


def test_sends_no_media_type_where_none_was_sent(redactor: Redactor) -> None:
    assert "-H Content-Type:" in curl(request(b"{}"), redactor.text)
    assert "Content-Type" not in curl(request(), redactor.text)


def test_sends_an_empty_header_as_it_was_sent(redactor: Redactor) -> None:
    assert "Authorization;" in words(curl(request(Authorization=""), redactor.text))


def test_sends_in_chunks_what_was_sent_in_chunks(redactor: Redactor) -> None:
    assert "Transfer-Encoding: chunked" in words(curl(replace(request(b"{}"), chunked=True), redactor.text))


def test_sends_what_went_before_on_the_same_connection(redactor: Redactor) -> None:
    sent = replace(request(b"{}"), after=request(b"{}", Authorization=f"Bearer {KEY}"))
    before, _, after = curl(sent, redactor.text).partition(" --next ")
    assert "$STARTOCR_API_KEY" in before
    assert f"curl {after}" == curl(request(b"{}"), redactor.text)


def test_the_body_of_what_went_before_lies_in_a_file_too(redactor: Redactor) -> None:
    before = request(b"\x00")
    check = Check(rule="r", test="t", place=0, verdict="failed", request=replace(request(b"{}"), after=before))
    assert set(bodies_apart(Findings(checks=[check]), redactor)) == {body_name(b"\x00")}


@pytest.mark.parametrize("content", [b"x" * 2001, b"\xff", b"two\nlines", b"\0"])
def test_a_body_that_is_no_line_of_text_lies_in_a_file(redactor: Redactor, content: bytes) -> None:
    line = curl(request(content), redactor.text)
    assert "\n" not in line
    assert shlex.split(line)[-2:] == ["--data-binary", f"@{body_name(content)}"]
    check = Check(rule="auth.missing_key", test="test", verdict="failed", request=request(content))
    assert bodies_apart(Findings(checks=[check]), redactor) == {body_name(content): content}


def test_a_body_in_a_file_holds_no_key(redactor: Redactor) -> None:
    content = KEY.encode() + b"x" * 2001
    check = Check(rule="auth.missing_key", test="test", verdict="failed", request=request(content))
    [(name, written)] = bodies_apart(Findings(checks=[check]), redactor).items()
    assert name == body_name(content)
    assert written == b"$STARTOCR_API_KEY" + b"x" * 2001


def test_the_readme_says_what_each_name_stands_for() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"\n| `{name}` | " not in readme] == []
