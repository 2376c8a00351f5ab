"""Two deployments side by side, and a run beside an earlier one: over HTTP, by their exit statuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance.cli import cli
from conformance.judge import Judgement
from conformance.redaction import Redactor
from conformance.wire.traffic import Traffic
from tests.conformance.report.reports import a_report, a_rule
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
    assert "newly failing  auth.revoked_key  passed → failed\n  expected" in worse.output
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


def test_a_rule_of_a_web_standard_counts_where_it_is_asked_for(tmp_path: Path) -> None:
    bad = DEFECTS["refusals_name_no_scheme"].change(reference(small_contract()))
    wrap = DEFECTS["refusals_name_no_scheme"].wrap
    with served(reference(small_contract())) as good_one, served(bad, wrap) as bad_one:
        good, broken = (profile_file(tmp_path, name, p.base_url) for name, p in (("a", good_one), ("b", bad_one)))
        common = ("--left", good, "--right", broken, "--rules", "http.challenge", "--reports", str(tmp_path / "out"))
        lenient, strict = called("compare", *common), called("compare", "--strict", *common)
        reports = (str(tmp_path / "out" / "left"), str(tmp_path / "out" / "right"))
    assert (lenient.exit_code, strict.exit_code) == (3, 1), strict.output
    assert called("compare", "--strict", *reports).exit_code == 1


def test_each_of_two_urls_may_have_a_key_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARTOCR_API_KEY", "sk_test_works")
    monkeypatch.setenv("STARTOCR_RIGHT_API_KEY", "sk_nobody_has_this")
    with served(reference(small_contract())) as profile:
        sides = ("--left", profile.base_url, "--right", profile.base_url, "--rules", "auth.key_accepted")
        result = called("compare", *sides, "--reports", str(tmp_path / "out"))
    assert result.exit_code == 2, result.output
    assert "invalid_api_key" in result.output
    assert "check STARTOCR_RIGHT_API_KEY" in result.output
    assert (tmp_path / "out" / "left" / "report.json").exists(), "the key of the left side is the one of both"
    assert not (tmp_path / "out" / "right" / "report.json").exists()


def test_nothing_is_judged_on_the_right_once_the_left_run_broke(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Judgement] = []

    def interrupted(*_: object, **__: object) -> Judgement:
        report = a_report(a_rule("auth.one"), faults=["the run was interrupted"])
        judged.append(Judgement(report=report, bodies={}, heard=Traffic(), redactor=Redactor()))
        return judged[-1]

    monkeypatch.setattr("conformance.judge.judge", interrupted)
    left = profile_file(tmp_path, "left", "http://127.0.0.1:9")
    result = called("compare", "--left", left, "--right", left, "--reports", str(tmp_path / "out"))
    assert (result.exit_code, len(judged)) == (2, 1), result.output
    assert "--left: nothing can be compared with a run that broke (the run was interrupted)" in result.output
    assert (tmp_path / "out" / "left" / "report.json").exists()


def test_a_baseline_that_cannot_be_read_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    result = called("run", "--base-url", "http://127.0.0.1:9", "--baseline", str(tmp_path / "absent.json"))
    assert result.exit_code == 2
    assert "absent.json: cannot be read" in result.output
