"""The pytest plugin: which tests judge which rule, what they need, and a verdict from how each one ended.

A test carries one marker: `verifies(rule)`, or `observes(question)` for an open question, which fails nobody. The exit
status of pytest itself is not used: it is 0 when every test was skipped.
"""

from collections.abc import Collection, Generator

import pytest

from conformance.checks import Check, Verdict
from conformance.exchange import Answer, Request
from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError, Unverified
from conformance.parameters import PARAMETERS
from conformance.run import RUN, Run


class MarkingError(Exception):
    """A test of the suite names no rule, or one that does not exist."""


class ConformancePlugin:
    """Runs the selected tests against the target of a run and writes its findings."""

    def __init__(self, run: Run, rules: Collection[str], *, with_questions: bool) -> None:
        self._run = run
        self._rules = frozenset(rules)
        self._with_questions = with_questions
        self._subjects: dict[str, str] = {}

    # Collection

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[RUN] = self._run
        config.addinivalue_line("markers", "verifies(rule): judges this rule of the documentation")
        config.addinivalue_line("markers", "observes(question): sees how this open question is read")
        config.addinivalue_line("markers", "is_control: judged even where the plain submission is not accepted")

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for name in PARAMETERS.keys() & set(metafunc.fixturenames):
            values = PARAMETERS[name](self._run.contract)
            metafunc.parametrize(name, values, ids=[getattr(value, "name", str(value)) for value in values])

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        for item in items:
            self._subjects[item.nodeid] = self._subject(item)
        selected = [item for item in items if self._is_selected(item)]
        config.hook.pytest_deselected(items=[item for item in items if not self._is_selected(item)])
        # In the order of the documentation; the questions last, whose odd requests may hurt a server.
        order = [*self._run.contract.rules, *self._run.contract.questions]
        items[:] = sorted(selected, key=lambda item: order.index(self._subjects[item.nodeid]))

    def _subject(self, item: pytest.Item) -> str:
        contract = self._run.contract
        for marker, known in (("verifies", contract.rules), ("observes", contract.questions)):
            found = item.get_closest_marker(marker)
            if found:
                if found.args[0] not in known:
                    raise MarkingError(f"{item.nodeid}: {marker} {found.args[0]!r}, which the documentation has not")
                return str(found.args[0])
        raise MarkingError(f"{item.nodeid} says neither which rule it verifies nor which question it observes")

    def _is_selected(self, item: pytest.Item) -> bool:
        subject = self._subjects[item.nodeid]
        return subject in self._rules or (self._with_questions and subject in self._run.contract.questions)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._run.findings.faults.append(f"the suite could not be read: {report.longreprtext}")

    # Running

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        subject = self._subjects[item.nodeid]
        if self._run.lost:
            raise TargetError(self._run.lost)
        self._run.target.begin(subject)
        if subject in self._run.contract.rules:
            lacking = self._run.lacking(subject)
            if lacking:
                raise Unverified(f"needs {'; and '.join(lacking)}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "call" or call.excinfo is not None:
            self._run.findings.checks.append(self._check(item, call))
        return report

    def _check(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Check:
        problem = call.excinfo.value if call.excinfo else None
        request, answer = self._exchange(problem)
        verdict, reason = self._verdict(item, problem)
        failed = verdict == "failed"
        evidence = problem if isinstance(problem, Nonconformance) and failed else None
        return Check(
            rule=self._subjects[item.nodeid],
            test=item.name,
            verdict=verdict,
            reason=reason,
            seconds=call.duration,
            expected=evidence.expected if evidence else None,
            got=evidence.got if evidence else None,
            request=request if failed else None,
            answer=answer if failed else None,
        )

    def _exchange(self, problem: BaseException | None) -> tuple[Request | None, Answer | None]:
        """What shows a failure: the exchange that it names, otherwise the last one of the test."""
        if isinstance(problem, ConnectionLostError):
            return problem.request, None
        named = problem.answer if isinstance(problem, Nonconformance) else None
        answer = named or self._run.target.last
        return (answer.request, answer) if answer else (None, None)

    def _verdict(self, item: pytest.Item, problem: BaseException | None) -> tuple[Verdict, str]:
        """Whose matter an exception is. Without a control that passed, no failure is held against the target."""
        opening = self._run.opening
        is_control = item.get_closest_marker("is_control") is not None
        if isinstance(problem, ConnectionLostError):
            return ("failed", str(problem)) if self._run.is_alive() else ("error", str(problem))
        if problem is not None and not isinstance(problem, (Nonconformance, Unverified)):
            return "error", f"{type(problem).__name__}: {problem}"
        if opening.state == "failed" and not is_control:
            return "unverified", f"the control that opens the run failed: {opening.reason}"
        if isinstance(problem, Unverified):
            return "unverified", problem.reason
        if isinstance(problem, Nonconformance):
            if opening.state == "untried" and not is_control:
                return "unverified", f"no control could be sent ({opening.reason}), so {problem} proves nothing"
            return "failed", str(problem)
        return "passed", ""
