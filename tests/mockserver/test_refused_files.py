"""A file that is no database of this server is refused in one line, and stays as it was, whoever it belongs to."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from mockserver.examining import examine
from mockserver.schema import VERSION
from mockserver.store import Store, StoreUnavailable
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


def make_lacking(database: Path, *things: str) -> None:
    """A database of this program, of which somebody has dropped something."""
    Store(database).close()
    with closing(sqlite3.connect(database)) as connection:
        for thing in things:
            connection.execute(f"DROP {thing}")


def make_without_tables(database: Path) -> None:
    make_lacking(database, "TABLE documents", "TABLE tasks")


def make_without_triggers(database: Path) -> None:
    make_lacking(database, "TRIGGER no_overdraft")


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


def make_letter(database: Path) -> None:
    database.write_bytes(b"x")


def make_loop(database: Path) -> None:
    database.symlink_to(database.name)


def make_linked(database: Path) -> None:
    Store(database).close()
    database.with_name("other.db").hardlink_to(database)


def make_text(database: Path) -> None:
    database.write_text("no database " * 100, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Path.mkdir, "cannot be opened: it is no regular file"),
        (make_device, "cannot be opened: it is no regular file"),
        (make_loop, "cannot be opened: Too many levels of symbolic links\n"),
        (make_linked, "has a second name (a hard link), by which another server may use it: remove one\n"),
        (make_letter, "is no database: it is too short\n"),
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
        (make_without_tables, "is damaged: it lacks document_goes, documents, tasks, tasks_account, tasks_queued\n"),
        (make_without_triggers, "is damaged: it lacks no_overdraft\n"),
    ],
)
def test_a_file_that_is_no_sound_database_is_named(database: Path, make: Callable[[Path], None], says: str) -> None:
    make(database)
    assert Process("--database", str(database)).complaint().startswith(f"startocr-mock: --database: {database} {says}")


def test_nothing_is_made_beside_a_link_that_leads_to_itself(database: Path) -> None:
    make_loop(database)
    Process("--database", str(database)).complaint()
    assert [path.name for path in database.parent.iterdir()] == ["mock.db"]


def test_a_link_to_a_file_that_is_not_there_yet_leads_to_a_new_one(database: Path) -> None:
    database.symlink_to("new.db")
    examine(database)
    Store(database).close()
    assert database.with_name("new.db").stat().st_size > 0


def test_a_database_that_lacks_a_table_is_named_by_several_workers_too(database: Path) -> None:
    make_without_tables(database)
    complaint = Process("--database", str(database), "--workers", "2").complaint()
    assert complaint.startswith(f"startocr-mock: --database: {database} is damaged: it lacks ")


def test_a_log_may_have_what_the_database_lacks(database: Path) -> None:
    """Where there is a log, the file is not looked at without it."""
    running = Store(database)
    running.run("DROP TRIGGER no_overdraft")
    log = database.with_name("mock.db-wal").read_bytes()
    left = database.with_name("left.db")
    left.write_bytes(database.read_bytes())
    left.with_name("left.db-wal").write_bytes(log)
    running.close()
    examine(left)
    with pytest.raises(StoreUnavailable, match="is damaged: it lacks no_overdraft"):
        Store(left)


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


@pytest.mark.parametrize(
    "make",
    [
        make_linked,
        make_letter,
        make_text,
        make_foreign,
        make_foreign_in_wal,
        make_foreign_in_its_log,
        make_application,
        make_versioned,
        make_newer,
        make_emptied,
        make_without_tables,
        make_without_triggers,
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
