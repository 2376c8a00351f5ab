"""Each failure carries the exchange that shows it: what was sent, how that differs from the control, what came."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console
from starlette.types import ASGIApp, Receive, Scope, Send

import conformance.report
from conformance.judge import judge
from conformance.report.terminal import print_summary
from conformance.report.write import write
from conformance.session.selection import Selection
from mockserver.server import Server
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
    assert (part["part"], part["request"]) == ("header Authorization", "Basic $STARTOCR_FRESH_KEY")
    with (tmp_path / "terminal.txt").open("w+", encoding="utf-8") as terminal:
        print_summary(Console(file=terminal, soft_wrap=True), report, tmp_path)
        terminal.seek(0)
        assert "differs   header Authorization: Bearer $STARTOCR_FRESH_KEY → Basic" in terminal.read()


def test_shows_the_last_submission_where_the_failure_names_none() -> None:
    evidence = failures(judged("nothing_deducted", "billing.image_page"))["billing.image_page"]
    assert (evidence["request"]["method"], evidence["response"]["status"]) == ("POST", 200)


def test_shows_the_request_that_got_no_answer() -> None:
    contract = small_contract()
    with served(reference(contract), lambda app: hanging_up_on(b"text/plain", app)) as profile:
        report = judge(contract, profile, Selection(rules=("submit.*",))).report
    evidence = failures(report)["submit.media_type"]
    assert (evidence["request"]["headers"]["Content-Type"], evidence["response"]) == ("text/plain", None)
    assert "-H 'Content-Type: text/plain'" in evidence["curl"]


def steps(name: str, rules: str) -> list[str]:
    return list(failures(judged(name, rules))[rules]["steps"])


def test_tells_the_steps_that_led_to_the_failure_in_their_order() -> None:
    told = steps("revocation_misses_another_account", "auth.revocation_scope")
    assert [line for line in told if not line.startswith("submits")] == [
        "account A was made with 1000 pages",
        "account B was made with 1000 pages",
        "account B gets a further key",
        "key 2 of account B is revoked",
    ]
    assert "key 1 of account A → 200" in told[1]
    assert told[-1].endswith("key 1 of account A → 401 invalid_api_key")


def test_tells_what_is_special_about_a_file_that_the_suite_made() -> None:
    told = steps("removed_pages_counted", "billing.page_tree")
    assert any("two earlier versions with 6 pages each" in line for line in told)


def test_a_failure_that_every_answer_is_held_to_is_told_once_by_its_own_test() -> None:
    [rule] = judged("account_repeats_the_key", "auth.key_shown_once")["rules"]
    names = [test["name"] for test in rule["tests"] if test["verdict"] == "failed"]
    assert names.count("test_no_answer_repeats_the_key") == 1


@pytest.mark.parametrize(
    "name",
    [
        "any_scheme_accepted",
        "revoked_key_accepted",
        "exhausted_account_accepted",
        "media_type_may_be_absent",
        "filename_must_be_ascii",
        "limit_too_low",
        "limit_evaded_by_chunks",
        "connection_remembers_its_key",
    ],
)
def test_a_curl_line_that_is_pasted_gets_the_same_answer(name: str, tmp_path: Path) -> None:
    contract, defect = small_contract(), DEFECTS[name]
    server = defect.change(reference(contract))
    with served(server, defect.wrap) as profile:
        judgement = judge(contract, profile, Selection(rules=(defect.rule,)))
        write(tmp_path, judgement.report, judgement.bodies)
        evidence = failures(judgement.report)[defect.rule]
        assert status_of(evidence["curl"], keys_in_the_environment(server), tmp_path) == evidence["response"]["status"]


def keys_in_the_environment(server: Server) -> dict[str, str]:
    """What a person sets before they paste a curl line."""
    revoked = server.open_account(10)
    server.keys.revoke(revoked.account_id, revoked.key_id)
    return {
        "STARTOCR_FRESH_KEY": server.open_account(100).api_key,
        "STARTOCR_REVOKED_KEY": revoked.api_key,
        "STARTOCR_EXHAUSTED_KEY": server.open_account(0).api_key,
    }


def status_of(line: str, environment: dict[str, str], folder: Path) -> int:
    """The status of the answer, when a shell runs the line in the folder of the report."""
    if shutil.which("curl") is None and not os.environ.get("CI"):
        pytest.skip("curl is not installed")
    process = subprocess.run(
        ["/bin/sh", "-c", f"{line} -s -o /dev/null -w '%{{http_code}}'"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return int(process.stdout[-3:])  # Before it may be the answer to a request that goes before.
