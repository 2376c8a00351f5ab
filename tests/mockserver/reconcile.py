"""Holds what clients saw against what a database says. Raises AssertionError where the two differ."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.mockserver.load import Account, Seen

STATUSES = {200, 402, 500, None}


def reconcile(database: Path, accounts: Iterable[Account], seen: list[Seen]) -> Counter[str]:
    """How many tasks have which status."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert {one.status for one in seen} <= STATUSES
        for account in set(accounts):
            theirs = [one for one in seen if one.account == account]
            _reconcile_ledger(connection, account, theirs)
            _reconcile_tasks(connection, account, theirs)
        rows = connection.execute("SELECT status FROM tasks").fetchall()
        return Counter(row["status"] for row in rows)


def _reconcile_ledger(connection: sqlite3.Connection, account: Account, seen: list[Seen]) -> None:
    """Each page that is gone has a task, in the order of the tasks, and each one given back was given back once."""
    entries = connection.execute("SELECT * FROM ledger WHERE account_id = ? ORDER BY id", (account.id,)).fetchall()
    by_kind = {kind: [row for row in entries if row["kind"] == kind] for kind in ("grant", "deduct", "refund")}
    assert [row["pages"] for row in by_kind["grant"]] == [account.pages]
    deductions = {row["id"]: -row["pages"] for row in by_kind["deduct"]}
    refunds = {row["refunds"]: row["pages"] for row in by_kind["refund"]}
    assert len(refunds) == len(by_kind["refund"])
    assert {number: deductions.get(number) for number in refunds} == refunds

    tasks = connection.execute("SELECT pages FROM tasks WHERE account_id = ? ORDER BY number", (account.id,))
    spent = [pages for number, pages in deductions.items() if number not in refunds]
    assert spent == [row["pages"] for row in tasks]

    [balance] = connection.execute("SELECT pages FROM accounts WHERE id = ?", (account.id,)).fetchone()
    assert balance == account.pages - sum(deductions.values()) + sum(refunds.values())
    assert balance >= 0
    # A creation that failed without an answer was refunded, too.
    failed, unknown = (sum(one.status == status for one in seen) for status in (500, None))
    assert failed <= len(refunds) <= failed + unknown


def _reconcile_tasks(connection: sqlite3.Connection, account: Account, seen: list[Seen]) -> None:
    """Each accepted submission has its task, each refused one has none, and each other one has at most one."""
    rows = connection.execute("SELECT * FROM tasks WHERE account_id = ?", (account.id,)).fetchall()
    tasks = {row["filename"]: row for row in rows}
    assert len(tasks) == len(rows)
    for one in (one for one in seen if one.status == 200):
        task = tasks[one.label]
        assert (task["id"], task["provider"], task["pages"]) == (one.task_id, one.provider, one.pages)
        assert one.provider == "paddle" or task["status"] == "done"
    assert not tasks.keys() & {one.label for one in seen if one.status in (402, 500)}
    assert tasks.keys() <= {one.label for one in seen}
