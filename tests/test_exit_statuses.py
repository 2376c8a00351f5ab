"""The command line: each exit status is reached, and bad input gets one line that says what to do."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.profile.profile import Profile
from tests.defects.catalogue import DEFECTS
from tests.servers import ORIGIN, reference, served, small_contract


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`startocr-conformance run`, as a process of its own, as wide as a terminal that folds nothing."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STARTOCR_")}
    command = [sys.executable, "-m", "conformance", "run", *map(str, arguments)]
    return subprocess.run(
        command,
        env={**clean, "COLUMNS": "300", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def after(number: int, then: ASGIApp) -> Callable[[ASGIApp], ASGIApp]:
    """Another application takes over after this number of requests."""

    def wrap(app: ASGIApp) -> ASGIApp:
        count = itertools.count()

        async def switch(scope: Scope, receive: Receive, send: Send) -> None:
            is_late = scope["type"] == "http" and next(count) >= number
            await (then if is_late else app)(scope, receive, send)

        return switch

    return wrap


async def broken_hooks(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"error": "no longer"}, 500)(scope, receive, send)


async def hanging_up(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b""})


def told(process: subprocess.CompletedProcess[str], status: int) -> str:
    """The one line of an error that ended with this status."""
    assert process.returncode == status, process.stdout + process.stderr
    assert "Traceback" not in process.stderr + process.stdout
    [line] = process.stderr.splitlines()
    assert line.startswith("startocr-conformance: ")
    return line


@pytest.fixture(scope="module")
def mock() -> Iterator[Profile]:
    with served(reference(small_contract())) as profile:
        yield profile


@pytest.fixture
def target(mock: Profile, tmp_path: Path) -> Path:
    return profile_file(tmp_path, mock.base_url)


def profile_file(folder: Path, url: str) -> Path:
    path = folder / "target.yaml"
    options = f"hooks: {{url: '{url}/_mock'}}\ncors: {{allowed_origin: '{ORIGIN}'}}\nwait: {{task_seconds: 2}}\n"
    path.write_text(f"base_url: {url}\n{options}", encoding="utf-8")
    return path


def test_0_when_every_stated_rule_passed(target: Path, tmp_path: Path) -> None:
    process = run("--target", target, "--reports", tmp_path / "out", "--section", "authentication")
    assert process.returncode == 0, process.stdout + process.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (report["verdict"], len(report["rules"])) == ("passed", 9)
    assert str(tmp_path / "out" / "report.json") in process.stdout


def test_1_when_a_rule_failed(tmp_path: Path) -> None:
    with served(DEFECTS["revoked_key_accepted"].change(reference(small_contract()))) as profile:
        target = profile_file(tmp_path, profile.base_url)
        process = run("--target", target, "--reports", tmp_path, "--rules", "auth.*")
    assert process.returncode == 1
    assert "failed auth.revoked_key" in process.stdout
    assert "expected  status 401 with the error code invalid_api_key" in process.stdout
    assert "again     curl -i -X POST" in process.stdout


def test_3_when_a_stated_rule_stayed_unverified(mock: Profile, tmp_path: Path) -> None:
    arguments = ("--base-url", mock.base_url, "--reports", tmp_path)
    assert run(*arguments).returncode == 3
    assert "keys.valid, or hooks that offer accounts" in run(*arguments).stdout


def test_3_when_everything_was_skipped_and_even_that_was_allowed(mock: Profile, tmp_path: Path) -> None:
    process = run("--base-url", mock.base_url, "--reports", tmp_path, "--rules", "billing.*", "--allow-unverified")
    assert process.returncode == 3


def test_0_when_the_unverified_is_allowed(target: Path, tmp_path: Path) -> None:
    target.write_text(target.read_text(encoding="utf-8").replace("cors:", "cors: null #"), encoding="utf-8")
    arguments = ("--target", target, "--reports", tmp_path, "--rules", "cors.*")
    assert run(*arguments).returncode == 3
    assert run(*arguments, "--allow-unverified").returncode == 0


def test_4_when_the_hooks_break_in_the_middle(tmp_path: Path) -> None:
    with served(reference(small_contract()), after(100, broken_hooks)) as profile:
        process = run("--target", profile_file(tmp_path, profile.base_url), "--reports", tmp_path)
    assert process.returncode == 4, process.stdout


def test_4_when_the_target_goes_away_in_the_middle(tmp_path: Path) -> None:
    with served(reference(small_contract()), after(100, hanging_up)) as profile:
        process = run("--target", profile_file(tmp_path, profile.base_url), "--reports", tmp_path)
    assert process.returncode == 4, process.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert {rule["verdict"] for rule in report["rules"]} == {"passed", "error"}


def test_2_when_there_is_no_such_endpoint(mock: Profile, tmp_path: Path) -> None:
    process = run("--base-url", f"{mock.base_url}/elsewhere", "--reports", tmp_path)
    assert "there is no such endpoint, check base_url" in told(process, 2)


def test_2_when_the_key_is_refused_and_it_stays_secret(mock: Profile, tmp_path: Path) -> None:
    process = run("--base-url", mock.base_url, "--reports", tmp_path, STARTOCR_API_KEY="sk_wrong_0123456789")
    assert "check STARTOCR_API_KEY" in told(process, 2)
    assert "sk_wrong" not in process.stdout + process.stderr


def test_2_when_the_hooks_are_elsewhere(mock: Profile, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        f"base_url: {mock.base_url}\nhooks: {{url: '{mock.base_url}/hooks'}}\n", encoding="utf-8"
    )
    assert "the hook GET / answered 404" in told(run("--target", tmp_path / "t.yaml", "--reports", tmp_path), 2)


def test_an_elected_reading_that_is_not_kept_fails(target: Path, tmp_path: Path) -> None:
    with target.open("a", encoding="utf-8") as file:
        file.write("elections: {success_status: '202'}\n")
    process = run("--target", target, "--reports", tmp_path)
    assert process.returncode == 1
    assert "elected 202: failed" in process.stdout


def test_an_elected_reading_that_a_selection_sees_in_passing_is_judged(target: Path, tmp_path: Path) -> None:
    with target.open("a", encoding="utf-8") as file:
        file.write("elections: {success_status: '202'}\n")
    process = run("--target", target, "--reports", tmp_path, "--rules", "success.flag")
    assert process.returncode == 1
    assert "elected 202: failed" in process.stdout


def test_an_elected_reading_that_a_selection_leaves_out_is_told(target: Path, tmp_path: Path) -> None:
    with target.open("a", encoding="utf-8") as file:
        file.write("elections: {unknown_member: refused}\n")
    process = run("--target", target, "--reports", tmp_path, "--rules", "auth.missing_key")
    assert process.returncode == 0, process.stdout
    assert "unknown_member" in process.stdout
    assert "not seen: the selection leaves it out" in process.stdout
    assert "elected refused: unverified" in process.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [(row["id"], row["verdict"]) for row in report["questions"]] == [("unknown_member", "unverified")]
    assert "the selection leaves it out" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_a_reader_who_leaves_early_changes_no_status(target: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", "run", "--target", str(target), "--reports", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--section", "authentication"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("Judging http://")
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert (tmp_path / "out" / "report.json").exists()


def test_a_full_disk_behind_the_summary_changes_no_status(target: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conformance", "run", "--target", str(target), "--reports", str(tmp_path / "out")]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        process = subprocess.run(
            [*command, "--section", "authentication"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (process.returncode, process.stderr) == (0, "the summary cannot be printed: No space left on device\n")


def test_a_terminal_that_lacks_letters_changes_no_status(target: Path, tmp_path: Path) -> None:
    arguments = ("--target", target, "--reports", tmp_path / "out", "--section", "authentication")
    process = run(*arguments, PYTHONIOENCODING="ascii:strict")
    assert (process.returncode, process.stderr) == (0, "")


def test_the_command_line_goes_before_the_environment(target: Path, tmp_path: Path) -> None:
    arguments = ("--target", target, "--reports", tmp_path / "out", "--section", "authentication")
    assert run(*arguments, STARTOCR_CONFORMANCE_BASE_URL="http://127.0.0.1:9").returncode == 0
