"""CORS: which pages of other domains a browser lets read the answers."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.outcomes import Unverified
from conformance.sections.refusals import REFUSALS, refusal_of
from conformance.session.marks import costs, is_control, verifies
from conformance.strategies.headers import origins_near, without_a_dot
from conformance.target.accounts import Account, Accounts
from conformance.target.control import task_id
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer, Request
from spec import Provider

FOREIGN = {
    "another domain": "{scheme}://foreign.example",
    "a domain that begins like it": "{scheme}://{host}.foreign.example",
    "a domain that ends like its parent": "{scheme}://foreign{parent}",
    "no domain": "null",
    # To an expression whose dots are not escaped, it is the same.
    "a domain with a letter in the place of a dot": "{scheme}://{undotted}",
}

FOREIGN_PAGE = "https://foreign.example"
NEEDED_HEADERS = ("authorization", "content-type")


@pytest.fixture
def allowed_origin(target: Target) -> str:
    """The origin that the profile says is allowed."""
    return target.profile.allowed_origin or ""


@verifies("cors.allowed_origin")
@costs(requests=2, pages=2)
def test_lets_an_allowed_page_read(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str, provider: Provider
) -> None:
    chosen = plain.with_members(provider=provider.name)
    answer = target.send(replace(chosen, origin=allowed_origin))
    if not answer.is_success:
        with control("the same is accepted without an Origin"):
            verify.accepted(target.send(chosen))
    _lets_read(verify.accepted(answer), allowed_origin, verify)


@verifies("cors.allowed_origin")
@costs(requests=2, pages=2)
def test_tells_an_allowed_page_no_less(plain: Submission, target: Target, verify: Verify, allowed_origin: str) -> None:
    with control("the answer to a submission without an origin is a JSON object"):
        told = verify.accepted(target.send(plain)).object().keys() & target.contract.success_example
    answer = verify.accepted(target.send(replace(plain, origin=allowed_origin)))
    # What is not documented may come and go.
    lacks = sorted(told - answer.object().keys())
    verify.holds(not lacks, expected=f"the members {lacks}, too", got=answer.summary, answer=answer)


@verifies("cors.foreign_origin")
@costs(requests=1, pages=1)
@pytest.mark.parametrize("likeness", FOREIGN)
def test_lets_no_other_page_read(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str, likeness: str
) -> None:
    parts = urlsplit(allowed_origin)
    names = {"host": parts.netloc, "parent": _parent(parts.netloc), "undotted": without_a_dot(parts.netloc)}
    foreign = FOREIGN[likeness].format(scheme=parts.scheme, **names)
    # Each provider answers some of them.
    providers = list(target.contract.providers)
    chosen = plain.with_members(provider=providers[list(FOREIGN).index(likeness) % len(providers)])
    _keeps_out(target.send(replace(chosen, origin=foreign)), foreign, verify)


@verifies("cors.foreign_origin")
@costs(requests=2, pages=2)
def test_lets_no_page_read_whose_domain_ends_like_it(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str
) -> None:
    parts = urlsplit(allowed_origin)
    sibling, foreign = f"{parts.scheme}://sibling.{_parent(parts.netloc)}", f"{parts.scheme}://foreign{parts.netloc}"
    with control("not all of the domain is allowed"):
        _keeps_out(target.send(replace(plain, origin=sibling)), sibling, verify)
    _keeps_out(target.send(replace(plain, origin=foreign)), foreign, verify)


# A gateway, a proxy or a framework refuses each of these in its own words, and may set headers of its own.
@verifies("cors.foreign_origin")
@costs(requests=1)
@pytest.mark.parametrize("rule", REFUSALS)
def test_lets_no_other_page_read_a_refusal(plain: Submission, target: Target, verify: Verify, rule: str) -> None:
    with control("the request is answered"):
        answer = target.send(replace(REFUSALS[rule](plain), origin=FOREIGN_PAGE))
    _keeps_out(answer, FOREIGN_PAGE, verify)


@verifies("cors.foreign_origin")
@costs(requests=1)
def test_lets_no_other_page_read_a_want_of_pages(accounts: Accounts, target: Target, verify: Verify) -> None:
    with control("the request is answered"):
        answer = target.send(accounts.exhausted().plain.faulty(origin=FOREIGN_PAGE))
    _keeps_out(answer, FOREIGN_PAGE, verify)


@verifies("cors.foreign_origin")
@costs(requests=2)
def test_lets_no_other_page_read_that_a_body_is_too_large(plain: Submission, target: Target, verify: Verify) -> None:
    oversized = plain.filled_to(target.contract.limit.binary_bytes + 1).faulty(origin=FOREIGN_PAGE)
    _keeps_out(refusal_of(oversized, target), FOREIGN_PAGE, verify)


@verifies("cors.foreign_origin")
@costs(requests=1, pages=1)
def test_lets_no_other_page_read_a_task(account: Account, target: Target, tasks: Tasks, verify: Verify) -> None:
    if not target.has_tasks:
        raise Unverified("needs account_api.task")
    answer = tasks.look(account.api_key, task_id(target.send(account.plain)), origin=FOREIGN_PAGE)
    _keeps_out(answer, FOREIGN_PAGE, verify)


@verifies("cors.foreign_origin")
@costs(requests=0)
def test_lets_no_other_page_read_a_balance(account: Account, target: Target, verify: Verify) -> None:
    api = target.profile.account_api
    if not target.has_balance or api is None or api.balance is None:
        raise Unverified("needs account_api.balance")
    _keeps_out(target.get(api.balance, account.api_key, origin=FOREIGN_PAGE), FOREIGN_PAGE, verify)


@verifies("cors.foreign_origin")
@costs(requests=1, each=True)
@given(data=st.data())
def test_grants_no_preflight_to_any_other_page(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str, data: st.DataObject
) -> None:
    foreign = data.draw(origins_near(allowed_origin))
    _keeps_out(target.send(_preflight(plain, foreign)), foreign, verify)


@verifies("cors.refusal_readable")
@costs(requests=2, pages=1)
@pytest.mark.parametrize("rule", REFUSALS)
def test_lets_an_allowed_page_read_a_refusal(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str, rule: str
) -> None:
    _reads_the_refusal(plain, REFUSALS[rule](plain), rule, allowed_origin, target, verify)


@verifies("cors.refusal_readable")
@costs(requests=2, pages=1)
def test_lets_an_allowed_page_read_a_want_of_pages(
    plain: Submission, accounts: Accounts, target: Target, verify: Verify, allowed_origin: str
) -> None:
    refused = accounts.exhausted().plain.faulty()
    _reads_the_refusal(plain, refused, "billing.insufficient_pages", allowed_origin, target, verify)


@verifies("cors.refusal_readable")
@costs(requests=3, pages=1)
def test_lets_an_allowed_page_read_that_a_body_is_too_large(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str
) -> None:
    refused = plain.filled_to(target.contract.limit.binary_bytes + 1).faulty()
    _reads_the_refusal(plain, refused, "limit.refused", allowed_origin, target, verify)


def _reads_the_refusal(
    plain: Submission, refused: Submission, rule: str, origin: str, target: Target, verify: Verify
) -> None:
    with control("the page may read that a submission was accepted"):
        _lets_read(target.send(replace(plain, origin=origin)), origin, verify)
    with control("the request is refused"):
        answer = refusal_of(replace(refused, origin=origin), target)
        verify.refused(answer, rule)
    _lets_read(answer, origin, verify)


@is_control
@verifies("cors.server_to_server")
@costs(requests=2, pages=2)
def test_needs_no_origin(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    origin = target.profile.allowed_origin
    if answer.is_success:
        return
    if origin is None or not target.send(replace(plain, origin=origin)).is_success:
        raise Unverified(f"the submission was refused for another reason: {answer.summary}")
    verify.accepted(answer)


@verifies("cors.preflight")
@costs(requests=1)
def test_grants_the_preflight(plain: Submission, target: Target, verify: Verify, allowed_origin: str) -> None:
    answer = target.send(_preflight(plain, allowed_origin))
    verify.holds(answer.is_success, expected="a success status (2xx)", got=answer.summary, answer=answer)
    _lets_read(answer, allowed_origin, verify)
    granted = [name.strip().lower() for name in answer.headers.get("access-control-allow-headers", "").split(",")]
    for name in NEEDED_HEADERS:
        # A wildcard grants every header but Authorization (Fetch Standard, section 4.8).
        is_granted = name in granted or (name != "authorization" and "*" in granted)
        verify.holds(is_granted, expected=f"Access-Control-Allow-Headers with {name}", got=granted, answer=answer)


def _lets_read(answer: Answer, origin: str, verify: Verify) -> None:
    admitted = _admitted(answer)
    expected = f"Access-Control-Allow-Origin: {origin}"
    verify.holds(_admits(answer, origin), expected=expected, got=admitted or "no such header", answer=answer)


def _parent(host: str) -> str:
    """The domain that a host belongs to: without its first label, if two are left."""
    return host.partition(".")[2] if host.count(".") > 1 else host


def _keeps_out(answer: Answer, origin: str, verify: Verify) -> None:
    expected = f"no Access-Control-Allow-Origin for {origin}"
    verify.holds(not _admits(answer, origin), expected=expected, got=_admitted(answer), answer=answer)


def _preflight(plain: Submission, origin: str) -> Request:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": plain.method,
        "Access-Control-Request-Headers": ",".join(NEEDED_HEADERS),
    }
    return Request(method="OPTIONS", url=plain.url, headers=headers, kind="preflight")


def _admitted(answer: Answer) -> str:
    return answer.headers.get("access-control-allow-origin", "")


def _admits(answer: Answer, origin: str) -> bool:
    """Whether a browser lets a page of this origin read the answer (Fetch Standard, section 4.9)."""
    return _admitted(answer) in ("*", origin)
