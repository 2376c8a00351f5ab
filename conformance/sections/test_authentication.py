"""Authentication: the Bearer key that every request brings, and when it counts."""

import base64
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conformance.outcomes import Unverified
from conformance.redaction import ALMOST_KEY
from conformance.session.marks import costs, is_control, verifies
from conformance.strategies.keys import ALMOST_THE_KEY, INHERITED_NAME, NEVER_ISSUED, is_the_same
from conformance.strategies.submissions import broken_in
from conformance.target.accounts import Account, Accounts
from conformance.target.submissions import Submission, bearer
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer, Request
from conformance.wire.hooks import ACCOUNTS, KEYS


@is_control
@verifies("auth.key_accepted")
@costs(requests=1, pages=1)
def test_accepts_a_valid_key(plain: Submission, target: Target, verify: Verify) -> None:
    verify.spared(target.send(plain), "auth.missing_key", "auth.unknown_key")


@verifies("auth.key_accepted")
@costs(requests=2, pages=2)
def test_accepts_a_valid_key_again(plain: Submission, target: Target, verify: Verify) -> None:
    with control("the key is accepted once"):
        verify.accepted(target.send(plain))
    verify.spared(target.send(plain), "auth.missing_key", "auth.unknown_key")


@verifies("auth.key_accepted")
@costs(requests=3, pages=3)
def test_accepts_a_further_key(accounts: Accounts, target: Target, verify: Verify) -> None:
    account = accounts.usable()
    if not target.offers(ACCOUNTS, KEYS):
        raise Unverified("needs hooks that offer accounts and keys")
    with control("the first key is accepted"):
        verify.accepted(target.send(account.plain))
    further = accounts.second_key(account).plain
    answer = target.send(further)
    if verify.is_refusal(answer, "auth.unknown_key"):  # How soon all of a deployment knows it is not documented.
        time.sleep(target.profile.settling_seconds)
        answer = target.send(further)
    verify.spared(answer, "auth.missing_key", "auth.unknown_key")


@verifies("auth.key_accepted")
@costs(requests=2, pages=2)
def test_takes_the_name_of_the_header_in_any_letter_case(plain: Submission, target: Target, verify: Verify) -> None:
    with control("the key is accepted in a header that is spelled as documented"):
        verify.accepted(target.send(plain))
    request = plain.request()
    lower = replace(request, headers={name.lower(): value for name, value in request.headers.items()})
    verify.spared(target.send(lower), "auth.missing_key", "auth.unknown_key")


@verifies("auth.missing_key")
@costs(requests=1)
def test_refuses_a_request_without_a_key(plain: Submission, target: Target, verify: Verify) -> None:
    verify.refused(target.send(plain.faulty(authorization=None, alone=True)), "auth.missing_key")


# By the names that other APIs have for it, all of them in one request.
HEADERS = ("X-Api-Key", "Api-Key", "X-Api-Token", "X-Auth-Token", "X-Access-Token", "X-Authorization")
PARAMETERS = ("api_key", "apiKey", "apikey", "access_token", "token", "key")

IN_THE_QUERY = "in the query"
ELSEWHERE: dict[str, Callable[[Request, str], Request]] = {
    "in another header": lambda request, key: replace(
        request, headers={**request.headers, **dict.fromkeys(HEADERS, key)}
    ),
    "in a cookie": lambda request, key: replace(
        request, headers={**request.headers, "Cookie": "; ".join(f"{name}={key}" for name in PARAMETERS)}
    ),
    IN_THE_QUERY: lambda request, key: replace(
        request, url=f"{request.url}?{'&'.join(f'{name}={key}' for name in PARAMETERS)}"
    ),
}


