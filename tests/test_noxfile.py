"""The session `conformance`: without options the environment changes nothing, and it says how the suite ended."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest
from nox.command import CommandFailed

ROOT = Path(__file__).parents[1]
LEAKING = {
    "STARTOCR_CONFORMANCE_TARGET": "absent.yaml",
    "STARTOCR_CONFORMANCE_BASE_URL": "http://127.0.0.1:9",
    "STARTOCR_CONFORMANCE_RULES": "auth.no_such_rule",
    "STARTOCR_MOCK_PORT": "no port",
    "STARTOCR_MOCK_DATABASE": "/absent/pages.db",
}


class QuitSession(Exception):  # noqa: N818 - the end that a session asks for
    """What `session.error` raises."""


class Session:
    """As much of a nox session as ours uses, in the environment of the tests; `said` is what it logged."""

    bin = str(Path(sys.executable).parent)

    def __init__(self, *posargs: str) -> None:
        self.posargs = posargs
        self.said: list[str] = []

    def install(self, *arguments: str) -> None:
        pass

    def run(self, *command: str, env: dict[str, None]) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in env}
        status = subprocess.run([f"{self.bin}/{command[0]}", *command[1:]], env=kept, check=False).returncode
        if status:
            raise CommandFailed(f"Returned code {status}", return_code=status)

    def log(self, message: str) -> None:
        self.said.append(message)

    def error(self, message: str) -> NoReturn:
        raise QuitSession(message)


@pytest.fixture(scope="module")
def noxfile() -> ModuleType:
    found = importlib.util.spec_from_file_location("sessions", ROOT / "noxfile.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def conform(noxfile: ModuleType, session: Any) -> None:
    noxfile.conformance(session)


def test_without_options_it_judges_the_mock_server_whatever_is_set(
    noxfile: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in LEAKING.items():
        monkeypatch.setenv(name, value)
    session = Session("--rules", "auth.missing_key", "--reports", str(tmp_path))
    conform(noxfile, session)
    assert (tmp_path / "report.json").exists()
    assert session.said[0] == f"Without --target or --base-url nobody looks at {', '.join(sorted(LEAKING))}"
    assert "startocr-conformance ended with 0: what was to be judged passed" in session.said


def test_says_how_the_suite_ended(noxfile: ModuleType, tmp_path: Path) -> None:
    session = Session("--base-url", "http://127.0.0.1:9", "--reports", str(tmp_path))
    with pytest.raises(QuitSession, match="startocr-conformance ended with 2: nothing was judged: the profile, "):
        conform(noxfile, session)


def test_the_readme_tells_the_same_endings(noxfile: ModuleType) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d) \| (.*?)(?: \(.*\))? \|$", readme, re.MULTILINE))
    assert rows.keys() == {str(status) for status in noxfile.ENDINGS}
    assert [rows[str(status)] for status in (1, 2, 3, 4)] == [noxfile.ENDINGS[status] for status in (1, 2, 3, 4)]
