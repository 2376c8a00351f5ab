"""`python -m spec build`: what it writes, says and exits with. A problem is one line and never a traceback."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from spec import load_contract
from spec.__main__ import cli
from spec.building import dump_openapi
from spec.reading import read_contract

Edit = Callable[..., Path]

ROOT = Path(__file__).parents[2]


def build(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["build", *map(str, arguments)])


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "spec", "build", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "openapi.yaml"


def complaint(result: Result) -> str:
    """The one line of a build that ended with status 1."""
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.exception
    [line] = result.stderr.splitlines()
    assert result.stdout == ""
    return line


def test_writes_the_document(output: Path) -> None:
    result = build("--output", output)
    assert (result.exit_code, result.output) == (0, f"{output} is built\n")
    assert output.read_text(encoding="utf-8") == dump_openapi(read_contract())


def test_overwrites_what_was_there(output: Path) -> None:
    output.write_text("stale " * 100_000, encoding="utf-8")
    assert build("--output", output).exit_code == 0
    assert output.read_text(encoding="utf-8") == dump_openapi(read_contract())


def test_reads_the_given_documents(documentation: Edit, questions: Edit, output: Path) -> None:
    texts = documentation(("10 MB", "20 MB")), questions(("- mock: `binary`", "- mock: `decimal`"))
    build("--documentation", texts[0], "--questions", texts[1], "--output", output)
    contract = load_contract(output)
    assert (contract.limit.megabytes, contract.questions["megabyte"].mock) == (20, "decimal")


def test_finds_a_fresh_document_fresh(output: Path) -> None:
    build("--output", output)
    result = build("--output", output, "--check")
    assert (result.exit_code, result.output) == (0, f"{output} is fresh\n")


def test_finds_a_stale_document_stale_and_leaves_it(output: Path) -> None:
    output.write_text("stale", encoding="utf-8")
    line = complaint(build("--output", output, "--check"))
    assert line == f"Error: {output} is stale: run python -m spec build and commit the result"
    assert output.read_text(encoding="utf-8") == "stale"


def test_finds_a_missing_document_stale_and_writes_none(output: Path) -> None:
    assert "is stale" in complaint(build("--output", output, "--check"))
    assert not output.exists()


def test_finds_a_document_stale_that_is_no_text(output: Path) -> None:
    output.write_bytes(b"\xff\xfe")
    assert "is stale" in complaint(build("--output", output, "--check"))


@pytest.mark.parametrize("option", ["--documentation", "--questions"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["absent", "no text"])
def test_says_which_document_cannot_be_read(tmp_path: Path, output: Path, option: str, content: bytes | None) -> None:
    path = tmp_path / "other.md"
    if content:
        path.write_bytes(content)
    line = complaint(build(option, path, "--output", output))
    assert line.startswith(f"Error: {path}:1: cannot be read: ")
    assert not output.exists()


def test_says_which_line_of_a_document_is_wrong(documentation: Edit, output: Path) -> None:
    path = documentation(("- `auth.key_accepted` A valid", "- A valid"))
    before, _ = path.read_text(encoding="utf-8").split("- A valid")
    line = complaint(build("--documentation", path, "--output", output))
    assert line.startswith(f"Error: documentation.md:{before.count(chr(10)) + 1}: a rule reads: ")


def test_says_that_the_question_of_the_success_status_is_missing(questions: Edit, output: Path) -> None:
    path = questions(("## `success_status`", "## `status_of_success`"))
    assert "success_status" in complaint(build("--questions", path, "--output", output))


def test_says_that_the_output_cannot_be_written(tmp_path: Path) -> None:
    output = tmp_path / "absent" / "openapi.yaml"
    assert complaint(build("--output", output)) == f"Error: {output} cannot be written: No such file or directory"


def test_refuses_a_folder_as_output(tmp_path: Path) -> None:
    result = build("--output", tmp_path)
    assert result.exit_code == 2
    assert "is a directory" in result.stderr


def test_runs_as_a_module(output: Path) -> None:
    done = run("--output", output)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{output} is built\n", "")
    assert load_contract(output) == read_contract()


def test_runs_as_a_module_and_exits_with_1_and_one_line(output: Path) -> None:
    done = run("--output", output, "--check")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"python -m spec: {output} is stale: run python -m spec build and commit the result\n"


def test_names_itself_as_it_is_called() -> None:
    assert run("--help").stdout.startswith("Usage: python -m spec build ")
