"""Before anything is spent: can this target be judged at all? Most mistakes are made in the configuration.

Every request here is free: it lacks a key, or the document. Only where one has no answer a page is spent to see why.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx

from conformance.mistakes import NotJudgedError
from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError, Unverified
from conformance.profile.known import check_known_failures
from conformance.profile.profile import Profile
from conformance.target.accounts import Accounts
from conformance.target.control import try_control, without_document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.verdicts.checks import Findings
from conformance.verdicts.verify import Verify
from conformance.wire.exchange import Answer
from conformance.wire.hooks import ACCOUNTS
from spec import Contract

NO_ENDPOINT = {404, 405, 501}
UNAVAILABLE = {502, 503, 504}

UNKNOWN_AUTHORITY = "The certificate is not trusted: name the file of its authority in tls.ca_file."
# By the codes of OpenSSL, for a name and for an address.
UNTRUSTED = dict.fromkeys((62, 64), "The certificate is that of another host: check how the host is spelt in base_url.")


class PreflightError(NotJudgedError):
    """The target cannot be judged: one sentence that says why, and what to do."""


def preflight(target: Target) -> None:
    """Check the elections, the hooks, the endpoint and the keys of a target. Raises PreflightError, without secrets."""
    try:
        check_promises(target.contract, target.profile)
        if target.hooks:
            target.groups = target.hooks.groups()
        _check_endpoint(target)
        _check_keys(target)
    except PreflightError as problem:
        raise PreflightError(target.redactor.text(str(problem))) from None
    except TargetError as problem:
        sentence = f"{problem}. {_hint(problem)}".rstrip()
        raise PreflightError(target.redactor.text(sentence)) from None


def _hint(problem: BaseException) -> str:
    """What to do about a target that gave no answer, by what lies at the bottom of it; empty where one came."""
    causes = list(_causes(problem))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "The name does not resolve: check how the host is spelt, and whether this machine needs a VPN for it."
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UNTRUSTED.get(cause.verify_code, UNKNOWN_AUTHORITY)
    # A server that waits for the end of a line hears none of TLS, and says nothing.
    if any(isinstance(cause, ssl.SSLError) or "handshake" in str(cause) for cause in causes):
        return "No TLS connection comes about: check whether it is http or https, and the port."
    if any(isinstance(cause, httpx.RemoteProtocolError | httpx.ReadError) for cause in causes):
        return "That is no answer in HTTP: check whether it is http or https, and the port."
    return "Is the server running, and is the address right?" if isinstance(causes[-1], OSError) else ""


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    """An exception, and what it came from."""
    while problem:
        yield problem
        problem = problem.__cause__ or problem.__context__


def check_promises(contract: Contract, profile: Profile) -> None:
    """Every known failure is that of a rule, and every elected reading is one that its question has."""
    check_known_failures(contract, profile.known_failures)
    for name, reading in profile.elections.items():
        place = profile.elected_at.get(name, f"elections.{name}")
        question = contract.questions.get(name)
        if question is None:
            raise PreflightError(f"{place} is no question; they are: {', '.join(contract.questions)}")
        if reading not in question.readings:
            raise PreflightError(f"{place} is {reading!r}, which is none of: {', '.join(question.readings)}")


def _check_endpoint(target: Target) -> None:
    submission = without_document(target, None)
    answer = _answer(target, submission)
    if answer is None:
        return
    call = f"{submission.method} {submission.url}"
    if answer.status in NO_ENDPOINT:
        raise PreflightError(f"{call} answered {answer.summary}: there is no such endpoint, check base_url")
    if answer.status in UNAVAILABLE:
        raise PreflightError(f"{call} answered {answer.summary}: nobody serves it now, try again when it is up")
    if answer.is_success and answer.headers.get("content-type", "").startswith("text/html"):
        raise PreflightError(f"{call} answered with a web page: that is no API of StartOCR, check base_url")
    location = answer.headers.get("location", "")
    if 300 <= answer.status <= 399 and urlsplit(location).path == urlsplit(submission.url).path:
        raise PreflightError(f"{call} redirects to {location}: put that into base_url")


def _answer(target: Target, faulty: Submission) -> Answer | None:
    """The answer to what is refused; None where a target that accepts the plain submission leaves that without one.

    Which is no mistake of the configuration, but one that the tests will find.
    """
    try:
        return target.send(faulty)
    except ConnectionLostError as problem:
        target.running.cut = None
        if isinstance(problem.__cause__, httpx.ReadTimeout) and _accepts(target):
            return None
        raise


def _accepts(target: Target) -> bool:
    accounts = Accounts(target)
    control = try_control(target, accounts)
    accounts.settle()
    accounts.remove_created()
    target.running.cut = None
    return control.state == "passed"


def _check_keys(target: Target) -> None:
    """What a key is can be told for free where the target looks at it before it looks for the document."""
    keys, verify = target.profile.keys, Verify(target.contract, Findings())
    if target.offers(ACCOUNTS):
        return
    for key, kind, named in ((keys.valid, "valid", keys.named), (keys.exhausted, "exhausted", "keys.exhausted")):
        answer = _answer(target, without_document(target, key)) if key else None
        if answer and verify.is_refusal(answer, "auth.unknown_key"):
            raise PreflightError(f"the {kind} key is refused with {answer.summary}: check {named}")
    answer = _answer(target, without_document(target, keys.revoked)) if keys.revoked else None
    if answer and verify.is_refusal(answer, "billing.insufficient_pages"):
        told = "check keys.revoked, which has to be of an account with pages left"
        raise PreflightError(f"the revoked key is refused with {answer.summary}: {told}")
    _check_that_a_balance_is_told(target)
    _check_that_no_page_is_left(target)


def _check_that_a_balance_is_told(target: Target) -> None:
    """A profile that says where the balance stands is believed, so that pages would be spent before it is missed."""
    api, keys = target.profile.account_api, target.profile.keys
    if api is None or api.balance is None or not api.stated or not keys.valid:
        return
    answer = target.get(api.balance, keys.valid)
    if not Accounts(target).tells(answer):
        place = f"account_api.balance and account_api.balance_pages, which is {api.balance_pages}"
        raise PreflightError(f"GET {api.balance} with {keys.named} answered {answer.summary}: check {place}")


def _check_that_no_page_is_left(target: Target) -> None:
    accounts = Accounts(target)
    with suppress(Unverified, TargetError, Nonconformance):  # There may be no account API to ask.
        left = accounts.balance(accounts.exhausted())
        if left > 0:
            raise PreflightError(f"the account of keys.exhausted has {left} pages left: take one that has none")
