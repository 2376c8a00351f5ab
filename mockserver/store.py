"""The database: its schema and the connection. What the rows mean is said by the modules that use it."""

import sqlite3
import weakref
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL DEFAULT 0,   -- how many of the next task creations fail
    paused INTEGER NOT NULL DEFAULT 0      -- 1: no queued task starts
);
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    sha256 TEXT NOT NULL UNIQUE,
    revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS ledger (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('grant', 'deduct', 'refund')),
    pages INTEGER NOT NULL,
    refunds INTEGER UNIQUE                 -- the deduction that a refund gives back, once
);
CREATE INDEX IF NOT EXISTS ledger_account ON ledger (account_id, pages);
CREATE VIEW IF NOT EXISTS balances AS
    SELECT account_id, SUM(pages) AS pages FROM ledger GROUP BY account_id;
CREATE TABLE IF NOT EXISTS tasks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    provider TEXT NOT NULL,
    status TEXT NOT NULL,
    pages INTEGER NOT NULL,
    filename TEXT,
    created_at TEXT NOT NULL,
    content BLOB,                          -- the document, until it is recognised
    result TEXT,
    error TEXT
);
CREATE INDEX IF NOT EXISTS tasks_account ON tasks (account_id, status);
CREATE VIEW IF NOT EXISTS task_facts AS    -- all but the document, which may be large
    SELECT number, id, account_id, provider, status, pages, filename, created_at, result, error FROM tasks;
"""


class Store:
    """One connection in autocommit mode: every statement is a transaction of its own."""

    def __init__(self, database: Path | None = None) -> None:
        # The server is often built in one thread and served in another one.
        connection = sqlite3.connect(database or ":memory:", isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(SCHEMA)
        self._connection = connection
        # A connection that is merely forgotten is a ResourceWarning from Python 3.13 on.
        weakref.finalize(self, connection.close)

    def run(self, statement: str, *values: object) -> int:
        """How many rows the statement changed."""
        return self._connection.execute(statement, values).rowcount

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """The first row, if there is one."""
        return next(iter(self.rows(query, *values)), None)
