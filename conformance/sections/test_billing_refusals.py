"""Billing: a refused request costs nothing, whatever it is refused for."""

import base64
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.outcomes import Unverified
from conformance.sections.test_error_responses import body_of, is_no_fault_of_the_server
from conformance.session.marks import costs, verifies
from conformance.strategies.submissions import broken_in
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances
from conformance.target.documents import document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.verdicts.verify import Verify
from conformance.wire.hooks import ACCOUNTS, KEYS
from spec import Provider

FAULTS: dict[str, Callable[[Submission], Submission]] = {
    "a required field is lacking": lambda plain: plain.without("imageBase64").faulty(),
    "imageBase64 is empty": lambda plain: plain.with_members(imageBase64=""),
    "imageBase64 is null": lambda plain: plain.with_members(imageBase64=None),
    "imageBase64 is a number": lambda plain: plain.with_members(imageBase64=7),
    "the media type is another": lambda plain: plain.faulty(content_type="text/plain"),
    "the provider is unknown": lambda plain: plain.with_members(provider="no-such-provider"),
    "the file is of no kind that is known": lambda plain: plain.with_members(imageBase64="bm8gaW1hZ2U=").without(
        "filename"
    ),
    "the JSON is cut": lambda plain: replace(plain, content=plain.body[:-1]),
    "the JSON is a list": lambda plain: plain.faulty(content=b"[]"),
    "the method is another": lambda plain: plain.faulty(method="PUT"),
    "the PDF is broken": lambda plain: plain.of(document("truncated.pdf")),
    "the PDF needs a password": lambda plain: plain.of(document("encrypted.pdf")),
}

# A PNG that ends within its header: it is one by its first bytes, and no library opens it.
CUT_SHORT = base64.b64encode(document("page.png").content[:20]).decode()

# For these no rule names a code, and a server may even accept them.
ODD: tuple[Callable[[Submission], Submission], ...] = (
    lambda plain: plain.with_members(imageBase64="data:image/png;base64,"),
    lambda plain: plain.with_members(imageBase64=CUT_SHORT),
    lambda plain: plain.with_members(imageBase64="data:text/plain;base64,bm8gaW1hZ2U="),
    lambda plain: plain.with_members(filename=f"{'n' * 9_996}.png"),
    lambda plain: plain.with_members(filename=42),
    lambda plain: plain.with_members(provider=None),
    lambda plain: plain.with_members(provider=["paddle", {}]),
    lambda plain: plain.with_members(undocumented=True),
    lambda plain: replace(plain, content=b""),
    lambda plain: replace(plain, content=plain.body.replace(b".png", b"\xff.png")),
)


@verifies("billing.refused_free")
@costs(requests=2, pages=6)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_refused_request_costs_nothing(account: Account, balances: Balances, verify: Verify, fault: str) -> None:
    verify.equal(balances.cost_of_refusal(FAULTS[fault](account.plain), account), 0, "a deduction of pages:")


@verifies("billing.refused_free")
@costs(requests=len(ODD) + 5, pages=len(ODD) + 3)
def test_whatever_is_odd_costs_nothing_if_it_is_refused(
    paying: Account, accounts: Accounts, balances: Balances, target: Target, verify: Verify
) -> None:
    if paying.id is None:
        raise Unverified("needs hooks that offer accounts")
    before = balances.before(paying)
    answers = [target.send_or_be_cut_off(odd(paying.plain)) for odd in ODD]
    accepted = sum(answer is not None and answer.is_success for answer in answers)
    time.sleep(balances.lag)
    left = balances.settled(paying, before - accepted)
    stumbled = next((answer for answer in answers if answer is None or answer.status >= 500), answers[0])
    with target.running.noticing("http.client_error"), suppress(Unverified):
        is_no_fault_of_the_server(stumbled, accounts.refused().plain, target, verify)
    refused = f"after {len(ODD) - accepted} refusals and {accepted} accepted pages, a balance of {before - accepted}"
    verify.holds(left >= before - accepted, expected=refused, got=left)


@verifies("billing.refused_free")
@costs(requests=2, each=True)
@given(data=st.data(), rule=st.sampled_from(["submit.media_type", "body.required_field", "body.invalid_image"]))
def test_whatever_is_refused_costs_nothing(
    account: Account, balances: Balances, target: Target, verify: Verify, data: st.DataObject, rule: str
) -> None:
    provider = data.draw(st.sampled_from(sorted(target.contract.providers)))
    broken = data.draw(broken_in(rule, account.plain.with_members(provider=provider), target.contract))
    verify.equal(balances.cost_of_refusal(broken, account), 0, "a deduction of pages:")


@verifies("billing.refused_free")
@costs(requests=2)
def test_what_cannot_be_decoded_costs_nothing_with(
    account: Account, balances: Balances, verify: Verify, provider: Provider
) -> None:
    broken = account.plain.with_members(imageBase64="%%%%", provider=provider.name).faulty()
    verify.equal(balances.cost_of_refusal(broken, account), 0, "a deduction of pages:")
    balances.leave(account, balances.refusals)


@verifies("billing.refused_free")
@costs(requests=2)
def test_a_body_that_is_too_large_costs_nothing(
    account: Account, balances: Balances, target: Target, verify: Verify
) -> None:
    oversized = body_of(account.plain, target.contract.limit.binary_bytes + 1).faulty()
    verify.equal(balances.cost_of_refusal(oversized, account), 0, "a deduction of pages:")


@verifies("billing.refused_free")
@costs(requests=2, pages=3)
def test_a_document_that_the_balance_does_not_cover_costs_nothing(
    accounts: Accounts, balances: Balances, verify: Verify
) -> None:
    account = accounts.fresh(1)
    verify.equal(balances.cost_of_refusal(account.plain.of(document("three-pages.pdf")), account), 0, "pages paid:")


@verifies("billing.refused_free")
@costs(requests=2)
def test_a_want_of_pages_leaves_no_debt(accounts: Accounts, balances: Balances, verify: Verify) -> None:
    account = accounts.exhausted()
    verify.equal(balances.cost_of_refusal(account.plain.faulty(), account), 0, "a debt of pages:")


@verifies("billing.refused_free")
@costs(requests=3, pages=1)
def test_a_revoked_key_costs_nothing(accounts: Accounts, balances: Balances, target: Target, verify: Verify) -> None:
    if not target.offers(ACCOUNTS, KEYS):
        raise Unverified("needs hooks that offer accounts and keys")
    revocation = accounts.revocation()
    paid = balances.cost_of_refusal(revocation.gone.plain.faulty(), revocation.left)
    verify.equal(paid, 0, "a deduction of pages:")
