"""Whatever a command is called with: one clear line on stderr, a status that is not 0, no traceback. Real processes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from tests.wrong_specs import write_wrong_specs

ROOT = Path(__file__).parents[1]
ASCII = {"PYTHONIOENCODING": "ascii:strict"}
SERVE, SPEC, FIXTURES = "mockserver serve --port 0", "spec", "fixtures.make"


@dataclass(frozen=True, kw_only=True)
class Call:
    """`{}` in the arguments stands for a folder of the test; `says` is a pattern of the whole line."""

    name: str
    command: str
    says: str
    status: int = 2
    environment: dict[str, str] = field(default_factory=dict)


CALLS = (
    Call(
        name="a host with an empty label",
        command=f"{SERVE} --host a..b --hooks-token x",
        says="--host: 'a..b' is no .*",
    ),
    Call(
        name="a host of the environment",
        command="mockserver serve",
        environment={"STARTOCR_MOCK_HOST": "192.0.2.1"},
        says="STARTOCR_MOCK_HOST: '192.0.2.1' can be reached by others, .* --hooks-token",
    ),
    Call(
        name="a token that no header can carry",
        command=f"{SERVE} --hooks-token ключ",
        says="--hooks-token: it is sent in a header: give visible ASCII characters, without spaces",
    ),
    Call(
        name="a token of the environment with a space",
        command=SERVE,
        environment={"STARTOCR_MOCK_HOOKS_TOKEN": "two words"},
        says="STARTOCR_MOCK_HOOKS_TOKEN: it is sent in a header: .*",
    ),
    Call(name="a folder as spec", command=f"{SERVE} --spec {{}}", says="--spec: .* cannot be read: Is a directory"),
    Call(
        name="an absent spec", command=f"{SERVE} --spec {{}}/absent", says="--spec: .* cannot be read: No such file .*"
    ),
    Call(
        name="an empty spec",
        command=f"{SERVE} --spec /dev/null",
        says=r"--spec: /dev/null is no OpenAPI document of this project \(it has another form\): .*",
    ),
    Call(name="a deep spec", command=f"{SERVE} --spec {{}}/deep.yaml", says="--spec: .*deep.yaml .*"),
    Call(
        name="a spec without a rule that is decided by",
        command=f"{SERVE} --spec {{}}/lacking.yaml",
        says="--spec: .*lacking.yaml: there is no rule auth.revoked_key, and the server decides by it",
    ),
    Call(
        name="a spec without a question that is answered",
        command=f"{SERVE} --spec {{}}/unasked.yaml",
        says="--spec: .*unasked.yaml: there is no question megabyte, and the server is built on its answer",
    ),
    Call(
        name="a port of the environment",
        command="mockserver serve",
        environment={"STARTOCR_MOCK_PORT": "http"},
        says="STARTOCR_MOCK_PORT: 'http' is no port: .*",
    ),
    Call(
        name="a way of being ready of the environment",
        command=SERVE,
        environment={"STARTOCR_MOCK_READY": "xml"},
        says="STARTOCR_MOCK_READY: 'xml' is not one of 'text', 'json'.",
    ),
    Call(
        name="an origin of the environment",
        command=SERVE,
        environment={"STARTOCR_MOCK_ALLOWED_ORIGIN": "https://app.example.com *"},
        says="STARTOCR_MOCK_ALLOWED_ORIGIN: '\\*' is no origin .*",
    ),
    Call(
        name="a spec of the environment",
        command=SERVE,
        environment={"STARTOCR_MOCK_SPEC": "/dev/null"},
        says="STARTOCR_MOCK_SPEC: /dev/null is no OpenAPI document .*",
    ),
    Call(
        name="a database of the environment",
        command=SERVE,
        environment={"STARTOCR_MOCK_DATABASE": "/dev/null/x"},
        says="STARTOCR_MOCK_DATABASE: /dev/null/x cannot be opened: .*",
    ),
    Call(name="an option of serve", command=f"{SERVE} --nothing", says="No such option '--nothing'.* --help."),
    Call(name="a command of startocr-mock", command="mockserver nothing", says="No such command 'nothing'.* --help."),
    Call(
        name="no documentation",
        command=f"{SPEC} build --documentation /dev/null --output {{}}/x",
        says="null:1: expected one table .*",
        status=1,
    ),
    Call(
        name="a folder as documentation",
        command=f"{SPEC} build --documentation {{}}",
        says="--documentation: .*directory.",
    ),
    Call(name="a folder as output", command=f"{SPEC} build --output {{}}", says="--output: .* is a directory."),
    Call(
        name="an output in no folder",
        command=f"{SPEC} build --output {{}}/absent/x",
        says=".*/absent/x cannot be written: No such file or directory",
        status=1,
    ),
    Call(
        name="an output on a full disk",
        command=f"{SPEC} build --output /dev/full",
        says="/dev/full cannot be written: No space left on device",
        status=1,
    ),
    Call(name="an option of build", command=f"{SPEC} build --nothing", says="No such option '--nothing'.* --help."),
    Call(name="an option without its value", command=f"{SPEC} build --output", says="Option '--output' requires .*"),
    Call(name="a command of spec", command=f"{SPEC} nothing", says="No such command 'nothing'.* --help."),
    Call(name="fixtures into a file", command=f"{FIXTURES} --into {{}}/deep.yaml", says="--into: .* is no folder; .*"),
    Call(
        name="fixtures of a file",
        command=f"{FIXTURES} --check --into {{}}/deep.yaml",
        says="--into: .* is no folder; .*",
    ),
    Call(
        name="fixtures in no place",
        command=f"{FIXTURES} --into /dev/null/x",
        says="/dev/null.*: Not a directory",
        status=1,
    ),
    Call(name="an option of fixtures", command=f"{FIXTURES} --nothing", says=".* arguments: --nothing; see .* --help"),
)

PRINTING = {
    "serve": SERVE,
    "serve with workers": f"{SERVE} --workers 2 --database {{}}/pages.db",
    "help of serve": "mockserver serve --help",
    "build": f"{SPEC} build --check",
    "help of build": f"{SPEC} build --help",
    "fixtures": f"{FIXTURES} --check --into {{}}",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_wrong_specs(tmp_path)
    (tmp_path / "deep.yaml").write_text("[" * 20_000 + "]" * 20_000, encoding="utf-8")
    return tmp_path


def run(
    command: str, folder: Path, environment: dict[str, str] | None = None, stdout: int | IO[bytes] = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    arguments = [sys.executable, "-m", *command.format(folder).split(" ")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STARTOCR_")}
    return subprocess.run(
        arguments,
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=20,
        check=False,
    )


def line(done: subprocess.CompletedProcess[bytes]) -> str:
    """The one line that was printed to stderr, without the name of the command that opens it."""
    [line] = done.stderr.decode().splitlines()
    name = re.match(r"startocr-mock: |python -m (?:spec|fixtures\.make): ", line)
    assert name, line
    return line[name.end() :]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_wrong_call_is_one_line(call: Call, folder: Path) -> None:
    done = run(call.command, folder, {**call.environment, **ASCII})
    assert (done.returncode, done.stdout) == (call.status, b"")
    assert re.fullmatch(call.says, line(done)), done.stderr


def test_no_complaint_repeats_a_token(folder: Path) -> None:
    assert b"two words" not in run(SERVE, folder, {"STARTOCR_MOCK_HOOKS_TOKEN": "two words"}).stderr


def closed() -> IO[bytes]:
    """The end of a pipe that nobody reads any more, as in `| head -0`."""
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


def full() -> IO[bytes]:
    return Path("/dev/full").open("wb")


@pytest.mark.parametrize("name", PRINTING)
@pytest.mark.parametrize(("stdout", "reason"), [(closed, "Broken pipe"), (full, "No space left on device")])
def test_what_nobody_can_read_is_one_line(
    name: str, stdout: Callable[[], IO[bytes]], reason: str, folder: Path
) -> None:
    with stdout() as file:
        done = run(PRINTING[name], folder, stdout=file)
    assert (done.returncode, line(done)) == (1, f"what it says cannot be printed: {reason}")


@pytest.mark.parametrize(
    "command", [f"{SPEC} build --output {{}}/größe.yaml", f"{FIXTURES} --into {{}}/größe", "mockserver serve --help"]
)
def test_letters_that_the_terminal_lacks_are_escaped(command: str, folder: Path) -> None:
    done = run(command, folder, ASCII)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_stray_file_is_named_in_ascii(folder: Path) -> None:
    assert run(f"{FIXTURES} --into {{}}", folder).returncode == 0
    (folder / "documents" / "größe.png").touch()
    done = run(f"{FIXTURES} --check --into {{}}", folder, ASCII)
    assert (done.returncode, done.stdout) == (1, b"documents/gr\\xf6\\xdfe.png: nothing makes it\n")
