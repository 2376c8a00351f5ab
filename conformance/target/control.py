"""The control: the plain submission that any conforming server accepts. Without it no other failure proves a thing."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from conformance.outcomes import Nonconformance, TargetError, Unverified
from conformance.target.accounts import Accounts
from conformance.target.submissions import Submission, plain_submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.wire.client import OF_A_GATEWAY
from conformance.wire.exchange import Answer


@dataclass(frozen=True, kw_only=True)
class Control:
    """What became of a plain submission. `untried`: there is no key or no page to send it with.

    `stumbled`: it was answered with a fault of the server itself, which may accept the next one.
    """

    state: Literal["passed", "failed", "untried"]
    reason: str = ""
    stumbled: bool = False


def try_control(target: Target, accounts: Accounts) -> Control:
    """Send the plain submission of an account that can pay."""
    try:
        answer = target.send(accounts.usable().plain)
    except Unverified as reason:
        return Control(state="untried", reason=reason.reason)
    except TargetError as problem:
        return Control(state="failed", reason=str(problem))
    if answer.is_success:
        return Control(state="passed")
    stumbled = answer.status >= 500 and answer.status not in OF_A_GATEWAY
    return Control(state="failed", reason=f"the plain submission was answered {answer.summary}", stumbled=stumbled)


def is_there(target: Target) -> bool:
    """Whether the target has an answer to what it refuses, whoever asks."""
    try:
        target.send(without_document(target, None))
    except TargetError:
        return False
    return True


def without_document(target: Target, api_key: str | None) -> Submission:
    """The plain submission without what it is about, and perhaps without a key, which costs nothing."""
    plain = plain_submission(target.contract, target.profile.base_url, api_key or "", metered=False)
    keyed = plain if api_key else replace(plain, authorization=None)
    return keyed.without("imageBase64").faulty()


def find_assumed_calls(target: Target, accounts: Accounts, tasks: Tasks) -> None:
    """A profile that is silent about an account API may have the assumed one: look, and hold nobody to it if not."""
    api = target.profile.account_api
    if api is None or api.stated:
        return
    target.has_tasks = target.has_balance = False
    try:
        account = accounts.usable()
        target.has_balance = api.balance is not None and accounts.tells(target.get(api.balance, account.api_key))
        answer = target.send(account.plain)
        # A name of another type breaks another rule, and finds its task all the same.
        named = _members(answer).get("taskId")
        named = str(named) if type(named) is int else task_id(answer)
        # Whether a task is to be found at once is not documented, and one that never is would be taken for no API.
        target.has_tasks = any(tasks.tells(look) for look in tasks.looks(account, named))
    except (Unverified, TargetError) as problem:
        target.untried = str(problem)


def blamed_field(target: Target, plain: Submission) -> str | None:
    """The optional field without which the target accepts the plain submission that it refused."""
    names = (field.name for field in target.contract.optional_fields)
    return next((name for name in names if target.send(plain.without(name)).is_success), None)


def task_id(answer: Answer) -> str:
    """The task that an accepted submission names. Raises Unverified where it names none, which another rule judges."""
    named = _members(answer).get("taskId")
    if not answer.is_success or not isinstance(named, str) or not named:
        raise Unverified(f"needs a submission that names its task, and this one was answered {answer.summary}")
    return named


def _members(answer: Answer) -> dict[str, Any]:
    """The members of an answer; none if it is no JSON object."""
    try:
        return answer.object()
    except Nonconformance:
        return {}
