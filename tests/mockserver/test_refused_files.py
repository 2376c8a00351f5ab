"""A file that is no database of this server is refused in one line, and stays as it was, whoever it belongs to."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from mockserver.schema import VERSION
from mockserver.store import Store, examine
from tests.mockserver.processes import Process


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


def make_foreign(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE notes (text)")


def make_foreign_in_wal(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE notes (text)")


def make_foreign_in_its_log(database: Path) -> None:
    """A database whose tables stand in the log beside it alone, as of a program that was killed."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE notes (text)")
        copies = {path: path.read_bytes() for path in database.parent.iterdir() if not path.name.endswith("-shm")}
    for path, content in copies.items():
        path.write_bytes(content)


def make_named(database: Path, name: str) -> None:
    """A database of another program that has no tables yet, and says whose it is."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA {name} = 7")


make_application = partial(make_named, name="application_id")
make_versioned = partial(make_named, name="user_version")


def make_newer(database: Path) -> None:
    Store(database).close()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")


def make_damaged(database: Path) -> None:
    """A file whose pages, but for the first one, are rubbish."""
    Store(database).close()
    content = database.read_bytes()
    database.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


def make_emptied(database: Path) -> None:
    """A file that somebody has emptied, beside the log of what it was."""
    make_foreign_in_its_log(database)
    database.write_bytes(b"")


def make_device(database: Path) -> None:
    database.symlink_to(os.devnull)


def make_text(database: Path) -> None:
    database.write_text("no database " * 100, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Path.mkdir, "cannot be opened: it is no regular file"),
        (make_device, "cannot be opened: it is no regular file"),
        (make_text, "is no database: file is not a database"),
        (make_foreign, "is a database of another program or version"),
        (make_foreign_in_its_log, "is a database of another program or version"),
        (make_application, "is a database of another program or version"),
        (make_versioned, "is a database of another program or version"),
        (make_newer, "is a database of another program or version"),
        (
            make_emptied,
            "is empty, and mock.db-wal beside it is not: put the file back that it belongs to, or remove it",
        ),
        (make_damaged, "is damaged: "),
    ],
)
def test_a_file_that_is_no_sound_database_is_named(database: Path, make: Callable[[Path], None], says: str) -> None:
    make(database)
    assert Process("--database", str(database)).complaint().startswith(f"startocr-mock: --database: {database} {says}")


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


@pytest.mark.parametrize(
    "make",
    [
        make_text,
        make_foreign,
        make_foreign_in_wal,
        make_foreign_in_its_log,
        make_application,
        make_versioned,
        make_newer,
        make_emptied,
    ],
)
def test_a_file_that_is_refused_stays_as_it_was_and_so_does_what_lies_beside_it(
    database: Path, make: Callable[[Path], None]
) -> None:
    make(database)
    before = files(database.parent)
    Process("--database", str(database)).complaint()
    assert files(database.parent) == before


def test_tables_that_stand_in_a_log_alone_are_there(database: Path) -> None:
    make_foreign_in_its_log(database)
    assert files(database.parent).keys() == {"mock.db", "mock.db-wal"}
    assert b"notes" not in database.read_bytes()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("notes",)]


def header_in(log: bytes) -> bytes:
    """The first page of a database as its log has it: of 4 KB, behind heads of 32 bytes for all and 24 for each."""
    pages = [log[place : place + 24 + 4096] for place in range(32, len(log), 24 + 4096)]
    return next(page[24:] for page in pages if int.from_bytes(page[:4], "big") == 1)


def test_a_server_that_was_killed_while_it_wrote_the_log_into_the_file_starts_again(database: Path) -> None:
    running = Store(database)
    running.run("PRAGMA wal_autocheckpoint = 0")
    for number in range(200):
        running.run("INSERT INTO accounts (id) VALUES (?)", f"acct_{number:0500}")
    log = database.with_name("mock.db-wal").read_bytes()
    left = database.with_name("left.db")
    # The first page says how many there are, and is written before them.
    left.write_bytes(header_in(log) + database.read_bytes()[4096:])
    left.with_name("left.db-wal").write_bytes(log)
    running.close()
    examine(left)
    found = Store(left)
    found.check()
    assert found.rows("SELECT count(*) FROM accounts")[0][0] == 200
    found.close()
