"""What pipelines are given: the script of the GitHub action and that of the GitLab job, run as a runner runs them."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import reference, served, small_contract

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RULES = "auth.missing_key,auth.revoked_key"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(reference(small_contract())) as profile:
        yield profile.base_url


@pytest.fixture
def workspace(tmp_path: Path, address: str) -> Path:
    """A runner's folders: the suite is installed, and the repository that calls has a profile."""
    (tmp_path / "startocr").mkdir()
    (tmp_path / "startocr" / "bin").symlink_to(BIN)
    (tmp_path / "conformance").mkdir()
    profile = f"name: staging\nbase_url: {address}\nhooks:\n  url: {address}/_mock\n"
    (tmp_path / "conformance" / "staging.yaml").write_text(profile, encoding="utf-8")
    return tmp_path


def document(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def step(name: str) -> Any:
    (found,) = (step for step in document("action.yml")["runs"]["steps"] if step.get("id") == name)
    return found


def bash(script: str, folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    kept = {"PATH": f"{BIN}:{os.environ['PATH']}", "STARTOCR_API_KEY": "sk_test_works", **environment}
    return subprocess.run(command, cwd=folder, env=kept, text=True, capture_output=True, check=False)


def act(workspace: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the step that judges with these inputs, where the others have their defaults."""
    given = {name: str(declared["default"]) for name, declared in document("action.yml")["inputs"].items()} | inputs
    step_environment = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step("judge")["env"].items()
    }
    runner = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(workspace / "output"),
        "GITHUB_STEP_SUMMARY": str(workspace / "steps.md"),
        "RUNNER_TEMP": str(workspace),
    }
    return bash(step("judge")["run"], workspace, runner | step_environment)


def test_the_action_passes_writes_the_summary_and_leaves_the_report(workspace: Path, address: str) -> None:
    ended = act(workspace, **{"base-url": address, "options": f"--rules {RULES}\n--allow-unverified\n"})
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (workspace / "output").read_text() == "status=0\n"
    summary = (workspace / "startocr-report" / "summary.md").read_text(encoding="utf-8")
    assert (workspace / "steps.md").read_text(encoding="utf-8") == summary


def test_the_action_ends_with_the_status_of_the_run(workspace: Path) -> None:
    profile = workspace / "conformance" / "staging.yaml"
    mended = "known_failures:\n  - {rule: auth.missing_key, reason: mended since, expires: 2999-12-31}\n"
    profile.write_text(profile.read_text() + mended)
    ended = act(workspace, target="conformance/staging.yaml", options=f"--rules={RULES}", reports="a report")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "::error title=StartOCR%3A" in ended.stdout
    assert (workspace / "output").read_text() == "status=1\n"
    assert (workspace / "a report" / "index.html").exists()


def test_the_action_without_a_target_is_told_so_in_one_line(workspace: Path) -> None:
    ended = act(workspace)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("hostile", ["$(touch reached)", "; touch reached", "*", "`touch reached`"])
def test_no_input_of_the_action_is_taken_for_a_command(workspace: Path, hostile: str) -> None:
    ended = act(workspace, target=hostile, options=hostile)
    assert ended.returncode == 2
    assert not (workspace / "reached").exists()


def test_no_script_of_the_action_has_an_input_in_its_text() -> None:
    assert not [step for step in document("action.yml")["runs"]["steps"] if "${{" in step.get("run", "")]


def test_the_action_keeps_what_the_run_wrote() -> None:
    kept = document("action.yml")["runs"]["steps"][-1]
    assert kept["if"] == "${{ always() }}"
    assert kept["with"]["path"] == step("judge")["env"]["REPORTS"]


def test_the_example_workflow_gives_the_action_inputs_that_it_has_and_waits_for_it() -> None:
    jobs = document("examples/github-release.yml")["jobs"]
    (use,) = (step for step in jobs["conformance"]["steps"] if "startocr-conformance@" in step.get("uses", ""))
    assert use["with"].keys() <= document("action.yml")["inputs"].keys()
    assert jobs["release"]["needs"] == "conformance"


def test_the_job_for_gitlab_runs_and_writes_what_it_keeps(workspace: Path) -> None:
    job = document("examples/gitlab-ci.yml")["conformance"]
    ended = bash("\n".join(job["script"]), workspace, {"STARTOCR_CONFORMANCE_RULES": RULES})
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for kept in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
        assert (workspace / kept).exists()
