"""Tasks: what was accepted, and how far it is. Who processes them is said in `providers` and `queue`."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from mockserver.identifiers import unguessable
from mockserver.store import Store

Status = Literal["queued", "processing", "done", "failed"]

# queued → processing → done or failed: the status that a task has to have before it can have this one.
BEFORE: dict[Status, Status] = {"processing": "queued", "done": "processing", "failed": "processing"}


class TaskCreationError(Exception):
    """The task was not created: the pages that were deducted for it go back."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """`number` grows with every task; `result` is set when `status` is done, `error` when it is failed."""

    number: int
    id: str
    account_id: str
    provider: str
    status: Status
    pages: int
    filename: str | None
    created_at: str
    result: dict[str, Any] | None
    error: str | None


class Tasks:
    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, *, account_id: str, provider: str, pages: int, filename: str | None, content: bytes) -> Task:
        """A new queued task."""
        task_id = self.new_id()
        self._store.run(
            "INSERT INTO tasks (id, account_id, provider, status, pages, filename, created_at, content) "
            "VALUES (?, ?, ?, 'queued', ?, ?, ?, ?)",
            task_id,
            account_id,
            provider,
            pages,
            filename,
            _now(),
            content,
        )
        [row] = self._store.rows("SELECT * FROM task_facts WHERE id = ?", task_id)
        return _task(row)

    def new_id(self) -> str:
        """An id in the form of the documented example, a cuid."""
        return unguessable("cl", 23)

    def find(self, account_id: str, task_id: str) -> Task | None:
        """That task, if it belongs to that account."""
        row = self._store.row("SELECT * FROM task_facts WHERE id = ? AND account_id = ?", task_id, account_id)
        return _task(row) if row else None

    def newest(self, account_id: str, *, limit: int, before: int | None = None) -> list[Task]:
        """At most `limit` tasks of the account, newest first, of those with a smaller number than `before`."""
        rows = self._store.rows(
            "SELECT * FROM task_facts WHERE account_id = ? AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?",
            account_id,
            before,
            before,
            limit,
        )
        return [_task(row) for row in rows]

    def next_queued(self, account_id: str) -> Task | None:
        """The task that waits longest."""
        query = "SELECT * FROM task_facts WHERE account_id = ? AND status = 'queued' ORDER BY number LIMIT 1"
        row = self._store.row(query, account_id)
        return _task(row) if row else None

    def start(self, task_id: str) -> bool:
        """Begin to process a queued task; False if it is not queued (any more)."""
        return self._move(task_id, "processing")

    def finish(self, task_id: str, result: dict[str, Any]) -> bool:
        return self._move(task_id, "done", result=json.dumps(result))

    def fail(self, task_id: str, error: str) -> bool:
        return self._move(task_id, "failed", error=error)

    def content(self, task_id: str) -> bytes:
        """The document of a task that is not finished; empty afterwards."""
        row = self._store.row("SELECT content FROM tasks WHERE id = ?", task_id)
        return row["content"] or b"" if row else b""

    def _move(self, task_id: str, status: Status, *, result: str | None = None, error: str | None = None) -> bool:
        statement = (
            "UPDATE tasks SET status = ?, result = ?, error = ?, content = iif(?, content, NULL) "
            "WHERE id = ? AND status = ?"
        )
        keep_content = status == "processing"
        return self._store.run(statement, status, result, error, keep_content, task_id, BEFORE[status]) == 1


def _task(row: sqlite3.Row) -> Task:
    facts = dict(row)
    return Task(**{**facts, "result": json.loads(row["result"]) if row["result"] else None})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
