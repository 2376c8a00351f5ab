"""`startocr-conformance report FOLDER` renders a folder again, and says what it cannot use."""

from pathlib import Path

from click.testing import CliRunner

from conformance.cli import cli
from conformance.report.write import RENDERED, write
from tests.conformance.report.reports import a_report, a_rule


def test_renders_a_folder_again_and_leaves_what_only_a_run_can_write(tmp_path: Path) -> None:
    write(tmp_path, a_report(a_rule("auth.bad", "failed")), {"traffic.har": b"{}", "bodies/0123": b"%PDF"})
    before = {name: (tmp_path / name).read_bytes() for name in (*RENDERED, "traffic.har", "bodies/0123")}
    for name in RENDERED:
        (tmp_path / name).write_text("stale", encoding="utf-8")
    ended = CliRunner().invoke(cli, ["report", str(tmp_path)])
    assert (ended.exit_code, ended.output) == (0, f"Rendered again: {tmp_path / 'index.html'}\n")
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    ended = CliRunner().invoke(cli, ["report", str(tmp_path)])
    assert ended.exit_code == 2
    path = tmp_path / "report.json"
    assert ended.output == f"Error: {path}: cannot be read (No such file or directory): name the folder of a report\n"
