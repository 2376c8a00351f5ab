"""Two deployments side by side, and a run beside an earlier one: over HTTP, by their exit statuses."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from conformance.cli import cli
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract

RULES = ("--rules", "auth.revoked_key,auth.missing_key", "--quiet")


def profile_file(folder: Path, name: str, url: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\nbase_url: {url}\nhooks: {{url: '{url}/_mock'}}\n", encoding="utf-8")
    return str(path)


def called(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_two_deployments_are_judged_and_held_side_by_side(tmp_path: Path) -> None:
    bad = DEFECTS["revoked_key_accepted"].change(reference(small_contract()))
    with served(reference(small_contract())) as good_one, served(bad) as bad_one:
        good, broken = (profile_file(tmp_path, name, p.base_url) for name, p in (("a", good_one), ("b", bad_one)))
        common = (*RULES[:2], "--reports", str(tmp_path / "out"))
        worse = called("compare", "--left", good, "--right", broken, *common)
        better = called("compare", "--left", broken, "--right", good, "--markdown", *common)
    assert worse.exit_code == 1, worse.output
    assert "newly failing  auth.revoked_key  passed → failed" in worse.output
    assert better.exit_code == 0, better.output
    assert better.output.startswith("## StartOCR conformance of b and a, compared")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"left", "right"}


def test_beside_a_baseline_only_what_is_worse_fails(tmp_path: Path) -> None:
    bad = DEFECTS["revoked_key_accepted"].change(reference(small_contract()))
    baseline = str(tmp_path / "out")
    with served(bad) as profile:
        run = ("run", "--target", profile_file(tmp_path, "b", profile.base_url), "--reports", baseline, *RULES)
        assert called(*run).exit_code == 1
        again = called(*run, "--baseline", baseline)
    assert again.exit_code == 0, again.output
    assert "Nothing has changed." in again.output
    report = tmp_path / "out" / "report.json"
    assert json.loads(report.read_text(encoding="utf-8"))["verdict"] == "failed", "the report itself stays true"
    with served(reference(small_contract())) as profile:
        run = ("run", "--target", profile_file(tmp_path, "a", profile.base_url), "--reports", baseline, *RULES)
        mended = called(*run, "--baseline", str(report))
    assert (mended.exit_code, "newly passing" in mended.output) == (0, True), mended.output
    with served(bad) as profile:
        run = ("run", "--target", profile_file(tmp_path, "b", profile.base_url), "--reports", baseline, *RULES)
        assert called(*run, "--baseline", str(report)).exit_code == 1


def test_a_baseline_that_cannot_be_read_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    result = called("run", "--base-url", "http://127.0.0.1:9", "--baseline", str(tmp_path / "absent.json"))
    assert result.exit_code == 2
    assert "absent.json: cannot be read" in result.output
