"""The database: a connection, its transactions, and what is said when it cannot be used.

With a file it is in WAL mode with `synchronous = NORMAL`: what is committed has been handed to the operating system, so
it outlives the process, however that ends. A power cut may take the transactions of the last moments, always the newest
ones and each as a whole; the file stays sound.
"""

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import Any

from mockserver.schema import APPLICATION, SCHEMA, VERSION, missing_from

# What may befall a file while the program is right, by SQLite's primary result code.
FAULTS = {
    sqlite3.SQLITE_PERM: "cannot be opened for writing",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_IOERR: "cannot be read or written",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_FULL: "cannot be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_NOTADB: "is no database",
}

LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}

# How long a statement waits for a lock while the loop waits for the statement.
SERVING_SECONDS = 0.01

# How many bytes the log beside the file may have when a transaction begins. What SQLite writes into the file by itself
# never comes to the end of the log while several processes go on writing.
LARGEST_LOG = 64 * 2**20

# So that each watch has a name of its own.
NUMBERS = count()

# What is wanted of a statement that was executed.
FOUND = methodcaller("fetchall")
CHANGED = attrgetter("rowcount")
MADE = attrgetter("rowcount", "lastrowid")


class StoreUnavailable(Exception):  # noqa: N818 - a state of the database, not a mistake of the program
    """The database cannot be used (now), and nothing of the transaction is kept. The message goes on after its name."""


class StoreBusy(StoreUnavailable):
    """Another process has locked it."""


class Store:
    """One connection. A statement is a transaction of its own, unless it stands in `transaction`."""

    def __init__(
        self, database: Path | None = None, *, seed: int | None = None, worker: int = 0, busy_seconds: float = 2.0
    ) -> None:
        self.seed = seed
        self.worker = worker
        # What is not copied into a database in memory: the documents of tasks, by the id of the task.
        self.held: dict[str, bytes] | None = None if database else {}
        # The server is often built in one thread and served in another one.
        self._lock = threading.RLock()
        self._connection = _connect(database, busy_seconds)
        self._log = beside(database, "-wal") if database else None
        # A connection that is merely forgotten is a ResourceWarning from Python 3.13 on.
        self.close = weakref.finalize(self, self._connection.close)

    def run(self, statement: str, *values: object) -> int:
        """How many rows the statement changed."""
        return int(self._execute(statement, values, CHANGED))

    def insert(self, statement: str, *values: object) -> int | None:
        """The number of the row that an INSERT has made; None if it made none."""
        count, number = self._execute(statement, values, MADE)
        return number if count == 1 else None

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        return list(self._execute(query, values, FOUND))

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """The first row, if there is one."""
        return next(iter(self.rows(query, *values)), None)

    def transaction(self) -> "Transaction":
        """All statements inside are kept, or none of them; one inside another may fail for itself.

        Nothing inside may await: the statements of others would become part of it.
        """
        return Transaction(self, self._lock)

    def is_in_transaction(self) -> bool:
        return self._connection.in_transaction

    def watch(self, table: str, changed: Callable[[], None]) -> None:
        """Call that function whenever a row of the table is changed or deleted through this connection."""
        name = f"{table}_watch_{next(NUMBERS)}"
        self._connection.create_function(name, 0, changed)
        for event in ("UPDATE", "DELETE"):
            trigger = f"CREATE TEMP TRIGGER {name}_{event} AFTER {event} ON main.{table} BEGIN SELECT {name}(); END"
            self._connection.execute(trigger)

    def serve(self) -> None:
        """From now on no statement waits long for a lock: whoever takes it asks again (`busy`)."""
        self.run(f"PRAGMA busy_timeout = {SERVING_SECONDS * 1000:.0f}")

    def bound_log(self) -> None:
        """Write a log that is too large into the file, and empty it unless others still read it.

        Raises StoreBusy while another process is writing it there: it comes to the end if nobody goes on.
        """
        try:
            is_bounded = self._log is None or self._log.stat().st_size <= LARGEST_LOG
        except OSError:
            return
        # How many pages there are is not found out where another one is at it.
        if not is_bounded and self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]["log"] == -1:
            raise StoreBusy("is locked by another process: its log is written into it")

    def check(self) -> None:
        """Read the whole file; raises StoreUnavailable if it is damaged."""
        found = self.rows("PRAGMA quick_check(1)")[0][0]
        if found != "ok":
            raise StoreUnavailable(f"is damaged: {' '.join(str(found).split())}")

    def _execute(self, statement: str, values: tuple[object, ...], wanted: Callable[[sqlite3.Cursor], Any]) -> Any:
        try:
            with self._lock:
                return wanted(self._connection.execute(statement, values))
        except sqlite3.DatabaseError as problem:
            _raise_if_unavailable(problem)
            raise


