"""The suite as plain pytest, for those who have it anyway:

pytest -p conformance.pytest_plugin --pyargs conformance.sections --startocr-target staging.yaml

What breaks a rule is failed, what could not be seen is skipped, and what broke is an error. Nothing that is shown holds
a secret: in place of tracebacks there is what was expected and what came. The exit status is that of a run.
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import settings

from conformance.mistakes import NotJudgedError
from conformance.profile.profile import Profile, profile_from_file, profile_from_url
from conformance.report import status
from conformance.report.build import build_report
from conformance.report.curl import bodies_apart
from conformance.report.har import har
from conformance.report.timing import timed
from conformance.report.view import Report, headline, sentence
from conformance.report.write import prepare, write
from conformance.session.collecting import Collecting
from conformance.session.course import Course
from conformance.session.declared import Declared
from conformance.session.plugin import CHECKS, ConformancePlugin
from conformance.session.preflight import preflight
from conformance.session.progress import Progress
from conformance.session.run import prepared
from conformance.session.session import complete
from conformance.verdicts.checks import Check
from conformance.wire.traffic import Traffic
from spec import SpecError, load_contract


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("startocr", "StartOCR conformance")
    group.addoption("--startocr-target", type=Path, help="The target profile, a YAML file.")
    group.addoption("--startocr-base-url", help="A deployment without a profile; STARTOCR_API_KEY is its key.")
    group.addoption("--startocr-examples", type=int, default=Course.examples, help="Inputs for each generated test.")
    group.addoption("--startocr-reports", type=Path, help="A folder for the report; without it none is written.")
    group.addoption("--startocr-strict", action="store_true", help="Rules that web standards imply gate as well.")
    group.addoption("--startocr-allow-unverified", action="store_true", help="Exit 0 although rules stayed unverified.")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.help or config.option.version:
        return
    try:
        plugin = PlainPytest(config)
    except (NotJudgedError, SpecError) as problem:
        pytest.exit(str(problem), status.NOT_JUDGED)
    config.pluginmanager.register(plugin)


def _profile(config: pytest.Config) -> Profile:
    target, url = config.option.startocr_target, config.option.startocr_base_url
    if (target is None) == (url is None):
        raise NotJudgedError("say what to judge: either --startocr-target FILE or --startocr-base-url URL")
    if getattr(config.option, "numprocesses", None) or hasattr(config, "workerinput"):
        raise NotJudgedError(
            "plain pytest runs these tests in one process: leave -n out, or use startocr-conformance run -n"
        )
    return profile_from_file(target) if target else profile_from_url(url, option="--startocr-base-url")


class PlainPytest:
    """One run within a session of pytest that somebody else has started."""

    def __init__(self, config: pytest.Config) -> None:
        self._options = config.option
        contract, profile = load_contract(), _profile(config)
        course = Course(seed=_seed(config), examples=config.option.startocr_examples)
        config.option.hypothesis_seed = str(course.seed)
        settings.load_profile(course.register(shrink=profile.hooks is not None))
        self._started, self._clock, self._traffic = datetime.now(UTC), monotonic(), Traffic()
        self._run = prepared(contract, profile, course, self._traffic)
        self._collected = Collecting(contract, course, list(contract.rules), with_questions=True)
        self._tests: list[Declared] = []
        self._report: Report | None = None
        config.pluginmanager.register(self._collected)
        config.pluginmanager.register(ConformancePlugin(self._run, self._collected, Progress()))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Everything is known that is going to be sent; what the user has deselected is not judged."""
        if self._options.collectonly:
            return
        try:
            if self._options.startocr_reports:
                prepare(self._options.startocr_reports)
            preflight(self._run.target)
        except NotJudgedError as problem:
            pytest.exit(str(problem), status.NOT_JUDGED)
        self._tests = [self._collected.tests[item.nodeid] for item in session.items]
        self._run.open()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        redact = self._run.target.redactor.text
        report.sections = [(name, redact(text)) for name, text in report.sections]
        if call.excinfo is None:
            return report
        if checks := item.stash[CHECKS]:
            _tell(report, item, checks[0], redact)
        else:  # Of the several rules that it judges, it came to none.
            _skip(report, item, redact(str(call.excinfo.value)))
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self._tests:
            return
        self._run.close()
        complete(self._run.findings, self._tests)
        self._report = self._reported()
        session.exitstatus = status.exit_status(self._report, allow_unverified=self._options.startocr_allow_unverified)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._report:
            terminalreporter.section("StartOCR conformance")
            terminalreporter.write_line(f"{self._report['verdict']}: {sentence(self._report)} {headline(self._report)}")

    def _reported(self) -> Report:
        run, subjects = self._run, {subject for test in self._tests for subject in test.subjects}
        rules = [rule for rule in run.contract.rules if rule in subjects]
        timing = timed(self._started, monotonic() - self._clock, run.findings, self._traffic)
        is_whole = len(self._tests) == len(self._collected.tests)
        report = build_report(run, rules, timing, whole=is_whole, strict=self._options.startocr_strict)
        if self._options.startocr_reports:
            redactor = run.target.redactor
            beside = {**bodies_apart(run.findings, redactor), "traffic.har": har(self._traffic, redactor)}
            write(self._options.startocr_reports, report, beside)
        return report


def _tell(report: pytest.TestReport, item: pytest.Item, check: Check, redact: Callable[[str], str]) -> None:
    """Let pytest report the verdict; what it calls an error is what went wrong outside of the call of a test."""
    told = redact(check.reason)
    if check.verdict == "unverified":
        _skip(report, item, told)
    elif check.verdict == "failed":
        got = [f"expected  {check.expected}", f"got       {check.got}"] if check.expected else [check.reason]
        report.outcome, report.longrepr = "failed", redact("\n".join([f"{check.rule} is broken:", *got]))
    else:
        report.outcome, report.longrepr, report.when = "failed", told, "setup"


def _skip(report: pytest.TestReport, item: pytest.Item, reason: str) -> None:
    report.outcome, report.longrepr = "skipped", (str(item.path), item.location[1] or 0, f"Skipped: {reason}")


def _seed(config: pytest.Config) -> int:
    """That of Hypothesis, if one was given."""
    given = str(config.getoption("--hypothesis-seed", None) or Course.seed)
    if not given.isdecimal():
        raise NotJudgedError("--hypothesis-seed must be a whole number that is not negative")
    return int(given)
