"""The suite as plain pytest: its verdicts are pytest's outcomes, its exit status is ours, and no secret is shown."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import Error, JUnitXml
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.defects.catalogue import DEFECTS
from tests.echoing import echoing, found
from tests.servers import reference, served, small_contract

ACCOUNTS = ("POST", "/_mock/accounts")


def profile_file(folder: Path, url: str, keys: str = "") -> str:
    """A profile with hooks, unless there are keys."""
    path = folder / "target.yaml"
    path.write_text(f"base_url: {url}\n{keys or f'hooks: {{url: {url}/_mock}}'}\n", encoding="utf-8")
    return str(path)


def plain(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "conformance.pytest_plugin", "--pyargs", "conformance.sections"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STARTOCR_", "PYTEST"))}
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "no:schemathesis", *options],
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def outcomes(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    last = done.stdout.strip().splitlines()[-1]
    return {name: int(number) for number, name in re.findall(r"(\d+) (passed|failed|skipped|errors?|deselected)", last)}


def test_a_rule_that_holds_is_passed(tmp_path: Path) -> None:
    with served(reference(small_contract())) as target:
        options = ("--startocr-target", profile_file(tmp_path, target.base_url), "-k", "without_a_key or revoked_key")
        done = plain(*options, "--startocr-reports", str(tmp_path / "out"))
    assert done.returncode == 0, done.stdout
    assert outcomes(done).keys() == {"passed", "deselected"}
    assert "passed: Every stated rule that was looked at passed." in done.stdout
    assert (tmp_path / "out" / "report.json").exists()


def test_a_rule_that_is_broken_is_failed_and_no_other(tmp_path: Path) -> None:
    with served(DEFECTS["revoked_key_accepted"].change(reference(small_contract()))) as target:
        options = ("--startocr-target", profile_file(tmp_path, target.base_url), "--showlocals")
        done = plain(*options, "-k", "without_a_key or refuses_a_revoked_key")
    assert done.returncode == 1, done.stdout
    assert "error" not in outcomes(done)
    assert set(re.findall(r"([a-z_.]+) is broken:", done.stdout)) == {"auth.revoked_key"}
    assert "expected  status 401 with the error code invalid_api_key" in done.stdout


def test_what_could_not_be_seen_is_skipped_and_never_0(tmp_path: Path) -> None:
    with served(reference(small_contract())) as target:
        profile = profile_file(tmp_path, target.base_url, "keys: {valid: sk_test_works}")
        done = plain("--startocr-target", profile, "-k", "refunds", "-rs")
    assert done.returncode == 3, done.stdout
    assert outcomes(done).keys() == {"skipped", "deselected"}
    assert "hooks that offer accounts and task-failures" in done.stdout


def hooks_that_break(app: ASGIApp) -> ASGIApp:
    """No account is created after the first few."""
    left = [4]

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ACCOUNTS:
            left[0] -= 1
            if left[0] < 0:
                await JSONResponse({}, 500)(scope, receive, send)
                return
        await app(scope, receive, send)

    return answer


def test_what_broke_is_an_error_for_every_reader(tmp_path: Path) -> None:
    xml = tmp_path / "junit.xml"
    with served(reference(small_contract()), hooks_that_break) as target:
        options = ("--startocr-target", profile_file(tmp_path, target.base_url), "--junitxml", str(xml))
        done = plain(*options, "-k", "takes_any_image or costs_a_page")
    assert done.returncode == 4, done.stdout
    assert "failed" not in outcomes(done)
    assert outcomes(done).keys() & {"error", "errors"}
    results = [result for suite in JUnitXml.fromfile(str(xml)) for case in suite for result in case.result]
    assert results
    assert {type(result) for result in results} == {Error}


def test_no_secret_is_shown_by_a_server_that_repeats_it(tmp_path: Path) -> None:
    server = reference(small_contract())
    key = server.open_account(100).api_key
    with served(server, lambda app: echoing(app, failing=True)) as target:
        profile = profile_file(tmp_path, target.base_url, f"keys: {{valid: {key}}}")
        done = plain("--startocr-target", profile, "--showlocals", "-rA", "-k", "authentication")
    assert done.returncode == 1, done.stdout
    assert found(done.stdout + done.stderr, {key}) == set()
    assert "$STARTOCR_API_KEY" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "say what to judge: either --startocr-target FILE or --startocr-base-url URL"),
        (("--startocr-base-url", "http://127.0.0.1:9"), "Is the server running, and is the address right?"),
        (("--startocr-target", "absent.yaml"), "absent.yaml: cannot be read"),
        (("--startocr-base-url", "http://127.0.0.1:9", "--hypothesis-seed", "x"), "--hypothesis-seed must be"),
    ],
)
def test_what_cannot_be_judged_ends_with_2(options: tuple[str, ...], message: str) -> None:
    done = plain(*options)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
