"""Lets pytest run the suite, whatever configuration and plugins it would find around."""

import gc
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import engine

from conformance.session.course import Course

SECTIONS = Path(__file__).parents[1] / "sections"
TESTS = "conformance.sections"
# What they would do for each test is of no use here, and would take longer than many a test. That of unraisable
# exceptions collects all garbage at the end, however much there is.
IDLE = (
    *("terminal", "cacheprovider", "logging", "warnings", "threadexception", "unraisableexception", "faulthandler"),
    *("unittest", "doctest", "subtests", "stepwise", "setuponly", "setupplan", "junitxml", "pastebin", "debugging"),
    *("tmpdir", "legacypath", "monkeypatch", "recwarn", "skipping", "capture"),
)
SHRINKING_SECONDS = 5
# A run makes few cycles, and looking for them as often as usual takes a tenth of its time. As long takes looking for
# them among all that was imported, which is frozen therefore.
OBJECTS_BETWEEN_COLLECTIONS = 20_000
# The settings that the imported tests have taken, if any have.
_DECLARED: list[str] = []
OF_THE_SURROUNDINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


class _WithoutTracebacks:
    """What a test says of a server is in its exception. A traceback takes long to write, and nobody reads it here."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        session.config.option.tbstyle = "no"


def run_pytest(plugins: list[object], course: Course, *options: str, shrink: bool = False) -> int:
    """Run pytest on the suite, and nothing else, with these plugins; its exit status."""
    arguments = [str(SECTIONS), "-c", str(SECTIONS / "pytest.ini"), "--rootdir", str(SECTIONS)]
    arguments += [option for plugin in IDLE for option in ("-p", f"no:{plugin}")]
    arguments += ["-p", "_hypothesis_pytestplugin"]
    profile = course.register(shrink=shrink)
    arguments += ["--hypothesis-profile", profile, "--hypothesis-seed", str(course.seed)]
    _declare_under(settings.get_profile(profile))
    with _undisturbed():
        return pytest.main([*arguments, *options], plugins=[*plugins, _WithoutTracebacks()])


def _declare_under(now: settings) -> None:
    """A test takes its Hypothesis settings when it is declared, so under others it is imported anew."""
    if repr(now) not in _DECLARED:
        for name in [name for name in sys.modules if name.startswith(f"{TESTS}.")]:
            del sys.modules[name]
    _DECLARED[:] = [repr(now)]


def _cache() -> Path:
    """Where programs keep what they can make again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "startocr-conformance"


@contextmanager
def _undisturbed() -> Iterator[None]:
    before, often = dict(os.environ), gc.get_threshold()
    # There is no public setting for it, and the five minutes that it has are far too long over HTTP.
    engine.MAX_SHRINKING_SECONDS = SHRINKING_SECONDS
    for name in OF_THE_SURROUNDINGS:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # Otherwise Hypothesis keeps what it has reckoned in the folder from which the suite was called.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(_cache()))
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *often[1:])
    gc.freeze()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Where warnings are errors, one of Hypothesis would end a test of a rule.
            yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*often)
        os.environ.clear()
        os.environ.update(before)
