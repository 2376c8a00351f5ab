"""`python -m tests.proof` loses nothing that was judged, and refuses in one line what it cannot do."""

import json
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from spec.console import run
from tests.proof import __main__ as command
from tests.proof.commit import UNKNOWN, commit
from tests.proof.judging import Outcome
from tests.proof.running import side_by_side


def ended(*arguments: str) -> object:
    """The status that the command ends with."""
    with pytest.raises(SystemExit) as end:
        run(command.main, "python -m tests.proof", arguments)
    return end.value.code


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command writes: not into this checkout."""
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(command, "DOCS", tmp_path / "docs")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--processes", "0"], "--processes: 0 is not in the range x>=1"),
        (["--again", "--only", "created"], "--only, --few and --again are three ways"),
        (["--few", "--only", "created"], "--only, --few and --again are three ways"),
        (["--again", "--few"], "--only, --few and --again are three ways"),
        (["--again", "--repeat", "3"], "--again judges nothing"),
        (["--again", "--peers"], "--again judges nothing"),
        (["--only", "nosuch"], "Nothing is named like nosuch"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    arguments: list[str], told: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"python -m tests.proof: {told}")
    assert said.count("\n") == 1
    assert list(root.iterdir()) == []


def test_without_a_checkout_a_proof_has_no_commit_and_is_not_for_the_documentation(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert commit() == UNKNOWN
    assert ended("--only", "created", "--write") == 2
    assert "--write needs a checkout of git" in capsys.readouterr().err
    monkeypatch.setenv("PATH", "")
    assert commit() == UNKNOWN


@pytest.mark.parametrize(("problem", "status"), [(KeyboardInterrupt, 130), (BrokenProcessPool, 1)])
def test_what_was_judged_before_an_end_is_written(
    problem: type[BaseException],
    status: int,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupted(*_: object, **__: object) -> Iterator[Outcome]:
        yield Outcome(subject="created", verdict="passed", failed={}, errors={}, readings={"success_status": "201"})
        raise problem

    monkeypatch.setattr(command, "side_by_side", interrupted)
    assert ended("--only", "created", "--only", "accepted_and_nested", "--write") == status
    assert "Interrupted: 1 of 2 servers were judged, see reports;" in capsys.readouterr().out
    assert list(json.loads((root / "reports" / "run.json").read_text(encoding="utf-8"))["runs"]) == ["created"]
    found = json.loads((root / "reports" / "proof.json").read_text(encoding="utf-8"))
    assert ([row["name"] for row in found["variants"]], found["whole"]) == (["created"], None)
    assert not (root / "docs").exists()


def test_nobody_waits_for_what_is_judged_when_it_is_interrupted() -> None:
    started = time.monotonic()
    outcomes = side_by_side(time.sleep, [0, 90, 90], 2, idle=[90])
    next(outcomes)
    outcomes.close()
    assert time.monotonic() - started < 60
