"""Each failure carries the exchange that shows it: what was sent, how that differs from the control, what came."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from rich.console import Console
from starlette.types import ASGIApp, Receive, Scope, Send

import conformance.report
from conformance.judge import judge
from conformance.report.terminal import print_summary
from conformance.selection import Selection
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract

SCHEMA = Path(conformance.report.__file__).parent / "schema.json"


def failures(report: dict[str, Any]) -> dict[str, Any]:
    """The evidence of each rule that failed, in a report that follows its schema."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(report)] == []
    return {rule["id"]: rule["evidence"] for rule in report["rules"] if rule["verdict"] == "failed"}


def judged(name: str, rules: str) -> dict[str, Any]:
    contract, defect = small_contract(), DEFECTS[name]
    with served(defect.change(reference(contract)), defect.wrap) as profile:
        return judge(contract, profile, Selection(rules=(rules,)), strict=True).report


def hanging_up_on(media_type: bytes, app: ASGIApp) -> ASGIApp:
    """The connection is closed in the middle of the answer to a body of this media type."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if (b"content-type", media_type) not in scope.get("headers", ()):
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b""})

    return wrapped


def test_tells_the_one_part_in_which_the_request_differs(tmp_path: Path) -> None:
    report = judged("any_scheme_accepted", "auth.other_scheme")
    [part] = failures(report)["auth.other_scheme"]["difference"]
    assert (part["part"], part["request"]) == ("header Authorization", "Basic $STARTOCR_API_KEY")
    with (tmp_path / "terminal.txt").open("w+", encoding="utf-8") as terminal:
        print_summary(Console(file=terminal, soft_wrap=True), report, tmp_path)
        terminal.seek(0)
        assert "differs   header Authorization: Bearer $STARTOCR_API_KEY → Basic" in terminal.read()


def test_shows_the_last_exchange_where_the_failure_names_none() -> None:
    evidence = failures(judged("nothing_deducted", "billing.image_page"))["billing.image_page"]
    assert evidence["request"]["method"] == "POST"
    assert evidence["response"]["status"] == 200


def test_shows_the_request_that_got_no_answer() -> None:
    contract = small_contract()
    with served(reference(contract), lambda app: hanging_up_on(b"text/plain", app)) as profile:
        report = judge(contract, profile, Selection(rules=("submit.*",))).report
    evidence = failures(report)["submit.media_type"]
    assert (evidence["request"]["headers"]["Content-Type"], evidence["response"]) == ("text/plain", None)
    assert '-H "Content-Type: text/plain"' in evidence["curl"]
