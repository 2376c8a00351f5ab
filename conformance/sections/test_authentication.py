"""Authentication: the Bearer key that every request brings, and when it counts."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.accounts import Account, Accounts
from conformance.control import task_id
from conformance.exchange import Answer
from conformance.hooks import ACCOUNTS, KEYS
from conformance.marks import costs, is_control, verifies
from conformance.outcomes import Unverified
from conformance.redaction import ALMOST_KEY
from conformance.strategies.submissions import broken_in
from conformance.submissions import Submission, bearer
from conformance.target import Target
from conformance.tasks import Tasks
from conformance.verify import Verify, control


def _with_another(key: str, index: int) -> str:
    return key[:index] + ("A" if key[index] != "A" else "B") + key[index + 1 :]


NEVER_ISSUED = "never-issued-0123456789"

ALMOST_THE_KEY: dict[str, Callable[[str], str]] = {
    "another character in the middle": lambda key: _with_another(key, len(key) // 2),
    "another first character": lambda key: _with_another(key, 0),
    "cut short": lambda key: key[:-1],
    "made longer": lambda key: key + "A",
    "in other letter case": str.swapcase,
    "nothing alike": lambda key: NEVER_ISSUED,
}


@is_control
@verifies("auth.key_accepted")
@costs(requests=1, pages=1)
def test_accepts_a_valid_key(plain: Submission, target: Target, verify: Verify) -> None:
    verify.spared(target.send(plain), "auth.missing_key", "auth.unknown_key")


@verifies("auth.missing_key")
@costs(requests=1)
def test_refuses_a_request_without_a_key(plain: Submission, target: Target, verify: Verify) -> None:
    verify.refused(target.send(plain.faulty(authorization=None, alone=True)), "auth.missing_key")


@verifies("auth.other_scheme")
@costs(requests=1)
@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearers"])
def test_refuses_another_scheme(account: Account, target: Target, verify: Verify, scheme: str) -> None:
    other = account.plain.faulty(authorization=f"{scheme} {account.api_key}")
    verify.refused(target.send(other), "auth.other_scheme")


@verifies("auth.other_scheme")
@costs(requests=1, each=True)
@given(data=st.data())
def test_refuses_any_other_scheme(plain: Submission, target: Target, verify: Verify, data: st.DataObject) -> None:
    submission = data.draw(broken_in("auth.other_scheme", plain, target.contract))
    verify.refused(target.send(submission), "auth.other_scheme")


@verifies("auth.unknown_key")
@costs(requests=1)
@pytest.mark.parametrize("likeness", ALMOST_THE_KEY)
def test_refuses_a_key_that_was_never_issued(account: Account, target: Target, verify: Verify, likeness: str) -> None:
    unknown = ALMOST_THE_KEY[likeness](account.api_key)
    if unknown == account.api_key:
        raise Unverified(f"the key is the same {likeness}")
    if unknown != NEVER_ISSUED:  # That one is no secret.
        target.redactor.add(unknown, ALMOST_KEY)
    verify.refused(
        target.send(account.plain.faulty(authorization=bearer(target.contract, unknown))), "auth.unknown_key"
    )


@verifies("auth.unknown_key")
@costs(requests=1, each=True)
@given(data=st.data())
def test_refuses_any_key_that_resembles_one(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    submission = data.draw(broken_in("auth.unknown_key", plain, target.contract))
    target.redactor.add(submission.api_key, ALMOST_KEY)
    verify.refused(target.send(submission), "auth.unknown_key")


# What it costs where only keys are given: of `keys.revoked` nothing is accepted.
@verifies("auth.revoked_key")
@costs(requests=2)
def test_refuses_a_revoked_key(accounts: Accounts, target: Target, verify: Verify) -> None:
    if not target.offers(ACCOUNTS, KEYS):
        verify.refused(target.send(accounts.revoked().plain.faulty()), "auth.revoked_key")
        return
    account = accounts.second_key(accounts.usable())
    with control("the key works before it is revoked"):
        verify.accepted(target.send(account.plain))
    accounts.revoke(account)
    verify.refused(target.send(account.plain.faulty()), "auth.revoked_key")


@verifies("auth.revocation_scope")
@costs(requests=3, pages=3)
def test_a_revocation_leaves_the_other_key_working(accounts: Accounts, target: Target, verify: Verify) -> None:
    first = accounts.usable()
    second = accounts.second_key(first)
    for account in (first, second):
        with control("both keys work before one is revoked"):
            verify.accepted(target.send(account.plain))
    accounts.revoke(first)
    verify.accepted(target.send(second.plain))


@verifies("auth.every_request")
@costs(requests=3, pages=1)
def test_a_key_does_not_serve_the_next_request(plain: Submission, target: Target, verify: Verify) -> None:
    without_key = plain.faulty(authorization=None)
    with control("a request without a key is refused on a connection of its own"):
        verify.refused(target.send(replace(without_key, alone=True)), "auth.missing_key")
    with control("the request before carries a valid key"):
        verify.accepted(target.send(plain))
    verify.refused(target.send(without_key), "auth.every_request")


@verifies("auth.key_shown_once")
@costs(requests=2, pages=1)
def test_no_answer_repeats_the_key(accounts: Accounts, target: Target, tasks: Tasks, verify: Verify) -> None:
    account = accounts.usable()
    with control("there is an answer to an accepted and to a refused submission"):
        accepted = target.send(account.plain)
        answers = [accepted, target.send(account.plain.without("imageBase64").faulty())]
    if target.has_tasks:
        answers.append(tasks.find(account, task_id(accepted)))
    if target.has_balance and target.profile.account_api and target.profile.account_api.balance:
        answers.append(target.get(target.profile.account_api.balance, account.api_key))
    for answer in answers:
        verify.holds(account.api_key not in _text(answer), expected="no key", got="the key in full", answer=answer)
    shown = account.api_key in accounts.hook_view(account)
    verify.holds(not shown, expected="no key in what the hooks tell of an account", got="the key in full")


@verifies("http.challenge")
@costs(requests=1)
def test_names_its_challenge(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain.faulty(authorization=None, alone=True))
    with control("a request without a key is refused"):
        verify.refused(answer, "auth.missing_key")
    scheme = target.contract.endpoint.auth_scheme
    challenge = answer.headers.get("www-authenticate", "")
    # Several challenges may stand in one field, each scheme at its beginning or after a comma.
    named = re.search(rf"(^|,)\s*{scheme}(\s|,|$)", challenge, re.IGNORECASE) is not None
    verify.holds(named, expected=f"WWW-Authenticate: {scheme}", got=challenge or "no such header", answer=answer)


def _text(answer: Answer) -> str:
    return answer.content.decode("utf-8", "replace") + repr(dict(answer.headers))
