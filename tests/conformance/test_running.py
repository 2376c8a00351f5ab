"""What a test notices beside what it judges."""

import pytest

from conformance.outcomes import Nonconformance, Unverified
from conformance.target.running import Running
from conformance.wire.exchange import Answer, Request

LAST = Answer(request=Request(method="GET", url="http://x.example"), status=200, headers={}, content=b"", seconds=0)


def test_what_is_noticed_breaks_its_rule_and_goes_on() -> None:
    running = Running(rule="success.flag", last=LAST)
    with running.noticing("success.task_found"):
        raise Nonconformance(expected="a task", got="none")
    [slip] = running.slips
    assert (slip.rule, slip.answer) == ("success.task_found", LAST)


def test_what_cannot_be_noticed_is_the_matter_of_the_test() -> None:
    running = Running()
    with pytest.raises(Unverified), running.noticing("success.task_found"):
        raise Unverified("needs a result")
    assert running.slips == []
