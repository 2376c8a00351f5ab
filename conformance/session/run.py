"""One run: the target wired up, its findings, and what the pytest plugin and the fixtures share."""

import ssl
import time
from dataclasses import dataclass, field

import httpx
import pytest

from conformance.outcomes import ConnectionLostError
from conformance.profile.profile import Profile
from conformance.redaction import Redactor
from conformance.session.capabilities import missing
from conformance.session.course import Course
from conformance.target.accounts import Accounts
from conformance.target.balances import Balances
from conformance.target.control import Control, find_assumed_calls, is_there, try_control
from conformance.target.target import Target, wire
from conformance.target.tasks import Tasks
from conformance.verdicts.checks import Findings
from conformance.wire.client import Client
from conformance.wire.exchange import Answer, Request
from conformance.wire.traffic import Traffic
from conformance.wire.trail import Trail
from spec import Contract

SLOWEST_ANSWER = 30.0
# A server that stumbles over what came a moment before takes the next one; one that broke down does not.
A_MOMENT = 1.0
NOTHING_SENT = Control(state="untried", reason="nothing was sent yet")


@dataclass(kw_only=True)
class Run:
    """A run against one target. `lost` says that the target went away, and when it did.

    `got_up`: it was seen to accept what it had just stumbled over, so that this is no sign of its end any more.
    """

    target: Target
    course: Course = field(default_factory=Course)
    findings: Findings = field(default_factory=Findings)
    opening: Control = NOTHING_SENT
    closing: Control | None = None
    lost: str | None = None
    got_up: bool = False

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.target)
        self.tasks = Tasks(self.target)
        self.balances = Balances(self.target, self.accounts, self.tasks)

    @property
    def contract(self) -> Contract:
        return self.target.contract

    def open(self) -> None:
        """Send the opening control and look for what the profile only assumes."""
        self.opening = try_control(self.target, self.accounts)
        find_assumed_calls(self.target, self.accounts, self.tasks)

    def close(self) -> None:
        """Send the closing control, which must end as the opening one did, unless nobody waits for it; then tidy up."""
        self.target.begin("")
        self.findings.observe("rate_limits", "limited" if self.target.client.limited else "none")
        if not self.lost and not self.findings.interrupted:
            self.closing = self._control()
            if self.opening.state == "passed" and self.closing.state == "failed":
                self.findings.faults.append(f"the control that closes the run failed: {self.closing.reason}")
        self._tidy_up()
        self.target.client.close()

    def _tidy_up(self) -> None:
        if self.lost:
            return
        self.accounts.settle()
        if self.course.tidy:
            self.accounts.remove_created()

    def lacking(self, *rules: str) -> list[str]:
        """What would have to be added to the profile before these rules can be seen."""
        needs = dict.fromkeys(need for rule in rules for need in self.contract.rules[rule].needs)
        return missing(self.target, tuple(needs))

    def is_alive(self) -> bool:
        """Whether the target still accepts the plain submission, or the next one; if not, it counts as lost.

        Once lost, it is not asked again.
        """
        if self.lost:
            return False
        self.target.running.cut = None
        if self.opening.state != "passed" or self._is_broken_down():
            self.lost = "the target went away"
            return False
        return True

    def _is_broken_down(self) -> bool:
        control = try_control(self.target, self.accounts)
        if control.stumbled and not self.got_up:
            control = self._after_a_moment()
            self.got_up = control.state == "passed"
        return control.state == "failed" and not (control.stumbled and self.got_up)

    def _control(self) -> Control:
        control = try_control(self.target, self.accounts)
        return self._after_a_moment() if control.stumbled else control

    def _after_a_moment(self) -> Control:
        time.sleep(A_MOMENT)
        return try_control(self.target, self.accounts)

    def is_unanswered(self, problem: ConnectionLostError) -> bool:
        """Whether the plain submission has no answer in all the time that there is, and what is refused has one.

        So it was from the beginning: a target that answered before went away. It counts as lost from now on.
        """
        if self.opening.state != "failed" or not isinstance(problem.__cause__, httpx.ReadTimeout):
            return False
        if is_there(self.target):
            self.lost = "the plain submission is not answered"
            return True
        return False


def prepared(
    contract: Contract, profile: Profile, course: Course, traffic: Traffic, redactor: Redactor | None = None
) -> Run:
    """A run that has sent nothing yet. `traffic` hears all that it sends; `redactor` comes to know every secret."""
    slowest = max(SLOWEST_ANSWER, profile.task_seconds)
    trust = ssl.create_default_context(cafile=profile.ca_file) if profile.ca_file else None
    trail = Trail()

    def listen(request: Request, answer: Answer | None, rule: str) -> None:
        traffic.record(request, answer, rule)
        trail.record(request, answer)

    client = Client(
        profile.spend,
        seconds=slowest,
        trust=trust,
        redactor=redactor,
        errors=contract.errors,
        listen=listen,
    )
    return Run(target=wire(contract, profile, client, trail), course=course)


RUN = pytest.StashKey[Run]()
