"""The ledger: balances are sums of entries, a page is spent once, and a deduction is refunded once."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable

import httpx
import pytest

from fixtures import fixture
from mockserver import Server
from mockserver.server import OpenedAccount

pytestmark = pytest.mark.anyio

Submit = Callable[..., Awaitable[httpx.Response]]


def test_a_balance_is_the_sum_of_its_entries(server: Server, account: OpenedAccount) -> None:
    first = server.ledger.deduct(account.account_id, 3)
    server.ledger.deduct(account.account_id, 4)
    assert first is not None
    server.ledger.refund(first)
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -3), ("deduct", -4), ("refund", 3)]
    assert server.ledger.balance(account.account_id) == 6


def test_deducts_the_last_page_and_no_more(server: Server, account: OpenedAccount) -> None:
    assert server.ledger.deduct(account.account_id, 10) is not None
    assert server.ledger.deduct(account.account_id, 1) is None
    assert server.ledger.balance(account.account_id) == 0


def test_refunds_a_deduction_once(server: Server, account: OpenedAccount) -> None:
    deduction = server.ledger.deduct(account.account_id, 3)
    assert deduction is not None
    server.ledger.refund(deduction)
    server.ledger.refund(deduction)
    assert server.ledger.balance(account.account_id) == 10


def test_refunds_neither_a_grant_nor_a_refund(server: Server, account: OpenedAccount) -> None:
    for entry in range(5):
        server.ledger.refund(entry)
    assert server.ledger.entries(account.account_id) == [("grant", 10)]


def test_an_unknown_account_has_no_page(server: Server) -> None:
    assert server.ledger.balance("acct_x") == 0
    assert server.ledger.deduct("acct_x", 1) is None


@pytest.mark.parametrize(
    ("name", "pages"),
    [("page.png", 1), ("page.jpg", 1), ("page.webp", 1), ("two-pages.tiff", 2), ("three-pages.pdf", 3)],
)
async def test_a_submission_deducts_the_pages_of_its_document(
    server: Server, account: OpenedAccount, submit: Submit, name: str, pages: int
) -> None:
    await submit(imageBase64=b64encode(fixture(name).content).decode())
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -pages)]


async def test_a_refused_submission_deducts_nothing(server: Server, account: OpenedAccount, submit: Submit) -> None:
    for members in ({"imageBase64": ""}, {"imageBase64": "QQ=="}, {"provider": "x"}, {"filename": 5}):
        assert (await submit(**members)).status_code == 400
    assert server.ledger.entries(account.account_id) == [("grant", 10)]


async def test_a_document_with_more_pages_than_are_left_is_refused(server: Server, submit: Submit) -> None:
    account = server.open_account(2)
    answer = await submit(key=account.api_key, imageBase64=b64encode(fixture("three-pages.pdf").content).decode())
    assert (answer.status_code, answer.json()["error"]) == (402, "insufficient_pages")
    assert server.ledger.entries(account.account_id) == [("grant", 2)]


async def test_pages_come_back_once_when_the_task_cannot_be_created(
    server: Server, account: OpenedAccount, submit: Submit
) -> None:
    server.accounts.fail_tasks(account.account_id, 1)
    answer = await submit(imageBase64=b64encode(fixture("three-pages.pdf").content).decode())
    assert answer.status_code == 500
    assert answer.json() == {
        "success": False,
        "error": "task_creation_failed",
        "message": "The task could not be created and its pages are refunded.",
    }
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -3), ("refund", 3)]
    assert (await submit()).status_code == 200
    assert server.ledger.balance(account.account_id) == 9


@pytest.mark.parametrize("name", ["page.png", "one-page.pdf"])
async def test_submissions_that_arrive_together_never_overdraw(server: Server, submit: Submit, name: str) -> None:
    account = server.open_account(100)
    image = b64encode(fixture(name).content).decode()
    answers = await asyncio.gather(*(submit(key=account.api_key, imageBase64=image) for _ in range(200)))
    assert sorted(answer.status_code for answer in answers) == [200] * 100 + [402] * 100
    assert server.ledger.balance(account.account_id) == 0
    assert len({answer.json()["taskId"] for answer in answers if answer.status_code == 200}) == 100
