"""`run --dry-run` tells what a run would submit at worst, and sends nothing, not even a connection."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance.cli import cli
from conformance.judge import judge
from conformance.profile.profile import AccountApi, HooksAddress, Keys, Profile, Spend
from conformance.session.collecting import collect
from conformance.session.course import Course
from conformance.session.plan import Plan, PlannedRow, planned
from conformance.session.selection import Selection
from spec import Contract
from tests.servers import ORIGIN, reference, served, small_contract

REMOTE = "https://staging.example"
KEYED = Profile(name="keys", base_url=REMOTE, keys=Keys(valid="sk_1"))


@dataclass(kw_only=True)
class Listener:
    """Somebody who counts who calls, and answers nobody."""

    url: str
    connections: int = 0


@contextmanager
def listening() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(url=f"http://127.0.0.1:{server.getsockname()[1]}")

        def count() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                listener.connections += 1
                connection.close()

        thread = threading.Thread(target=count, daemon=True)
        thread.start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def dry_run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["run", "--dry-run", *arguments])


def plan_of(profile: Profile, course: Course | None = None, contract: Contract | None = None) -> Plan:
    contract, course = contract or small_contract(), course or Course()
    tests = collect(contract, course, list(contract.rules), with_questions=True)
    return planned(contract, profile, list(contract.rules), tests)


def test_nothing_is_sent(tmp_path: Path) -> None:
    with listening() as listener:
        profile, reports = tmp_path / "target.yaml", tmp_path / "reports"
        profile.write_text(f"base_url: {listener.url}\nhooks: {{url: '{listener.url}/hooks'}}\n", encoding="utf-8")
        result = dry_run("--target", str(profile), "--reports", str(reports))
        assert (result.exit_code, listener.connections) == (0, 0), result.output
        assert not reports.exists()
        socket.create_connection(("127.0.0.1", int(listener.url.rpartition(":")[2]))).close()
        deadline = time.monotonic() + 5
        while not listener.connections and time.monotonic() < deadline:
            time.sleep(0.01)
    assert listener.connections == 1, "the listener counts"
    assert "Nobody pays for these pages" in result.output
    assert re.search(r"^  cors\.preflight +0 of \d+ +0 +0 +cors\.allowed_origin *$", result.output, re.MULTILINE)


def test_the_sum_is_that_of_the_rows() -> None:
    result = dry_run("--base-url", REMOTE, "--rules", "auth.*")
    rows = re.findall(r"^ *(\S.*?)  +(?:[\d of]+  +)?(\d+) +(\d+)(?:  .*| *)$", result.output, re.MULTILINE)
    *parts, (name, requests, pages) = rows
    assert (name, len(parts)) == ("total", len(Selection(rules=("auth.*",)).of(small_contract())) + 1)
    assert int(requests) == sum(int(part) for _, part, _ in parts)
    assert int(pages) == sum(int(part) for _, _, part in parts) == 0, "nothing to spend, so nothing is spent"


def row(plan: Plan, subject: str) -> PlannedRow:
    return next(row for row in plan.rows if row.subject == subject)


def test_more_examples_are_more_submissions() -> None:
    few, many = (row(plan_of(KEYED, Course(examples=examples)), "auth.other_scheme") for examples in (1, 9))
    assert many.requests - few.requests == 8
    assert many.tests == few.tests


def test_what_only_hooks_open_is_left_out_of_a_plan_for_keys() -> None:
    refund = row(plan_of(KEYED), "billing.refund")
    assert (refund.tests, refund.requests, refund.pages) == (0, 0, 0)
    assert refund.left_out > 0
    assert refund.closed == ("hooks that offer accounts and task-failures",)


def test_with_hooks_all_is_sent_and_nobody_pays() -> None:
    hooks = HooksAddress(url=f"{REMOTE}/hooks")
    plan = plan_of(replace(KEYED, hooks=hooks, account_api=AccountApi(), allowed_origin=ORIGIN, spend=Spend(pages=0)))
    assert [row for row in plan.rows if row.left_out] == []
    assert not plan.is_paid


def test_what_the_budget_can_never_pay_is_left_out() -> None:
    plan = plan_of(replace(KEYED, spend=Spend(pages=40)))
    assert row(plan, "billing.image_page").left_out == 0
    assert row(plan, "billing.pdf_pages").closed == ("spend.pages of 96",)


@pytest.mark.parametrize("spend", [Spend(), Spend(pages=30)])
def test_a_run_submits_no_more_than_was_planned(spend: Spend) -> None:
    contract = small_contract()
    server = reference(contract)
    account = server.open_account(2000)
    with served(server) as profile:
        keyed = replace(profile, hooks=None, keys=Keys(valid=account.api_key), spend=spend)
        report = judge(contract, keyed).report
        plan = plan_of(keyed, contract=contract)
    submitted = sum(times["count"] for kind, times in report["timing"]["latency"].items() if "submission" in kind)
    assert 0 < submitted <= plan.requests
    assert 0 < 2000 - server.ledger.balance(account.account_id) <= plan.pages
