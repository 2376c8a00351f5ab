"""A deployment without hooks: what its keys can show is verified, nothing is accused, and the budget is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.judge import judge
from conformance.profile.profile import AccountApi, Keys, Profile, Spend
from mockserver import checks
from mockserver.decisions import Decision
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import Change, refusing
from tests.defects.catalogue import DEFECTS
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


Wrap = Callable[[ASGIApp], ASGIApp]


def judged(
    spend: Spend,
    *,
    balance: int = 1000,
    change: Change = lambda server: server,
    wrap: Wrap = lambda app: app,
    **changes: Any,
) -> Outcome:
    contract = small_contract()
    server = change(reference(contract))
    valid = server.open_account(balance)
    keys = Keys(valid=valid.api_key, revoked=_revoked(server), exhausted=server.open_account(0).api_key)
    with served(server, wrap) as profile:
        keyed: Profile = replace(profile, hooks=None, keys=keys, spend=spend, **changes)
        report = judge(contract, keyed).report
    return Outcome(report=report, deducted=balance - server.ledger.balance(valid.account_id))


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


def breaking_down(status: int, body: str) -> Wrap:
    """From the thirtieth request on, everything is answered with that."""

    def wrap(app: ASGIApp) -> ASGIApp:
        numbers = count()

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            is_late = scope["type"] == "http" and next(numbers) >= 30
            await (Response(body, status) if is_late else app)(scope, receive, send)

        return answer

    return wrap


@pytest.mark.parametrize(("status", "body"), [(503, ""), (500, '{"error": "insufficient_pages"}')])
def test_a_server_that_breaks_down_in_the_middle_has_not_failed_rule_by_rule(status: int, body: str) -> None:
    outcome = judged(Spend(), wrap=breaking_down(status, body))
    assert outcome.rules("failed") == set()
    assert outcome.rules("passed") >= {"auth.key_accepted"}
    assert outcome.rules("error") >= {"billing.image_page", "http.client_error"}
    assert outcome.report["verdict"] == "error"
    assert outcome.report["requests"] < 50, "a target that went away is not asked again by every test"


def test_an_account_api_that_is_only_assumed_and_not_there_accuses_nobody() -> None:
    elsewhere = AccountApi(task="/nowhere/{taskId}", balance="/nowhere", stated=False)
    outcome = judged(Spend(), account_api=elsewhere)
    assert outcome.rules("failed") | outcome.rules("error") == set()
    [found] = [rule for rule in outcome.report["rules"] if rule["id"] == "success.task_found"]
    assert found["verdict"] == "unverified"
    assert "GET /nowhere/{taskId}, which is assumed, was tried and did not show a task just accepted" in found["reason"]


def test_an_assumed_account_api_that_shows_a_task_a_moment_later_is_one() -> None:
    outcome = judged(Spend(), change=DEFECTS["task_found_when_done"].change, account_api=AccountApi(stated=False))
    assert "success.task_found" not in outcome.rules("unverified")


def test_an_assumed_account_api_that_could_not_be_tried_is_not_said_to_be_absent() -> None:
    outcome = judged(Spend(), balance=0, account_api=AccountApi(stated=False))
    [question] = [row for row in outcome.report["questions"] if row["id"] == "task_api"]
    assert question["reading"] is None
    [found] = [rule for rule in outcome.report["rules"] if rule["id"] == "success.task_found"]
    assert "the call that is assumed could not be tried" in found["reason"]


def balance_first(server: Server) -> Server:
    """Whether there is a page is asked before the body is looked at, which the documentation leaves open."""
    rule = "billing.insufficient_pages"

    async def has_a_page(submission: Submission) -> bool:
        return server.ledger.balance(submission.account_id) > 0

    asked = Decision(rule=rule, check=has_a_page, error=server.contract.refusal(rule))
    about_keys = sum(row.rule.startswith("auth.") for row in server.decisions)
    return replace(server, decisions=(*server.decisions[:about_keys], asked, *server.decisions[about_keys:]))


@pytest.mark.parametrize("change", [lambda server: server, balance_first], ids=["balance last", "balance first"])
@pytest.mark.parametrize("balance", [0, 1, 20])
def test_an_account_that_runs_dry_accuses_nobody_and_breaks_no_run(balance: int, change: Change) -> None:
    outcome = judged(Spend(), balance=balance, change=change)
    assert outcome.deducted == balance
    assert outcome.rules("failed") | outcome.rules("error") == set()
    assert (outcome.report["verdict"], outcome.report["faults"]) == ("unverified", [])
    reasons = " ".join(rule["reason"] for rule in outcome.report["rules"] if rule["verdict"] == "unverified")
    assert "the account of keys.valid has no pages left" in reasons


def test_a_dry_account_still_shows_what_must_be_refused() -> None:
    outcome = judged(Spend(), balance=0)
    assert {"auth.missing_key", "auth.unknown_key", "auth.revoked_key", "billing.insufficient_pages"} <= outcome.rules(
        "passed"
    )


def test_an_exhausted_key_alone_shows_its_refusal() -> None:
    contract = small_contract()
    server = reference(contract)
    with served(server) as profile:
        keys = Keys(exhausted=server.open_account(0).api_key)
        report = judge(contract, replace(profile, hooks=None, keys=keys)).report
    verdicts = {rule["id"]: rule["verdict"] for rule in report["rules"]}
    assert verdicts["billing.insufficient_pages"] == "passed"


def synchronous_is_out_of_pages(server: Server) -> Server:
    """A synchronous provider says that there are no pages, although there are."""

    def is_synchronous(submission: Submission) -> bool:
        return submission.provider is not None and submission.provider.mode == "synchronous"

    return refusing(server, checks.balance_covers_pages, is_synchronous)


def test_a_want_of_pages_that_is_not_true_is_a_failure() -> None:
    assert "body.provider" in judged(Spend(), change=synchronous_is_out_of_pages).rules("failed")
