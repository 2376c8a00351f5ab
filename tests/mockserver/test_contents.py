"""The documents of unfinished tasks: kept with and without a database file, and never longer than their tasks."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from mockserver import Server, Settings, build_server
from mockserver.tasks import Task
from spec import Contract


@pytest.fixture(params=["memory", "file"])
def server(request: pytest.FixtureRequest, settings: Settings, contract: Contract, tmp_path: Path) -> Iterator[Server]:
    database = tmp_path / "mock.db" if request.param == "file" else None
    server = build_server(replace(settings, database=database), contract)
    yield server
    server.store.close()


def created(server: Server, account_id: str, content: bytes = b"document") -> Task:
    return server.tasks.create(account_id=account_id, provider="paddle", pages=1, filename=None, content=content)


def create_and_roll_back(server: Server, account_id: str) -> None:
    with suppress(KeyboardInterrupt), server.store.transaction():
        created(server, account_id)
        raise KeyboardInterrupt


def kept(server: Server) -> int:
    """How many documents there are, wherever they are."""
    [row] = server.store.rows("SELECT count(*) AS number FROM documents")
    return len(server.store.held or ()) + int(row["number"])


def test_a_document_is_kept_until_its_task_is_finished(server: Server) -> None:
    account_id = server.open_account(1).account_id
    done, failed = created(server, account_id, b"done"), created(server, account_id, b"failed")
    for task in (done, failed):
        server.tasks.start(task.id)
    assert (server.tasks.content(done.id), server.tasks.content(failed.id)) == (b"done", b"failed")
    server.tasks.finish(done.id, {})
    server.tasks.fail(failed.id, "recognition failed")
    assert (server.tasks.content(done.id), server.tasks.content(failed.id)) == (b"", b"")
    assert kept(server) == 0


def test_a_creation_that_is_rolled_back_leaves_no_document(server: Server) -> None:
    account_id = server.open_account(1).account_id
    first = created(server, account_id)
    create_and_roll_back(server, account_id)
    assert kept(server) == 1
    assert server.tasks.content(first.id) == b"document"


def test_what_is_rolled_back_inside_leaves_the_rest(server: Server) -> None:
    account_id = server.open_account(1).account_id
    with server.store.transaction():
        outer = created(server, account_id, b"outer")
        create_and_roll_back(server, account_id)
    assert kept(server) == 1
    assert server.tasks.content(outer.id) == b"outer"


def test_an_account_takes_its_documents_with_it(server: Server) -> None:
    leaving, staying = server.open_account(1).account_id, server.open_account(1).account_id
    created(server, leaving)
    server.tasks.start(created(server, leaving).id)
    left = created(server, staying)
    assert server.accounts.delete(leaving)
    assert kept(server) == 1
    assert server.tasks.content(left.id) == b"document"


def test_only_a_file_has_them_as_rows(server: Server) -> None:
    created(server, server.open_account(1).account_id)
    assert (server.store.held is None) == bool(server.settings.database)