class Transaction:
    """What `Store.transaction` is entered by. As a generator it would take longer than the statements that it adds."""

    def __init__(self, store: Store, lock: "threading.RLock") -> None:
        self._store = store
        self._lock = lock

    def __enter__(self) -> None:
        self._lock.acquire()
        self._is_inner = self._store.is_in_transaction()
        self._held = len(self._store.held or ())
        try:
            if not self._is_inner:
                self._store.bound_log()
            self._store.run("SAVEPOINT inner" if self._is_inner else "BEGIN IMMEDIATE")
        except BaseException:
            self._lock.release()
            raise

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        try:
            if problem is None:
                self._commit()
            else:
                self._roll_back()
        finally:
            self._lock.release()

    def _commit(self) -> None:
        try:
            self._store.run("RELEASE inner" if self._is_inner else "COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        store = self._store
        # Some faults of the disk have rolled everything back already.
        if store.is_in_transaction():
            store.run("ROLLBACK TO inner" if self._is_inner else "ROLLBACK")
        if self._is_inner and store.is_in_transaction():
            store.run("RELEASE inner")
        while store.held and len(store.held) > self._held:
            store.held.popitem()


def beside(database: Path, suffix: str) -> Path:
    """A file of SQLite that belongs to the database."""
    return Path(f"{os.path.realpath(database)}{suffix}")


def _connect(database: Path | None, busy_seconds: float) -> sqlite3.Connection:
    with faults_are_told():
        if database and not database.exists():
            # It will hold the documents of its users.
            database.touch(0o600)
        # In full, so that no name of a file has a meaning for SQLite.
        name = database.absolute() if database else ":memory:"
        connection = sqlite3.connect(name, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Set the connection up, and make the tables in a file that is empty.

    They come before WAL, so that the file itself, without the log beside it, says whose it is.
    """
    if not has_tables(connection):
        identify = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {identify} COMMIT;")
    for setting in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {setting}")


def has_tables(connection: sqlite3.Connection) -> bool:
    """Whether the tables are there; nothing is written to find out. Raises StoreUnavailable for another's file."""
    identity = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if identity == [APPLICATION, VERSION]:
        if missing := missing_from(connection):
            raise StoreUnavailable(f"is damaged: it lacks {', '.join(missing)}")
        return True
    # Another program may have put its name into a file before it makes its tables.
    if identity != [0, 0] or connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
        raise StoreUnavailable("is a database of another program or version")
    return False


@contextmanager
def faults_are_told() -> Iterator[None]:
    """Raise StoreUnavailable for what is wrong with the file."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        _raise_if_unavailable(problem)
        raise
    except OSError as problem:
        raise StoreUnavailable(f"cannot be opened: {problem.strerror}") from problem


def _raise_if_unavailable(problem: sqlite3.DatabaseError) -> None:
    """Say what is wrong with the file, if something is; a mistake in a statement is none of its faults."""
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    if code in LOCKED:
        raise StoreBusy(f"is locked by another process: {problem}") from problem
    if code in FAULTS:
        raise StoreUnavailable(f"{FAULTS[code]}: {problem}") from problem
