"""What the tests of every section ask for by name."""

import pytest

from conformance.session.run import RUN, Run
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances
from conformance.target.documents import document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control
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
def account(request: pytest.FixtureRequest, accounts: Accounts) -> Account:
    """An account that can pay. It is new to this test, where the target has hooks, unless all of it is refused."""
    costs = request.node.get_closest_marker("costs")
    return accounts.usable() if costs.kwargs["pages"] or "balances" in request.fixturenames else accounts.refused()


@pytest.fixture
def plain(account: Account) -> Submission:
    """The submission that is accepted, from which each test differs in one declared way."""
    return account.plain


@pytest.fixture
def paying(account: Account, accounts: Accounts, balances: Balances, verify: Verify) -> Account:
    """An account, where it was seen that the plain submission deducts a page; one look is enough, whatever it shows."""
    with control("the plain submission deducts a page"):
        if balances.plain_cost is None:
            looked_at = accounts.usable()
            balances.plain_cost = balances.cost(looked_at.plain, looked_at)
            balances.leave(looked_at, balances.deductions)
        verify.equal(balances.plain_cost, 1, "a deduction of pages:")
    return account


@pytest.fixture
def paying_at_once(paying: Account, accounts: Accounts, balances: Balances, verify: Verify) -> Account:
    """An account, where it was seen that a submission is paid while it still waits; here, too, one look is enough."""
    with control("pages are deducted while the file waits"):
        if balances.cost_at_once is None:
            with accounts.paused_queue(paying):
                balances.cost_at_once = balances.cost_in_queue(paying.plain, paying)
        verify.equal(balances.cost_at_once, 1, "a deduction of pages:")
    return paying


@pytest.fixture
def paying_for_pdfs(paying: Account, balances: Balances, verify: Verify) -> Account:
    """An account, where it was seen that a plain PDF deducts its pages; here, too, one look is enough."""
    file = document("three-pages.pdf")
    with control("a plain PDF deducts its pages"):
        if balances.pdf_cost is None:
            balances.pdf_cost = balances.cost(paying.plain.of(file), paying)
        verify.equal(balances.pdf_cost, file.pages, "a deduction of pages:")
    return paying
