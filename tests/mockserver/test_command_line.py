"""The command line: what a wrong call is told, and what a right one prints and serves, in a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from mockserver.__main__ import main
from mockserver.wellknown import WELL_KNOWN

ROOT = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers on free ports, and kills those that are left."""
    processes: list[subprocess.Popen[str]] = []

    def run(*options: str, **environment: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "mockserver", "serve", *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "STARTOCR_MOCK_PORT": "0", **environment}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, str, str]:
    """Exit status and what was printed since."""
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    return process.returncode, out, err


def misuse(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a wrong call prints; its exit status is 2."""
    with pytest.raises(SystemExit) as caught:
        main(["serve", *arguments])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_prints_one_line_of_json_and_ends_well(start: Start, number: signal.Signals) -> None:
    process = start("--ready", "json")
    facts = json.loads(first_line(process))
    assert sorted(facts) == ["apiKey", "hooks", "pid", "testKeys", "url"]
    assert facts["pid"] == process.pid
    assert facts["hooks"] == f"{facts['url']}/_mock"
    assert httpx.get(facts["hooks"]).json()["version"] == 1
    balance = httpx.get(f"{facts['url']}/api/account", headers={"Authorization": f"Bearer {facts['apiKey']}"})
    assert balance.json() == {"pages": 1000}
    assert facts["testKeys"] == {known.name: known.secret for known in WELL_KNOWN}
    assert stop(process, number) == (0, "", "")


def test_prints_a_command_that_works_when_pasted(start: Start) -> None:
    process = start()
    assert process.stdout is not None
    lines = [process.stdout.readline().strip() for _ in range(11)]
    assert re.fullmatch(r"Serving StartOCR HTTP API at http://127\.0\.0\.1:\d+", lines[0])
    assert re.fullmatch(r"API key with 1000 pages: sk_\w{32}", lines[1])
    assert re.fullmatch(r"Hooks: http://127\.0\.0\.1:\d+/_mock", lines[2])
    assert lines[5] == "Test keys:"
    assert [line.split(maxsplit=1) for line in lines[6:]] == [[known.secret, known.says] for known in WELL_KNOWN]
    pasted = subprocess.run(["bash", "-c", f"{lines[4]} --silent"], capture_output=True, check=True, timeout=10)  # noqa: S607
    assert json.loads(pasted.stdout)["success"] is True


def test_options_win_over_the_environment(start: Start) -> None:
    process = start(
        "--ready",
        "json",
        STARTOCR_MOCK_READY="text",
        STARTOCR_MOCK_HOST="127.0.0.1",
        STARTOCR_MOCK_ALLOWED_ORIGIN="https://one.example.com https://two.example.com:8443",
        STARTOCR_MOCK_HOOKS_TOKEN="hooks-token",
    )
    facts = json.loads(first_line(process))
    for origin in ("https://one.example.com", "https://two.example.com:8443"):
        answer = httpx.get(f"{facts['url']}/api/account", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert httpx.get(facts["hooks"]).status_code == 401
    assert httpx.get(facts["hooks"], headers={"Authorization": "Bearer hooks-token"}).status_code == 200


def test_a_port_in_use_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert misuse(capsys, "--port", str(port)) == (
            f"startocr-mock: --port: {port} on 127.0.0.1 is in use: choose another, or 0 for a free one\n"
        )


@pytest.mark.parametrize("port", ["x", "-1", "65536", "1.5", "", "٣"])
def test_a_wrong_port_is_named(capsys: pytest.CaptureFixture[str], port: str) -> None:
    expected = f"startocr-mock: --port: {port!r} is no port: give a number from 0 to 65535 (0 takes a free one)\n"
    assert misuse(capsys, f"--port={port}") == expected


@pytest.mark.parametrize("number", ["x", "0", "-1", "65", "1.5", "", "٣"])
def test_a_wrong_number_of_workers_is_named(capsys: pytest.CaptureFixture[str], number: str) -> None:
    expected = f"startocr-mock: --workers: {number!r} is no number of processes: give a number from 1 to 64\n"
    assert misuse(capsys, f"--workers={number}") == expected


def test_workers_without_a_database_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    expected = "startocr-mock: --workers: 2 processes need a --database to share\n"
    assert misuse(capsys, "--workers", "2") == expected


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "", "1234567890123456789", "٣"])
def test_a_wrong_seed_is_named(capsys: pytest.CaptureFixture[str], number: str) -> None:
    assert misuse(capsys, f"--seed={number}") == (
        f"startocr-mock: --seed: {number!r} is no seed: give a whole number from 0 on, of 18 digits at most\n"
    )


def test_a_seed_makes_the_same_key_again(start: Start) -> None:
    keys = [json.loads(first_line(start("--ready", "json", STARTOCR_MOCK_SEED="7")))["apiKey"] for _ in range(2)]
    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "app.example.com",
        "https://app.example.com/",
        "https://App.example.com",
        "https://app.example.com:443",
        "https://*.example.com",
        "https://app.example.com:x",
        "https://user@app.example.com",
        "ftp://app.example.com",
        "https://",
        "https://a b",
        "https://a%20b",
        "https://a\\b",
    ],
)
def test_a_wrong_origin_is_named(capsys: pytest.CaptureFixture[str], origin: str) -> None:
    assert f"--allowed-origin: {origin!r} is no origin as browsers send it: write" in misuse(
        capsys, f"--allowed-origin={origin}"
    )


def test_an_origin_beyond_ascii_is_asked_for_as_browsers_send_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse(capsys, "--allowed-origin=https://münchen.example") == (
        "startocr-mock: --allowed-origin: 'https://münchen.example' is not as browsers send it: "
        "write its host in the ASCII form (xn--…)\n"
    )


@pytest.mark.parametrize("content", [None, "", "openapi: 3.1.0", "{", "\0"])
def test_an_unreadable_spec_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "openapi.yaml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert misuse(capsys, "--spec", str(path)).startswith(f"startocr-mock: --spec: {path} ")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "mock.example.com"])  # noqa: S104 - they are refused
def test_other_hosts_than_loopback_ones_need_a_token(capsys: pytest.CaptureFixture[str], host: str) -> None:
    assert misuse(capsys, "--host", host) == (
        f"startocr-mock: --host: {host!r} can be reached by others, and the hooks create accounts: "
        "protect them with --hooks-token\n"
    )


def test_a_foreign_address_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse(capsys, "--host", "192.0.2.1", "--port", "0", "--hooks-token", "x") == (
        "startocr-mock: --host: '192.0.2.1' is no address of this machine\n"
    )


@pytest.mark.parametrize("arguments", [["--nothing"], ["extra"]])
def test_other_mistakes_are_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert misuse(capsys, *arguments).endswith("See startocr-mock serve --help.\n")


def test_an_option_without_its_value_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse(capsys, "--port") == "startocr-mock: Option '--port' requires an argument.\n"


def test_a_wrong_choice_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert misuse(capsys, "--ready", "xml") == "startocr-mock: --ready: 'xml' is not one of 'text', 'json'.\n"


@pytest.mark.parametrize("token", ["", " ", "two words", "ключ", "tab\t", "line\n"])
def test_a_wrong_token_is_refused_without_being_shown(capsys: pytest.CaptureFixture[str], token: str) -> None:
    assert misuse(capsys, "--hooks-token", token) == (
        "startocr-mock: --hooks-token: it is sent in a header: give visible ASCII characters, without spaces\n"
    )


def test_serves_the_given_spec(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    original = (ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8")
    assert original.count("/api/ocr:") == 1
    path.write_text(original.replace("/api/ocr:", "/v2/ocr:"), encoding="utf-8")
    facts = json.loads(first_line(start("--ready", "json", "--spec", str(path))))
    assert httpx.post(f"{facts['url']}/v2/ocr").status_code == 401
    assert httpx.post(f"{facts['url']}/api/ocr").status_code == 404


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_shows_help(capsys: pytest.CaptureFixture[str], option: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([option])
    assert caught.value.code in (0, None)
    assert "A reference server for the StartOCR HTTP API." in capsys.readouterr().out


def test_shows_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code in (0, None)
    assert capsys.readouterr().out.startswith("startocr-mock ")
