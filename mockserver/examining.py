"""What is found out about a file before it is opened as the database. It stays as it is, and so does its folder."""

import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from mockserver.schema import APPLICATION, VERSION
from mockserver.store import StoreUnavailable, beside, faults_are_told, has_tables

HEADER_BYTES = 100


def examine(database: Path) -> None:
    """Raise StoreUnavailable for a file that can be none of this program, or that two servers may take for two."""
    with faults_are_told(), suppress(FileNotFoundError):
        _examine_kind(database.stat())
        if not _bears_the_name(database):
            _examine_nameless(database)
        elif not _has_beside(database, "-wal", "-journal"):
            _examine_alone(database)


def _examine_kind(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise StoreUnavailable("cannot be opened: it is no regular file")
    # The lock of a server and the log of SQLite go by the name (https://www.sqlite.org/howtocorrupt.html).
    if status.st_nlink > 1:
        raise StoreUnavailable("has a second name (a hard link), by which another server may use it: remove one")
    # SQLite takes a single byte for an empty file.
    if 0 < status.st_size < HEADER_BYTES:
        raise StoreUnavailable("is no database: it is too short")


def _bears_the_name(database: Path) -> bool:
    """Whether the file is of this program and version, by its header (https://www.sqlite.org/fileformat.html).

    SQLite is not asked: while the log is written into the file, the header is there first, and says that pages follow
    which are still in the log alone if that was cut short.
    """
    with database.open("rb") as file:
        header = file.read(HEADER_BYTES)
    numbers = [int.from_bytes(header[place : place + 4], "big") for place in (68, 60)]
    return header.startswith(b"SQLite format 3\0") and numbers == [APPLICATION, VERSION]


def _examine_nameless(database: Path) -> None:
    """Raise StoreUnavailable unless tables may be made in the file."""
    _examine_alone(database)
    # The tables of this program never stand in the log alone.
    if _has_beside(database, "-wal"):
        if database.stat().st_size == 0:
            log = f"{database.name}-wal"
            raise StoreUnavailable(
                f"is empty, and {log} beside it is not: put the file back that it belongs to, or remove it"
            )
        raise StoreUnavailable("is a database of another program or version")


def _examine_alone(database: Path) -> None:
    """Raise StoreUnavailable for what stands in the file itself."""
    # What is said to be immutable gets neither a lock nor a file beside it.
    uri = f"{database.absolute().as_uri()}?immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        has_tables(connection)


def _has_beside(database: Path, *suffixes: str) -> bool:
    """Whether something may stand in such files that is not in the database itself yet."""
    files = [beside(database, suffix) for suffix in suffixes]
    return any(file.exists() and file.stat().st_size > 0 for file in files)
