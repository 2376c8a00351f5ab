"""A server that never answers what it should refuse, as one does that lost an exception: it is judged, and fails."""

from dataclasses import replace

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conformance.judge import judge
from conformance.session import run
from conformance.session.selection import Selection
from tests.rewriting import ENDPOINT
from tests.servers import reference, served, small_contract

WAIT = 0.3
RULES = ("auth.key_accepted", "auth.missing_key", "body.required_field")


def silent_where_it_refuses(app: ASGIApp) -> ASGIApp:
    """Holds the refusals of submissions back until nobody waits for them."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if scope.get("path") == ENDPOINT and message.get("status", 200) >= 400:
                while (await receive())["type"] != "http.disconnect":
                    pass
            await send(message)

        await app(scope, receive, told)

    return answer


def test_is_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SLOWEST_ANSWER", WAIT)
    contract = small_contract()
    with served(reference(contract), silent_where_it_refuses) as profile:
        report = judge(contract, replace(profile, task_seconds=WAIT), Selection(rules=RULES)).report
    found = {rule["id"]: rule for rule in report["rules"]}
    assert found["auth.key_accepted"]["verdict"] == "passed"
    for name in RULES[1:]:
        assert found[name]["verdict"] == "failed"
        assert "no answer to POST" in found[name]["reason"]
