"""What a run would send, without anything being sent: for each rule its tests, its submissions and pages at worst.

What hooks offer is known only once somebody asks them: where a profile names hooks, they are taken to offer all.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from conformance.profile.profile import Profile
from conformance.session.capabilities import missing
from conformance.session.declared import Declared
from conformance.target.target import Target, wire
from conformance.wire.client import Client
from conformance.wire.hooks import ACCOUNTS, GROUPS
from spec import Contract

QUESTIONS = "open questions"
CONTROLS = "preflight and controls"
FREE_SUBMISSIONS = 2  # The preflight: without a key, and without a document.
PAID_SUBMISSIONS = 3  # The controls that open and close the run, and the look for an account API.


@dataclass(frozen=True, kw_only=True)
class PlannedRow:
    """The tests of one rule, of all open questions, or the controls; what those submit at worst, and its pages.

    `left_out` is the number of those that cannot be sent, `closed` what would have to be added to the profile for them.
    """

    subject: str
    section: str = ""
    tests: int = 0
    requests: int = 0
    pages: int = 0
    left_out: int = 0
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`is_paid`: somebody pays for the pages, at most for `budget` of them if that is set."""

    rows: Sequence[PlannedRow]
    is_paid: bool
    budget: int | None

    @property
    def requests(self) -> int:
        return sum(row.requests for row in self.rows)

    @property
    def pages(self) -> int:
        return sum(row.pages for row in self.rows)


def planned(contract: Contract, profile: Profile, rules: Sequence[str], tests: Sequence[Declared]) -> Plan:
    """The plan of a run of these tests, which judge these rules."""
    target = _assumed(contract, profile)
    is_paid = not target.offers(ACCOUNTS)
    planner = Planner(target=target, budget=profile.spend.pages if is_paid else None)
    rows = [planner.row(rule, _sent_for(rule, rules, tests)) for rule in rules]
    questions = [test for test in tests if test.is_question]
    if questions:
        rows.append(planner.row(QUESTIONS, questions))
    return Plan(rows=[*rows, planner.controls()], is_paid=is_paid, budget=planner.budget)


def _assumed(contract: Contract, profile: Profile) -> Target:
    """The target as the profile describes it."""
    with closing(Client(profile.spend, seconds=0)) as client:
        target = wire(contract, profile, client)
    target.groups = GROUPS if profile.hooks else frozenset()
    return target


def _sent_for(rule: str, rules: Sequence[str], tests: Iterable[Declared]) -> list[Declared]:
    """The tests of a rule; one that walks through several counts at the first of them, since it is sent once."""
    return [test for test in tests if next((one for one in test.subjects if one in rules), None) == rule]


@dataclass(frozen=True, kw_only=True)
class Planner:
    """Tells what can be sent to this target; `budget` are the pages that somebody may pay for, None for no limit."""

    target: Target
    budget: int | None

    def row(self, subject: str, tests: Sequence[Declared]) -> PlannedRow:
        possible = [test for test in tests if not self._lacking(*test.subjects)]
        sent = [test for test in possible if self._affords(test)]
        dear = max((test.pages for test in possible if not self._affords(test)), default=0)
        rule = self.target.contract.rules.get(subject)
        return PlannedRow(
            subject=subject,
            section=rule.section if rule else "",
            tests=len(sent),
            requests=sum(test.requests for test in sent),
            pages=sum(test.pages for test in sent),
            left_out=len(tests) - len(sent),
            closed=(*self._lacking(subject), *([f"spend.pages of {dear}"] if dear else [])),
        )

    def controls(self) -> PlannedRow:
        """What is sent before and after the tests."""
        can_pay = self.target.offers(ACCOUNTS) or self.target.profile.keys.valid
        paid = PAID_SUBMISSIONS if can_pay and self.budget != 0 else 0
        return PlannedRow(subject=CONTROLS, requests=FREE_SUBMISSIONS + paid, pages=paid)

    def _lacking(self, *subjects: str) -> list[str]:
        """What would have to be added for these rules; a question needs nothing."""
        rules = self.target.contract.rules
        needs = dict.fromkeys(need for name in subjects if name in rules for need in rules[name].needs)
        return missing(self.target, tuple(needs))

    def _affords(self, test: Declared) -> bool:
        return self.budget is None or test.pages <= self.budget
