"""Across the sections: whatever order an account's keys, pages, tasks and refusals come in, the rules hold."""

from hypothesis.stateful import run_state_machine_as_test

from conformance.marks import costs, verifies
from conformance.run import Run
from conformance.verify import Verify
from conformance.walk import RULES, walks


@verifies(*RULES)
@costs(requests=26, pages=62, each=True)
def test_walks_through_the_life_of_an_account(run: Run, verify: Verify) -> None:
    run_state_machine_as_test(walks(run, verify))
