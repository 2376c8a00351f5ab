"""Lets pytest run the suite, whatever configuration and plugins it would find around."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import engine

from conformance.session.course import Course

SECTIONS = Path(__file__).parents[1] / "sections"
TESTS = "conformance.sections"
# What they would do for each test is of no use here, and would take longer than many a test.
IDLE = ("terminal", "cacheprovider", "logging")
SHRINKING_SECONDS = 5
OF_THE_SURROUNDINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


def run_pytest(plugins: list[object], course: Course, *options: str, shrink: bool = False) -> int:
    """Run pytest on the suite, and nothing else, with these plugins; its exit status."""
    arguments = [str(SECTIONS), "-c", str(SECTIONS / "pytest.ini"), "--rootdir", str(SECTIONS)]
    arguments += [option for plugin in IDLE for option in ("-p", f"no:{plugin}")]
    arguments += ["--capture", "sys", "-p", "_hypothesis_pytestplugin"]
    arguments += ["--hypothesis-profile", course.register(shrink=shrink), "--hypothesis-seed", str(course.seed)]
    with _undisturbed():
        return pytest.main([*arguments, *options], plugins=plugins)


def _cache() -> Path:
    """Where programs keep what they can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "startocr-conformance"


@contextmanager
def _undisturbed() -> Iterator[None]:
    before = dict(os.environ)
    for name in [name for name in sys.modules if name.startswith(f"{TESTS}.")]:
        del sys.modules[name]  # A test takes its Hypothesis settings when it is declared, so it is declared anew.
    # There is no public setting for it, and the five minutes that it has are far too long over HTTP.
    engine.MAX_SHRINKING_SECONDS = SHRINKING_SECONDS
    for name in OF_THE_SURROUNDINGS:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Otherwise Hypothesis keeps what it has reckoned in the folder from which the suite was called.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(_cache()))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")  # Where warnings are errors, one of Hypothesis would end a test of a rule.
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
