"""A deployment without hooks: what its keys can show is verified, nothing is accused, and the budget is kept."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from conformance.judge import judge
from conformance.profile import AccountApi, Keys, Profile, Spend
from mockserver.server import Server
from tests.servers import reference, served, small_contract

NEEDS_HOOKS = {
    "auth.revocation_scope",
    "auth.key_shown_once",
    "success.task_private",
    "providers.queued",
    "billing.before_processing",
    "billing.last_page",
    "billing.no_overdraft",
    "billing.refund",
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The report of a run with keys alone, and the pages that the server deducted from the valid one's account."""

    report: dict[str, Any]
    deducted: int

    def rules(self, verdict: str) -> set[str]:
        return {rule["id"] for rule in self.report["rules"] if rule["verdict"] == verdict}


def judged(spend: Spend, **changes: Any) -> Outcome:
    contract = small_contract()
    server = reference(contract)
    valid = server.open_account(1000)
    keys = Keys(valid=valid.api_key, revoked=_revoked(server), exhausted=server.open_account(0).api_key)
    with served(server) as profile:
        keyed: Profile = replace(profile, hooks=None, keys=keys, spend=spend, **changes)
        report = judge(contract, keyed).report
    return Outcome(report=report, deducted=1000 - server.ledger.balance(valid.account_id))


def _revoked(server: Server) -> str:
    account = server.open_account(10)
    server.keys.revoke(account.account_id, account.key_id)
    return account.api_key


def test_keys_alone_verify_all_but_what_needs_hooks() -> None:
    outcome = judged(Spend())
    assert outcome.rules("unverified") == NEEDS_HOOKS
    assert outcome.rules("failed") | outcome.rules("error") == set()
    assert outcome.report["verdict"] == "unverified"
    assert outcome.report["faults"] == []  # no test spends more than it says


@pytest.mark.parametrize("pages", [1, 12, 50])
def test_never_spends_more_than_it_may(pages: int) -> None:
    outcome = judged(Spend(pages=pages))
    assert 0 < outcome.deducted <= pages
    assert outcome.report["pagesSpent"] == outcome.deducted
    assert outcome.rules("failed") | outcome.rules("error") == set()


def test_with_nothing_to_spend_it_still_sees_what_must_be_refused() -> None:
    outcome = judged(Spend(pages=0))
    assert outcome.deducted == 0
    seen = {"auth.missing_key", "auth.unknown_key", "auth.revoked_key", "submit.media_type", "body.required_field"}
    assert seen <= outcome.rules("passed")
    assert outcome.rules("failed") | outcome.rules("error") == set()


def test_keeps_to_the_rate() -> None:
    outcome = judged(Spend(pages=0, requests_per_second=50))
    assert outcome.report["seconds"] >= outcome.report["requests"] / 50 * 0.9


def test_an_account_api_that_is_only_assumed_and_not_there_accuses_nobody() -> None:
    elsewhere = AccountApi(task="/nowhere/{taskId}", balance="/nowhere", stated=False)
    outcome = judged(Spend(), account_api=elsewhere)
    assert "success.task_found" in outcome.rules("unverified")
    assert outcome.rules("failed") | outcome.rules("error") == set()