@verifies("auth.missing_key")
@costs(requests=1)
@pytest.mark.parametrize("place", ELSEWHERE)
def test_takes_no_key_from(plain: Submission, target: Target, verify: Verify, place: str) -> None:
    without_key = plain.faulty(authorization=None, alone=True).request()
    answer = target.send(ELSEWHERE[place](without_key, plain.api_key))
    if place == IN_THE_QUERY:
        # A server may refuse parameters that it does not know, or secrets in a URL, before it looks for a key.
        verify.holds(not answer.is_success, expected="a refusal", got=answer.summary, answer=answer)
    else:
        verify.refused(answer, "auth.missing_key")


@verifies("auth.missing_key")
@costs(requests=1)
def test_takes_no_key_from_the_body(plain: Submission, target: Target, verify: Verify) -> None:
    keyed = plain.with_members(**dict.fromkeys(PARAMETERS, plain.api_key))
    answer = target.send(keyed.faulty(authorization=None, alone=True))
    # A server may refuse such members before it looks for a key.
    verify.holds(not answer.is_success, expected="a refusal", got=answer.summary, answer=answer)


@verifies("auth.other_scheme")
@costs(requests=1)
@pytest.mark.parametrize("scheme", ["Basic ", "Token ", "Bearers ", "XBearer ", ""])
def test_refuses_another_scheme(account: Account, target: Target, verify: Verify, scheme: str) -> None:
    other = account.plain.faulty(authorization=f"{scheme}{account.api_key}")
    verify.refused(target.send(other), "auth.other_scheme")


@verifies("auth.other_scheme")
@costs(requests=1)
def test_takes_no_key_for_the_name_of_a_user(account: Account, target: Target, verify: Verify) -> None:
    user = base64.b64encode(f"{account.api_key}:".encode()).decode()
    verify.refused(target.send(account.plain.faulty(authorization=f"Basic {user}")), "auth.other_scheme")


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
    if is_the_same(unknown, account.api_key) or is_issued(unknown, target):
        raise Unverified(f"the key is the same {likeness}, or that of another account")
    if unknown not in (NEVER_ISSUED, INHERITED_NAME):  # Those are no secrets.
        target.redactor.add(unknown, ALMOST_KEY)
    verify.refused(
        target.send(account.plain.faulty(authorization=bearer(target.contract, unknown))), "auth.unknown_key"
    )


def is_issued(key: str, target: Target) -> bool:
    """Whether a key is known to be one: where keys are counted, the next one differs in a character."""
    return target.redactor.secrets.get(key, ALMOST_KEY) != ALMOST_KEY


TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1


@verifies("auth.unknown_key")
@costs(requests=1)
@pytest.mark.parametrize("identifier", ["id", "key_id"])
def test_takes_no_identifier_for_the_key(account: Account, target: Target, verify: Verify, identifier: str) -> None:
    known = getattr(account, identifier)
    # What has not the form of a token is malformed as one, and how that is refused is not said.
    if known is None or known == account.api_key or not TOKEN.fullmatch(known):
        raise Unverified(
            "needs hooks that tell identifiers of accounts and keys in the form of a token, and not as keys"
        )
    verify.refused(target.send(account.plain.faulty(authorization=bearer(target.contract, known))), "auth.unknown_key")


@verifies("auth.unknown_key")
@costs(requests=1)
@pytest.mark.parametrize("written", ['"{}"', "{},{}", "%", "' OR ''='"])
def test_takes_nothing_but_the_key_for_the_key(account: Account, target: Target, verify: Verify, written: str) -> None:
    # Such credentials are malformed, so how they are refused is not said; that they are is. Of those that have a word
    # more, a server may make out the key (RFC 9110 section 2.4).
    other = account.plain.faulty(authorization=bearer(target.contract, written.format(*[account.api_key] * 2)))
    answer = target.send(other)
    verify.holds(not answer.is_success, expected="a refusal", got=answer.summary, answer=answer)


