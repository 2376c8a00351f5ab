"""The pytest plugin that judges: what a test needs before it runs, and a verdict from how it ended.

The exit status of pytest itself is not used: it is 0 when every test was skipped.
"""

from collections import Counter
from collections.abc import Generator

import pytest
from hypothesis.errors import Flaky

from conformance.outcomes import LOST_ANSWER, ConnectionLostError, Nonconformance, TargetError, Unverified
from conformance.session.collecting import Collecting
from conformance.session.declared import Declared
from conformance.session.examples import telling_examples
from conformance.session.progress import Progress
from conformance.session.run import RUN, Run
from conformance.verdicts.checks import Check, Verdict
from conformance.wire.exchange import Answer, Request

ENOUGH_SLIPS = 3
CHECKS = pytest.StashKey[list[Check]]()


class ConformancePlugin:
    """Runs the collected tests against the target of a run and writes its findings."""

    def __init__(self, run: Run, collected: Collecting, progress: Progress) -> None:
        self._run = run
        self._collected = collected
        self._progress = progress
        self._shown: Counter[str] = Counter()

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[RUN] = self._run

    def pytest_collection_finish(self) -> None:
        self._progress.begin(list(self._collected.tests.values()))

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        test = self._collected.tests[item.nodeid]
        if self._run.lost:
            raise TargetError(self._run.lost)
        self._run.target.begin(test.subjects[0])
        lacking = [] if test.is_question else self._run.lacking(*test.subjects)
        if lacking:
            raise Unverified(f"needs {'; and '.join(lacking)}")
        self._run.accounts.afford(test.pages)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        """The steps of a test that draws its inputs are those of the last one that it tried: it shows its failure."""
        trail = self._run.target.trail
        trail.prepared()
        with telling_examples(pyfuncitem.obj, trail.begin_example):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "call" or call.excinfo is not None:
            checks = self._checks(item, call)
            checks += self._slips(item, told={check.rule for check in checks if check.verdict == "failed"})
            item.stash[CHECKS] = checks
            self._end(self._collected.tests[item.nodeid], checks)
            if self._run.course.stop_at_first and any(check.verdict == "failed" for check in checks):
                item.session.shouldfail = "a rule failed"
        return report

    def _end(self, test: Declared, checks: list[Check]) -> None:
        findings = self._run.findings
        findings.checks.extend(checks)
        if test.place not in findings.ended:
            self._progress.ended(test, checks[0].verdict if checks else "passed")
        findings.ended.add(test.place)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if excinfo.type is KeyboardInterrupt:  # pytest's own ways to stop are told by its exit status.
            self._run.findings.interrupted = True

    def _checks(self, item: pytest.Item, call: pytest.CallInfo[None]) -> list[Check]:
        """One for each rule that the test judges; of a failure, one for the rule that is broken."""
        test = self._collected.tests[item.nodeid]
        problem = call.excinfo.value if call.excinfo else None
        problem = plain(problem, first=self._run.target.running.first)
        steps = self._run.target.trail.steps()  # Whether the target is still there is asked by another submission.
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
                place=test.place,
                verdict=verdict,
                reason=reason,
                seconds=call.duration / len(subjects),
                expected=evidence.expected if evidence else None,
                got=evidence.got if evidence else None,
                request=request,
                answer=answer,
                steps=steps if failed else (),
            )
            for subject in subjects
        ]

    def _slips(self, item: pytest.Item, *, told: set[str]) -> list[Check]:
        """The first failure of each rule that all answers are held to, whatever the test itself looks at.

        A few tests are enough to show one: what every answer does would be told by every test. Of the rules of which
        the test itself `told` that they are broken, nothing is said a second time.
        """
        if self._run.opening.state != "passed":
            return []
        slips = {slip.rule: slip for slip in reversed(self._run.target.running.slips) if slip.rule}
        slips = {rule: slip for rule, slip in slips.items() if self._shown[rule] < ENOUGH_SLIPS and rule not in told}
        if any(self._may_be_broken_down(slip) for slip in slips.values()) and not self._run.is_alive():
            return []
        self._shown.update(slips.keys())
        return [
            Check(
                rule=rule,
                test=item.name,
                place=self._collected.tests[item.nodeid].place,
                verdict="failed",
                reason=str(slip),
                expected=slip.expected,
                got=slip.got,
                request=slip.answer.request if slip.answer else None,
                answer=slip.answer,
                steps=self._run.target.trail.steps(last=slip.answer),
            )
            for rule, slip in slips.items()
            if rule in self._collected.rules
        ]

    def _looked_at(self, test: Declared, verdict: Verdict) -> tuple[str, ...]:
        """A test of several rules counts for those that it came by; each of them has tests of its own."""
        if len(test.subjects) == 1 or verdict == "error":
            return test.subjects
        judged = self._run.target.running.judged
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
            is_failure = self._run.is_alive() or (test.is_control and self._run.is_unanswered(problem))
            return "failed" if is_failure else "error", str(problem)
        if problem is not None and not isinstance(problem, (Nonconformance, Unverified)):
            return "error", f"{type(problem).__name__}: {problem}"
        if opening.state == "failed" and not test.is_control:
            return "unverified", f"the control that opens the run failed: {opening.reason}"
        if isinstance(problem, Unverified):
            return "unverified", problem.reason
        if isinstance(problem, Nonconformance):
            if opening.state == "untried" and not test.is_control:
                return "unverified", f"no control could be sent ({opening.reason}), so {problem} proves nothing"
            if self._may_be_broken_down(problem) and not self._run.is_alive():
                return "error", str(problem)
            if self._may_be_by_chance:
                return "unverified", f"{LOST_ANSWER}, so {problem} proves nothing"
            return "failed", str(problem)
        return "passed", ""

    def _may_be_broken_down(self, problem: Nonconformance) -> bool:
        """Whether a failure is one of the server itself, which may befall every request from now on."""
        answer = problem.answer or self._run.target.running.last
        return self._run.opening.state == "passed" and answer is not None and answer.status >= 500

    @property
    def _may_be_by_chance(self) -> bool:
        """Whether there may be a task more, and pages less, than the test knows of, as hardly ever in this run."""
        return self._run.target.running.uncertain and self._run.target.client.is_steady

    def _hold_to_its_costs(self, test: Declared) -> None:
        """A test that sends more than it says is a fault of the suite: somebody may have counted on it."""
        sent = self._run.target.running
        if sent.submissions > test.requests or sent.pages > test.pages:
            told = f"{test.name} sent {sent.submissions} requests worth {sent.pages} pages, more than it says"
            self._run.findings.faults.append(told)


def plain(problem: BaseException | None, first: Nonconformance | None) -> BaseException | None:
    """What a generated test ends with, without what Hypothesis makes of a failure that does not come again.

    `first` is the first failure of a test that looks at several rules: the same steps may have ended otherwise since.
    """
    if isinstance(problem, ExceptionGroup):
        problem = _told(problem)
    return first or problem if isinstance(problem, Flaky) else problem


def _told(group: ExceptionGroup[Exception]) -> Exception:
    """What a generated test saw once but not again: a failure that comes and goes is a failure."""
    for problem in group.exceptions:
        told = _told(problem) if isinstance(problem, ExceptionGroup) else problem
        if isinstance(told, (Nonconformance, ConnectionLostError)):
            return told
    return group
