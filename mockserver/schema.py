"""The tables of the database. What the rows mean is said by the modules that use them."""

import sqlite3
from contextlib import closing
from functools import cache

# They stand in the header of the file: whose database it is, and by which version of these tables.
APPLICATION = 0x0C4_0CF
VERSION = 3

SCHEMA = """
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    pages INTEGER NOT NULL DEFAULT 0,      -- the sum of its ledger, kept by a trigger and by nobody else
    failures INTEGER NOT NULL DEFAULT 0,   -- how many of the next task creations fail
    paused INTEGER NOT NULL DEFAULT 0      -- 1: no queued task starts
) WITHOUT ROWID;
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    sha256 TEXT NOT NULL UNIQUE,
    revoked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX keys_account ON keys (account_id);
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('grant', 'deduct', 'refund')),
    pages INTEGER NOT NULL,
    refunds INTEGER                        -- the deduction that a refund gives back, once
);
CREATE UNIQUE INDEX ledger_refunds ON ledger (refunds) WHERE refunds IS NOT NULL;
CREATE INDEX ledger_account ON ledger (account_id);
CREATE TRIGGER no_overdraft BEFORE INSERT ON ledger
WHEN new.kind = 'deduct' AND coalesce((SELECT pages FROM accounts WHERE id = new.account_id), 0) < -new.pages
BEGIN
    SELECT RAISE(IGNORE);                  -- no row is made, and none is an error
END;
CREATE TRIGGER balance_moves AFTER INSERT ON ledger BEGIN
    UPDATE accounts SET pages = pages + new.pages WHERE id = new.account_id;
END;
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    provider TEXT NOT NULL,
    status TEXT NOT NULL,
    pages INTEGER NOT NULL,
    filename TEXT,
    created_ms INTEGER NOT NULL,           -- since the epoch
    worker INTEGER,                        -- which process of the server took it up
    result TEXT,
    error TEXT
);
CREATE INDEX tasks_account ON tasks (account_id);
CREATE INDEX tasks_queued ON tasks (account_id) WHERE status = 'queued';
CREATE TABLE documents (                   -- of tasks that are not finished; apart, since a changed row is written anew
    task_id TEXT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    content BLOB NOT NULL
);
CREATE TRIGGER document_goes AFTER UPDATE OF status ON tasks WHEN new.status IN ('done', 'failed') BEGIN
    DELETE FROM documents WHERE task_id = new.id;
END;
CREATE TABLE counters (
    prefix TEXT PRIMARY KEY,
    used INTEGER NOT NULL                  -- how many names with this prefix a seed has made
);
"""


def missing_from(connection: sqlite3.Connection) -> list[str]:
    """The names of the tables, indexes and triggers that the database does not have; others may be there, too."""
    return sorted(_made() - _names(connection))


@cache
def _made() -> frozenset[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(SCHEMA)
        return _names(connection)


def _names(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(
        name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    )
