"""The parts of a server can be replaced one at a time: that is how a test makes a server that breaks a rule."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from mockserver import Server, serve_in_thread
from mockserver.answers import Answers
from mockserver.decisions import Decision
from mockserver.documents import Documents
from mockserver.ledger import Ledger
from mockserver.server import OpenedAccount
from mockserver.submission import Submission
from mockserver.tasks import Tasks
from spec import Error

pytestmark = pytest.mark.anyio

Connect = Callable[[Server], httpx.AsyncClient]
Submit = Callable[..., Awaitable[httpx.Response]]


class KeepingLedger(Ledger):
    def refund(self, deduction: int) -> None:
        pass


class DoublingDocuments(Documents):
    async def pages(self, content: bytes, kind: str, *, account_id: str = "") -> int:
        return 2


class FailingTasks(Tasks):
    def create(self, **_facts: Any) -> Any:
        raise OSError("the disk is full")


@dataclass(frozen=True, kw_only=True)
class NestedAnswers(Answers):
    def refusal(self, error: Error, message: str) -> dict[str, object]:
        return {"error": {"code": error.code, "message": message}}


async def without_check(_submission: Submission) -> bool:
    return True


async def test_a_replaced_ledger_is_used(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    server.accounts.fail_tasks(account.account_id, 1)
    await submit(client=connect(replace(server, ledger=KeepingLedger(server.store))))
    assert server.ledger.balance(account.account_id) == 9


async def test_a_replaced_reader_of_documents_is_used(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    await submit(client=connect(replace(server, documents=DoublingDocuments(server.pdfs))))
    assert server.ledger.balance(account.account_id) == 8


async def test_a_task_that_really_cannot_be_created_is_refunded(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await submit(client=connect(replace(server, tasks=FailingTasks(server.store))))
    assert (answer.status_code, answer.json()["error"]) == (500, "task_creation_failed")
    assert server.ledger.entries(account.account_id) == [("grant", 10), ("deduct", -1), ("refund", 1)]
    assert "a task could not be created" in caplog.text


async def test_replaced_answers_are_used(server: Server, connect: Connect, submit: Submit) -> None:
    client = connect(replace(server, answers=NestedAnswers(contract=server.contract)))
    answer = await submit(client=client, imageBase64="")
    assert answer.json() == {"error": {"code": "missing_image_base64", "message": "The body has no imageBase64."}}


async def test_a_replaced_decision_is_used(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    def blind(decision: Decision) -> Decision:
        return replace(decision, check=without_check) if decision.rule == "auth.revoked_key" else decision

    server.keys.revoke(account.account_id, account.key_id)
    client = connect(replace(server, decisions=tuple(map(blind, server.decisions))))
    assert (await submit()).status_code == 401
    assert (await submit(client=client)).status_code == 200


async def test_a_replaced_mode_is_used(
    server: Server, account: OpenedAccount, connect: Connect, submit: Submit
) -> None:
    modes = {**server.modes, "queued": server.modes["synchronous"]}
    answer = await submit(client=connect(replace(server, modes=modes)), provider="paddle")
    task = server.tasks.find(account.account_id, answer.json()["taskId"])
    assert task is not None
    assert task.status == "done"


def test_an_application_can_be_put_around_the_server(server: Server) -> None:
    def without_challenge(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            async def sending(message: Any) -> None:
                headers = message.get("headers", [])
                await send({**message, "headers": [pair for pair in headers if pair[0] != b"www-authenticate"]})

            await app(scope, receive, sending if scope["type"] == "http" else send)

        return wrapped

    with serve_in_thread(server, wrap=without_challenge) as url:
        answer = httpx.post(f"{url}/api/ocr")
    assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (401, None)
