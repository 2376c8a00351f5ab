"""The sample report is what a run gives today. If it is not, `python -m tests.sample` makes it again."""

import re
from pathlib import Path

from conformance.report.schema import comparable
from conformance.report.view import Report
from conformance.report.write import read, render
from tests.sample import BROKEN, ROOT, SAMPLE, make_sample

STALE = "reports/sample is stale: run `python -m tests.sample` (or `nox -s sample`, which takes the pictures, too)"


def shown(report: Report) -> Report:
    """What a sample shows: of the tests only those that did not pass, so that not every new one makes it stale."""
    found = comparable(report)
    for rule in found["rules"]:
        rule["tests"] = [test for test in rule["tests"] if test["verdict"] != "passed"]
    return found


def test_a_run_gives_the_same(tmp_path: Path) -> None:
    make_sample(tmp_path)
    fresh, committed = read(tmp_path / "report.json"), read(SAMPLE / "report.json")
    assert shown(fresh) == shown(committed), STALE
    assert {path.name for path in SAMPLE.iterdir()} == {path.name for path in tmp_path.iterdir()}, STALE


def test_every_file_is_rendered_from_its_report() -> None:
    for name, content in render(read(SAMPLE / "report.json")).items():
        assert (SAMPLE / name).read_bytes() == content, STALE


def test_shows_a_failure_of_each_defect_and_what_would_open_the_rest() -> None:
    rules = read(SAMPLE / "report.json")["rules"]
    assert sum(rule["verdict"] == "failed" for rule in rules) == len(BROKEN)
    reasons = {rule["reason"] for rule in rules if rule["verdict"] == "unverified"}
    assert "needs cors.allowed_origin" in reasons
    assert all(reason.startswith(("needs ", "its control does not hold: ")) for reason in reasons)


def test_every_body_is_there_that_a_curl_line_sends_and_nothing_is_of_one_machine() -> None:
    text = (SAMPLE / "report.json").read_text(encoding="utf-8")
    named = set(re.findall(r"bodies/[0-9a-f]+", text))
    assert named
    assert named <= {f"bodies/{path.name}" for path in (SAMPLE / "bodies").iterdir()}
    assert not re.search("/home/|/work/|/tmp/|/root/", text)


def test_the_readme_shows_pictures_of_it_that_are_not_large() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\((docs/[a-z]+\.png)\)", readme)
    assert shown == ["docs/report.png", "docs/failure.png"]
    assert all((ROOT / picture).stat().st_size < 200_000 for picture in shown)
