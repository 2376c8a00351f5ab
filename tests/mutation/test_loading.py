"""A module can be given another source, as long as nobody has imported it."""

import importlib
import sys
from pathlib import Path

import pytest

from tests.mutation.loading import load_with


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "changed_in_memory.py").write_text("VALUE = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.delitem(sys.modules, "changed_in_memory", raising=False)
    return "changed_in_memory"


def test_the_file_is_not_what_is_imported(module: str, tmp_path: Path) -> None:
    load_with(module, "VALUE = 2\n")
    assert importlib.import_module(module).VALUE == 2
    assert (tmp_path / "changed_in_memory.py").read_text(encoding="utf-8") == "VALUE = 1\n"
    assert not list(tmp_path.rglob("*.pyc"))


def test_a_module_that_was_imported_cannot_be_changed(module: str) -> None:
    assert importlib.import_module(module).VALUE == 1
    with pytest.raises(RuntimeError, match="was imported before"):
        load_with(module, "VALUE = 2\n")
