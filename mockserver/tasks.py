"""Tasks: what was accepted, and how far it is. Who processes them is said in `providers` and `queue`."""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Literal

import msgspec

from mockserver.contents import Contents
from mockserver.identifiers import new_name
from mockserver.store import Store

Status = Literal["queued", "processing", "done", "failed"]

# queued → processing → done or failed: the status that a task has to have before it can have this one.
BEFORE: dict[Status, Status] = {"processing": "queued", "done": "processing", "failed": "processing"}

EPOCH = datetime.fromtimestamp(0, UTC)

# A result may have megabytes, so it is read where it is asked for.
FACTS = "number, id, account_id, provider, status, pages, filename, created_ms, error"


@dataclass(frozen=True, kw_only=True)
class Task:
    """`number` grows with every task, `created_ms` is since the epoch; `error` is set when `status` is failed.

    `result_json` is set when it is done and the task was asked for by its id: it is answered as it was stored.
    """

    number: int
    id: str
    account_id: str
    provider: str
    status: Status
    pages: int
    filename: str | None
    created_ms: int
    error: str | None = None
    result_json: str | None = None

    @property
    def created_at(self) -> str:
        """The time of its creation as RFC 3339 has it."""
        return (EPOCH + timedelta(milliseconds=self.created_ms)).isoformat(timespec="milliseconds")[:-6] + "Z"

    @property
    def result(self) -> dict[str, Any] | None:
        return msgspec.json.decode(self.result_json) if self.result_json else None


class Tasks:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._contents = Contents(store)

    def create(self, *, account_id: str, provider: str, pages: int, filename: str | None, content: bytes) -> Task:
        """A new queued task; part of the transaction that deducts its pages."""
        task_id, created_ms = self.new_id(), time.time_ns() // 1_000_000
        number = self._store.insert(
            "INSERT INTO tasks (id, account_id, provider, status, pages, filename, created_ms) "
            "VALUES (?, ?, ?, 'queued', ?, ?, ?)",
            task_id,
            account_id,
            provider,
            pages,
            filename,
            created_ms,
        )
        self._contents.keep(task_id, content)
        return Task(
            number=number or 0,
            id=task_id,
            account_id=account_id,
            provider=provider,
            status="queued",
            pages=pages,
            filename=filename,
            created_ms=created_ms,
        )

    def new_id(self) -> str:
        """An id in the form of the documented example, a cuid."""
        return new_name(self._store, "cl", 23)

    def find(self, account_id: str, task_id: str) -> Task | None:
        """That task, if it belongs to that account."""
        query = f"SELECT {FACTS}, result AS result_json FROM tasks WHERE id = ? AND account_id = ?"  # noqa: S608
        row = self._store.row(query, task_id, account_id)
        return _task(row) if row else None

    def newest(self, account_id: str, *, limit: int, before: int | None = None) -> list[Task]:
        """At most `limit` tasks of the account, newest first, of those with a smaller number than `before`."""
        rows = self._store.rows(
            f"SELECT {FACTS} FROM tasks "  # noqa: S608 - the names of columns, above
            "WHERE account_id = ? AND (? IS NULL OR number < ?) ORDER BY number DESC LIMIT ?",
            account_id,
            before,
            before,
            limit,
        )
        return [_task(row) for row in rows]

    def waiting_accounts(self) -> list[str]:
        """The accounts that have a queued task."""
        rows = self._store.rows("SELECT DISTINCT account_id FROM tasks WHERE status = 'queued'")
        return [row["account_id"] for row in rows]

    def start(self, task_id: str) -> bool:
        """Begin to process a queued task; False if it is not queued (any more), so that nobody else begins it."""
        return self._move(task_id, "processing")

    def start_next(self, account_id: str, *, limit: int) -> list[Task]:
        """Begin to process at most `limit` queued tasks of the account, those that wait longest; in their order."""
        rows = self._store.rows(
            "UPDATE tasks SET status = 'processing', worker = ? WHERE number IN (SELECT number FROM tasks "  # noqa: S608
            f"WHERE account_id = ? AND status = 'queued' ORDER BY number LIMIT ?) RETURNING {FACTS}",
            self._store.worker,
            account_id,
            limit,
        )
        return sorted(map(_task, rows), key=attrgetter("number"))

    def take_up_again(self, worker: int | None = None) -> int:
        """Queue what that worker, or any, was processing when it died; how many tasks these are."""
        statement = "UPDATE tasks SET status = 'queued' WHERE status = 'processing' AND (? IS NULL OR worker = ?)"
        return self._store.run(statement, worker, worker)

    def finish(self, task_id: str, result: dict[str, Any]) -> bool:
        return self._end(task_id, "done", result=msgspec.json.encode(result).decode())

    def fail(self, task_id: str, error: str) -> bool:
        return self._end(task_id, "failed", error=error)

    def content(self, task_id: str) -> bytes:
        """The document of a task that is not finished; empty afterwards."""
        return self._contents.get(task_id)

    def is_unfinished(self, task_id: str) -> bool:
        """Whether anything is still to become of the task."""
        query = "SELECT 1 FROM tasks WHERE id = ? AND status IN ('queued', 'processing')"
        return self._store.row(query, task_id) is not None

    def _end(self, task_id: str, status: Status, *, result: str | None = None, error: str | None = None) -> bool:
        moved = self._move(task_id, status, result=result, error=error)
        if moved:
            self._contents.drop(task_id)
        return moved

    def _move(self, task_id: str, status: Status, *, result: str | None = None, error: str | None = None) -> bool:
        statement = "UPDATE tasks SET status = ?, worker = ?, result = ?, error = ? WHERE id = ? AND status = ?"
        values = (status, self._store.worker, result, error, task_id, BEFORE[status])
        return self._store.run(statement, *values) == 1


def _task(row: sqlite3.Row) -> Task:
    return Task(**dict(row))
