"""One of the processes that share the tests of a run (see `processes`): what it is given, does, and hands back."""

import multiprocessing
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

import pytest

from conformance.profile.profile import Profile
from conformance.session.collecting import Collecting
from conformance.session.course import Course
from conformance.session.declared import Declared
from conformance.session.progress import Progress
from conformance.session.run import Run, prepared
from conformance.session.session import run_tests
from conformance.target.control import Control
from conformance.verdicts.checks import Findings, Verdict
from conformance.wire.traffic import Traffic
from spec import Contract


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What a process needs to take part: its share of the budget and of the rate stands in the profile.

    From `opening` on it is what the parent found out about the target.
    """

    contract: Contract
    profile: Profile
    course: Course
    rules: tuple[str, ...]
    with_questions: bool
    opening: Control
    groups: frozenset[str]
    has_tasks: bool
    has_balance: bool
    untried: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a process found out, what it sent for that, and the accounts that are to be removed again."""

    findings: Findings
    traffic: Traffic
    secrets: dict[str, str]
    created: list[str]
    requests: int
    pages_spent: int
    limited: bool
    lost: str | None


def assigned(run: Run, rules: tuple[str, ...], *, with_questions: bool) -> Assignment:
    """What the processes of a run are given once it is opened."""
    return Assignment(
        contract=run.contract,
        profile=run.target.profile,
        course=run.course,
        rules=rules,
        with_questions=with_questions,
        opening=run.opening,
        groups=run.target.groups,
        has_tasks=run.target.has_tasks,
        has_balance=run.target.has_balance,
        untried=run.target.untried,
    )


class Taking:
    """A pytest plugin that runs one of the tests after the other, each of which only one process takes.

    Nothing is kept from one to the next but what is cheap: the fixtures of a session are made anew for each.
    """

    def __init__(self, taken: "Synchronized[int]") -> None:
        self._taken = taken

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed:  # The suite could not be read, and pytest says so.
            return None
        while _has_parent() and not session.shouldfail and (place := self._next()) < len(session.items):
            item = session.items[place]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return True

    def _next(self) -> int:
        with self._taken.get_lock():
            self._taken.value += 1
            return self._taken.value - 1


class Telling(Progress):
    """Tells the parent how it gets on: a list of tests, or one that has ended and its verdict."""

    def __init__(self, parent: Connection) -> None:
        self._parent = parent

    def begin(self, tests: Sequence[Declared]) -> None:
        self._tell(list(tests))

    def ended(self, test: Declared, verdict: Verdict) -> None:
        self._tell((test, verdict))

    def _tell(self, news: object) -> None:
        with suppress(OSError):  # Nobody is there any more: the loop will see it.
            self._parent.send(news)


def work(assignment: Assignment, taken: "Synchronized[int]", parent: Connection) -> None:
    """Take part in a run, and hand the outcome over, also when the parent ends it.

    Ctrl-C reaches every process of a terminal; which one obeys it decides the parent, by SIGTERM.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    traffic = Traffic()
    run = _run(assignment, traffic)
    collected = Collecting(
        assignment.contract, assignment.course, assignment.rules, with_questions=assignment.with_questions
    )
    with suppress(KeyboardInterrupt):
        run_tests(run, collected, Telling(parent), Taking(taken))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    parent.send(_outcome(run, traffic))


def _has_parent() -> bool:
    parent = multiprocessing.parent_process()
    return parent is not None and parent.is_alive()


def _run(assignment: Assignment, traffic: Traffic) -> Run:
    run = prepared(assignment.contract, assignment.profile, assignment.course, traffic)
    run.opening = assignment.opening
    run.target.groups = assignment.groups
    run.target.has_tasks = assignment.has_tasks
    run.target.has_balance = assignment.has_balance
    run.target.untried = assignment.untried
    return run


def _outcome(run: Run, traffic: Traffic) -> Outcome:
    run.accounts.settle()
    client = run.target.client
    client.close()
    return Outcome(
        findings=run.findings,
        traffic=traffic,
        secrets=client.redactor.secrets,
        created=run.accounts.created,
        requests=client.requests,
        pages_spent=client.pages_spent,
        limited=client.limited,
        lost=run.lost,
    )
