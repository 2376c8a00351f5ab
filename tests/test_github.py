"""A run within a GitHub workflow annotates its failures and writes the step summary; elsewhere it does neither."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.profile.profile import Profile
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract

ROOT = Path(__file__).parents[1]
RULE = "body.required_field"


@pytest.fixture(scope="module")
def broken() -> Iterator[Profile]:
    with served(DEFECTS["missing_field_misspelt"].change(reference(small_contract()))) as profile:
        yield profile


def ran(profile: Profile, folder: Path, **environment: str) -> list[str]:
    """The lines of a run that judges one rule, which fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STARTOCR_", "GITHUB_"))}
    command = [sys.executable, "-m", "conformance", "run", "--base-url", profile.base_url, "--rules", RULE]
    ended = subprocess.run(
        [*command, "--reports", str(folder / "out")],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "STARTOCR_API_KEY": "sk_test_works", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    return ended.stdout.splitlines()


def test_annotates_the_failure_and_writes_the_step_summary(broken: Profile, tmp_path: Path) -> None:
    steps = tmp_path / "steps.md"
    lines = ran(broken, tmp_path, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(steps))
    [annotation] = [line for line in lines if line.startswith("::")]
    assert annotation.startswith(f"::error title=StartOCR%3A {RULE} failed::")
    assert steps.read_text(encoding="utf-8") == (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")


def test_a_step_summary_that_cannot_be_written_changes_no_status(broken: Profile, tmp_path: Path) -> None:
    lines = ran(broken, tmp_path, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(tmp_path / "absent" / "steps.md"))
    assert [line for line in lines if line.startswith("::warning title=StartOCR%3A no step summary::")] != []


def test_says_nothing_to_github_elsewhere(broken: Profile, tmp_path: Path) -> None:
    assert [line for line in ran(broken, tmp_path) if line.startswith("::")] == []


def test_leaves_nothing_but_the_report_where_it_is_called(broken: Profile, tmp_path: Path) -> None:
    ran(broken, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
