"""Across the sections: whatever order an account's keys, pages, tasks and refusals come in, the rules hold."""

from hypothesis.stateful import run_state_machine_as_test

from conformance.sections.walk import RULES, walks
from conformance.session.marks import costs, verifies
from conformance.session.run import Run
from conformance.verdicts.verify import Verify


@verifies(*RULES)
@costs(requests=26, pages=62, each=True)
def test_walks_through_the_life_of_an_account(run: Run, verify: Verify) -> None:
    run_state_machine_as_test(walks(run, verify))
