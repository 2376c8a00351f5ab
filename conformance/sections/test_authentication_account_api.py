"""Authentication: the account API, too, tells nothing to who brings no key, or one that was never issued."""

from conformance.outcomes import Unverified
from conformance.redaction import ALMOST_KEY
from conformance.session.marks import costs, verifies
from conformance.strategies.keys import ALMOST_THE_KEY
from conformance.target.accounts import Account, Accounts
from conformance.target.control import task_id
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control

NO_KEY, UNKNOWN_KEY = "auth.missing_key", "auth.unknown_key"


@verifies(NO_KEY, UNKNOWN_KEY)
@costs(requests=1, pages=1)
def test_shows_no_task_without_a_valid_key(account: Account, target: Target, tasks: Tasks, verify: Verify) -> None:
    if not target.has_tasks:
        raise Unverified("needs account_api.task")
    task = task_id(target.send(account.plain))
    with control("the task is found with the key"):
        tasks.status(account, task)
    for rule, (told, key) in _invalid_keys(account, target).items():
        with target.running.judging(rule):
            answer = tasks.look(key, task)
            verify.holds(not tasks.tells(answer), expected=f"no task {told}", got=answer.summary, answer=answer)


@verifies(NO_KEY, UNKNOWN_KEY)
@costs(requests=0)
def test_shows_no_balance_without_a_valid_key(
    account: Account, accounts: Accounts, target: Target, verify: Verify
) -> None:
    api = target.profile.account_api
    if not target.has_balance or api is None or api.balance is None:
        raise Unverified("needs account_api.balance")
    with control("the balance is told with the key"):
        answer = target.get(api.balance, account.api_key)
        verify.holds(accounts.tells(answer), expected="a balance", got=answer.summary)
    for rule, (told, key) in _invalid_keys(account, target).items():
        with target.running.judging(rule):
            answer = target.get(api.balance, key)
            verify.holds(not accounts.tells(answer), expected=f"no balance {told}", got=answer.summary, answer=answer)


def _invalid_keys(account: Account, target: Target) -> dict[str, tuple[str, str | None]]:
    """No key, and one that was never issued, by the rule that each breaks."""
    unknown = ALMOST_THE_KEY["another character in the middle"](account.api_key)
    target.redactor.add(unknown, ALMOST_KEY)
    return {NO_KEY: ("without a key", None), UNKNOWN_KEY: ("for a key that was never issued", unknown)}