@verifies("auth.unknown_key")
@costs(requests=1, each=True)
@given(data=st.data())
def test_refuses_any_key_that_resembles_one(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    submission = data.draw(broken_in("auth.unknown_key", plain, target.contract))
    assume(not is_the_same(submission.api_key, plain.api_key) and not is_issued(submission.api_key, target))
    target.redactor.add(submission.api_key, ALMOST_KEY)
    verify.refused(target.send(submission), "auth.unknown_key")


@verifies("auth.every_request")
@costs(requests=3, pages=1)
def test_a_key_does_not_serve_the_next_request(plain: Submission, target: Target, verify: Verify) -> None:
    without_key = plain.faulty(authorization=None)
    with control("a request without a key is refused on a connection of its own"):
        verify.refused(target.send(replace(without_key, alone=True)), "auth.missing_key")
    with control("the request before carries a valid key"):
        session = _session(verify.accepted(target.send(plain)))
    verify.refused(target.send(replace(without_key, cookie=session, after=plain.request())), "auth.every_request")


def _session(answer: Answer) -> str | None:
    """The cookies that an answer sets, as a browser would send them back."""
    with suppress(CookieError):
        cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
        return "; ".join(f"{cookie.key}={cookie.coded_value}" for cookie in cookies.values()) or None
    return None


NO_CREDENTIALS: dict[str, Callable[[Submission], Submission]] = {
    "no key": lambda plain: plain.faulty(authorization=None),
    "another scheme": lambda plain: plain.faulty(authorization=f"Basic {plain.api_key}"),
    "a key that was never issued": lambda plain: plain.faulty(authorization=f"Bearer {NEVER_ISSUED}"),
}

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@verifies("http.challenge")
@costs(requests=1)
@pytest.mark.parametrize("fault", NO_CREDENTIALS)
def test_names_its_challenge(plain: Submission, target: Target, verify: Verify, fault: str) -> None:
    with control("the request is refused with status 401"):
        answer = target.send(replace(NO_CREDENTIALS[fault](plain), alone=True))
        verify.equal(answer.status, target.contract.refusal("auth.missing_key").status, "status")
    _names_its_challenge(answer, target, verify)


@verifies("http.challenge")
@costs(requests=1)
def test_names_its_challenge_to_a_revoked_key(accounts: Accounts, target: Target, verify: Verify) -> None:
    revoked = accounts.with_revoked_key()
    with control("the request is refused with status 401"):
        answer = target.send(revoked.plain.faulty())
        verify.equal(answer.status, target.contract.refusal("auth.revoked_key").status, "status")
    _names_its_challenge(answer, target, verify)


@verifies("http.challenge")
@costs(requests=0)
def test_names_its_challenge_where_tasks_are_told(target: Target, tasks: Tasks, verify: Verify) -> None:
    if not target.has_tasks:
        raise Unverified("needs account_api.task")
    with control("the request is refused with status 401"):
        answer = tasks.look(None, "no-such-task")
        verify.equal(answer.status, target.contract.refusal("auth.missing_key").status, "status")
    _names_its_challenge(answer, target, verify)


@verifies("http.challenge")
@costs(requests=0)
def test_names_its_challenge_where_the_balance_is_told(target: Target, verify: Verify) -> None:
    api = target.profile.account_api
    if not target.has_balance or api is None or api.balance is None:
        raise Unverified("needs account_api.balance")
    with control("the request is refused with status 401"):
        answer = target.get(api.balance, None)
        verify.equal(answer.status, target.contract.refusal("auth.missing_key").status, "status")
    _names_its_challenge(answer, target, verify)


def _names_its_challenge(answer: Answer, target: Target, verify: Verify) -> None:
    scheme = target.contract.endpoint.auth_scheme
    challenge = answer.headers.get("www-authenticate", "")
    # Several challenges may stand in one field, each scheme at its beginning or after a comma.
    named = re.search(rf"(^|,)\s*{scheme}(\s|,|$)", QUOTED.sub("", challenge), re.IGNORECASE) is not None
    verify.holds(named, expected=f"WWW-Authenticate: {scheme}", got=challenge or "no such header", answer=answer)
