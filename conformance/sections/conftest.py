"""What the tests of every section ask for by name."""

import pytest

from conformance.accounts import Account, Accounts
from conformance.balances import Balances
from conformance.run import RUN, Run
from conformance.submissions import Submission
from conformance.target import Target
from conformance.tasks import Tasks
from conformance.verify import Verify
from spec import Contract


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def target(run: Run) -> Target:
    return run.target


@pytest.fixture(scope="session")
def contract(run: Run) -> Contract:
    return run.contract


@pytest.fixture(scope="session")
def accounts(run: Run) -> Accounts:
    return run.accounts


@pytest.fixture(scope="session")
def tasks(run: Run) -> Tasks:
    return run.tasks


@pytest.fixture(scope="session")
def balances(run: Run) -> Balances:
    return run.balances


@pytest.fixture(scope="session")
def verify(run: Run) -> Verify:
    return Verify(run.contract, run.findings)


@pytest.fixture
def account(accounts: Accounts) -> Account:
    """An account that can pay, new to this test where the target has hooks."""
    return accounts.usable()


@pytest.fixture
def plain(account: Account) -> Submission:
    """The submission that is accepted, from which each test differs in one declared way."""
    return account.plain
