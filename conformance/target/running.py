"""What the running test has sent so far: how much, what was answered last, and whether it was cut off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from conformance.outcomes import ConnectionLostError, Nonconformance
from conformance.target.submissions import Submission
from conformance.wire.exchange import Answer, Request


@dataclass(kw_only=True)
class Running:
    """`rule` is the one that the test looks at; `pages` are those that somebody pays for, if all is accepted.

    `judged` are the rules that it came by, where it may look at several. `last` is the last answer to a submission,
    from which follows what is looked up afterwards; to something else if nothing was submitted. `slips` break rules
    that the test does not judge: those that every answer is held to, and what else it notices. `first` is the first
    failure of one of several rules.
    `failing` says that the creation of a task was made to fail, so that a 503 may be the answer to it and no gateway's.
    `uncertain` says that an answer was lost to what somebody pays for, so that there may be a task more.
    `balances` are the pages of accounts, by id, that were told or seen since anything was submitted.
    """

    rule: str = ""
    submissions: int = 0
    pages: int = 0
    judged: set[str] = field(default_factory=set)
    balances: dict[str, int] = field(default_factory=dict)
    last: Answer | None = None
    slips: list[Nonconformance] = field(default_factory=list)
    first: Nonconformance | None = None
    cut: ConnectionLostError | None = None
    failing: bool = False
    uncertain: bool = False

    @contextmanager
    def judging(self, rule: str) -> Iterator[None]:
        """In a test of several rules: this one is looked at now, and what fails inside breaks it."""
        self.judged.add(rule)
        try:
            yield
        except Nonconformance as problem:
            problem.rule = problem.rule or rule
            self.first = self.first or problem
            raise

    @contextmanager
    def noticing(self, rule: str) -> Iterator[None]:
        """What fails inside breaks this rule, which the test does not judge, and goes on behind it."""
        try:
            yield
        except Nonconformance as problem:
            problem.rule, problem.answer = rule, problem.answer or self.last
            self.slips.append(problem)

    def count(self, submission: Submission) -> None:
        self.submissions += 1
        if submission.metered and not submission.is_faulty:
            self.pages += submission.pages

    def sending(self, request: Request) -> None:
        """From a submission on, no balance is known any more."""
        if request.kind == "submission":
            self.balances.clear()

    def answered(self, answer: Answer) -> None:
        self.uncertain = self.uncertain or answer.uncertain
        if self.last is None or answer.request.kind == "submission":
            self.last = answer
