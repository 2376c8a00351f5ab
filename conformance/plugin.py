"""The pytest plugin: which tests judge which rule, what they need, and a verdict from how each one ended.

A test carries one marker: `verifies(rule, …)`, or `observes(question)` for an open question, which fails nobody. The
exit status of pytest itself is not used: it is 0 when every test was skipped.
"""

import random
from collections.abc import Collection, Generator

import pytest

from conformance.checks import Check, Verdict
from conformance.declared import Declared, declared
from conformance.exchange import Answer, Request
from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError, Unverified
from conformance.parameters import PARAMETERS
from conformance.run import RUN, Run

MARKERS = (
    "verifies(rule, ...): judges these rules of the documentation",
    "observes(question): sees how this open question is read",
    "is_control: judged even where the plain submission is not accepted",
    "costs(requests, pages, each): what it submits at worst",
)


class ConformancePlugin:
    """Runs the selected tests against the target of a run and writes its findings."""

    def __init__(self, run: Run, rules: Collection[str], *, with_questions: bool) -> None:
        self._run = run
        self._rules = frozenset(rules)
        self._with_questions = with_questions
        self._declared: dict[str, Declared] = {}
        self._waiting: dict[str, str] = {}

    # Collection

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[RUN] = self._run
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for name in PARAMETERS.keys() & set(metafunc.fixturenames):
            values = PARAMETERS[name](self._run.contract)
            metafunc.parametrize(name, values, ids=[getattr(value, "name", str(value)) for value in values])

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        for item in items:
            self._declared[item.nodeid] = declared(item, self._run.contract, self._run.course)
        selected = [item for item in items if self._is_selected(item)]
        config.hook.pytest_deselected(items=[item for item in items if not self._is_selected(item)])
        items[:] = sorted(selected, key=self._place)
        if self._run.course.shuffled:
            random.Random(self._run.course.seed).shuffle(items)  # noqa: S311 (an order, no secret)
        self._waiting = {item.nodeid: item.name for item in items}

    def _place(self, item: pytest.Item) -> tuple[bool, bool, int]:
        """In the order of the documentation, the questions last, whose odd requests may hurt a server.

        What is generated comes after the other tests, so that a budget serves each rule first.
        """
        test = self._declared[item.nodeid]
        order = [*self._run.contract.rules, *self._run.contract.questions]
        return test.is_question, test.is_generated, order.index(test.subjects[0])

    def _is_selected(self, item: pytest.Item) -> bool:
        test = self._declared[item.nodeid]
        return self._with_questions if test.is_question else not self._rules.isdisjoint(test.subjects)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._run.findings.faults.append(f"the suite could not be read: {report.longreprtext}")

    # Running

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        test = self._declared[item.nodeid]
        if self._run.lost:
            raise TargetError(self._run.lost)
        self._run.target.begin(test.subjects[0])
        lacking = [] if test.is_question else self._run.lacking(*test.subjects)
        if lacking:
            raise Unverified(f"needs {'; and '.join(lacking)}")
        self._run.accounts.afford(test.pages)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "call" or call.excinfo is not None:
            self._run.findings.checks.extend(self._checks(item, call))
            self._waiting.pop(item.nodeid, None)
        return report

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Somebody ended the run: what a rule's other tests saw of it is not the whole of it."""
        if excinfo.type is not KeyboardInterrupt:  # pytest's own ways to stop are told by its exit status.
            return
        self._run.findings.interrupted = True
        for nodeid, name in self._waiting.items():
            test = self._declared[nodeid]
            for rule in () if test.is_question else test.subjects:
                check = Check(rule=rule, test=name, verdict="error", reason="the run was interrupted before it ended")
                self._run.findings.checks.append(check)

    def _checks(self, item: pytest.Item, call: pytest.CallInfo[None]) -> list[Check]:
        """One for each rule that the test judges; of a failure, one for the rule that is broken."""
        test = self._declared[item.nodeid]
        problem = call.excinfo.value if call.excinfo else None
        if isinstance(problem, ExceptionGroup):
            problem = _told(problem)
        verdict, reason = self._verdict(test, problem)
        if verdict == "passed":
            self._hold_to_its_costs(test)
        failed = verdict == "failed"
        request, answer = self._exchange(problem) if failed else (None, None)
        evidence = problem if isinstance(problem, Nonconformance) and failed else None
        subjects = (evidence.rule,) if evidence and evidence.rule else self._looked_at(test, verdict)
        return [
            Check(
                rule=subject,
                test=item.name,
                verdict=verdict,
                reason=reason,
                seconds=call.duration / len(subjects),
                expected=evidence.expected if evidence else None,
                got=evidence.got if evidence else None,
                request=request,
                answer=answer,
            )
            for subject in subjects
        ]

    def _looked_at(self, test: Declared, verdict: Verdict) -> tuple[str, ...]:
        """A test of several rules passes for those that it came by."""
        judged = self._run.target.running.judged
        if verdict != "passed" or len(test.subjects) == 1:
            return test.subjects
        return tuple(subject for subject in test.subjects if subject in judged)

    def _exchange(self, problem: BaseException | None) -> tuple[Request | None, Answer | None]:
        """What shows a failure: the exchange that it names, otherwise the last submission of the test."""
        if isinstance(problem, ConnectionLostError):
            return problem.request, None
        named = problem.answer if isinstance(problem, Nonconformance) else None
        answer = named or self._run.target.running.last
        return (answer.request, answer) if answer else (None, None)

    def _verdict(self, test: Declared, problem: BaseException | None) -> tuple[Verdict, str]:
        """Whose matter an exception is. Without a control that passed, no failure is held against the target."""
        opening = self._run.opening
        if isinstance(problem, ConnectionLostError):
            return ("failed", str(problem)) if self._run.is_alive() else ("error", str(problem))
        if problem is not None and not isinstance(problem, (Nonconformance, Unverified)):
            return "error", f"{type(problem).__name__}: {problem}"
        if opening.state == "failed" and not test.is_control:
            return "unverified", f"the control that opens the run failed: {opening.reason}"
        if isinstance(problem, Unverified):
            return "unverified", problem.reason
        if isinstance(problem, Nonconformance):
            if opening.state == "untried" and not test.is_control:
                return "unverified", f"no control could be sent ({opening.reason}), so {problem} proves nothing"
            return "failed", str(problem)
        return "passed", ""

    def _hold_to_its_costs(self, test: Declared) -> None:
        """A test that sends more than it says is a fault of the suite: somebody may have counted on it."""
        sent = self._run.target.running
        if sent.submissions > test.requests or sent.pages > test.pages:
            told = f"{test.name} sent {sent.submissions} requests worth {sent.pages} pages, more than it says"
            self._run.findings.faults.append(told)


def _told(group: ExceptionGroup[Exception]) -> Exception:
    """What a generated test saw once but not again: a failure that comes and goes is a failure."""
    for problem in group.exceptions:
        told = _told(problem) if isinstance(problem, ExceptionGroup) else problem
        if isinstance(told, (Nonconformance, ConnectionLostError)):
            return told
    return group
