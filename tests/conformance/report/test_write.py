"""A report folder is written whole or not at all, and can be rendered again from its report.json."""

import json
from pathlib import Path

import pytest

from conformance.report import write as writing
from conformance.report.write import ReportError, prepare, read, render_again, write
from tests.conformance.report.reports import a_report, a_rule

WHOLE = ("report.json", *writing.RENDERED)
BODIES = {"bodies/0123456789abcdef": b"%PDF"}


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_has_every_file_and_nothing_besides(tmp_path: Path) -> None:
    path = write(tmp_path, a_report(a_rule("auth.bad", "failed")), BODIES)
    assert path == tmp_path / "report.json"
    assert names(tmp_path) == {*WHOLE, "bodies/0123456789abcdef"}


def test_a_run_that_is_not_complete_leaves_no_badge_behind(tmp_path: Path) -> None:
    write(tmp_path, a_report(a_rule("auth.good")), {})
    (tmp_path / "report.json").write_text(json.dumps(a_report(a_rule("auth.good"), whole=False)), encoding="utf-8")
    render_again(tmp_path)
    assert names(tmp_path) == {*WHOLE} - {"badge.svg"}


def test_a_run_that_judges_nothing_leaves_no_report_behind(tmp_path: Path) -> None:
    write(tmp_path, a_report(a_rule("auth.good")), BODIES)
    (tmp_path / "notes.txt").touch()
    prepare(tmp_path)
    assert names(tmp_path) == {"notes.txt"}


def test_removes_the_bodies_of_an_earlier_run_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    bodies = tmp_path / "bodies"
    bodies.mkdir()
    for name in ("0123456789abcdef", "heavenly.csv"):
        (bodies / name).write_bytes(b"kept?")
    prepare(tmp_path)
    assert [path.name for path in bodies.iterdir()] == ["heavenly.csv"]


def test_renders_the_same_again(tmp_path: Path) -> None:
    write(tmp_path, a_report(a_rule("auth.bad", "failed", got="\ud800 é")), BODIES)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    for name in writing.RENDERED:
        (tmp_path / name).unlink()
    render_again(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_rules_stay_in_order_and_members_are_sorted(tmp_path: Path) -> None:
    path = write(tmp_path, a_report(a_rule("auth.b"), a_rule("auth.a")), {})
    text = path.read_text(encoding="utf-8")
    report = read(path)
    assert [rule["id"] for rule in report["rules"]] == ["auth.b", "auth.a"]
    assert text == json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_a_renderer_that_breaks_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(report: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(writing, "junit", broken)
    with pytest.raises(RuntimeError):
        write(tmp_path, a_report(a_rule("auth.good")), BODIES)
    assert names(tmp_path) == set()


def test_a_folder_that_fills_up_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a_report(a_rule("auth.good")), {})
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    written = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "summary.md":
            raise OSError(28, "No space left on device")
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ReportError, match=r"cannot be written \(No space left on device"):
        write(tmp_path, a_report(a_rule("auth.bad", "failed")), BODIES)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read .No such file or directory.: name the folder of a report"),
        ("{", "is not JSON"),
        ("\ud800", "is not JSON"),
        ("[]", "is no report of this version"),
        ('{"schemaVersion": 9}', "is no report of this version"),
    ],
)
def test_says_what_is_wrong_with_a_report_that_is_read(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "report.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ReportError, match=f"report.json: {message}"):
        render_again(tmp_path)
