"""Tasks: their ids, and the order in which their states may follow each other."""

import re

import pytest

from mockserver import Server
from mockserver.server import OpenedAccount
from mockserver.tasks import Task


@pytest.fixture
def task(server: Server, account: OpenedAccount) -> Task:
    return server.tasks.create(account_id=account.account_id, provider="paddle", pages=2, filename="a", content=b"")


def status(server: Server, task: Task) -> str:
    found = server.tasks.find(task.account_id, task.id)
    assert found is not None
    return found.status


def test_a_new_task_is_queued(task: Task) -> None:
    assert (task.status, task.provider, task.pages, task.filename) == ("queued", "paddle", 2, "a")
    assert (task.result, task.error) == (None, None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", task.created_at)


def test_ids_look_like_the_documented_one_and_differ(server: Server) -> None:
    ids = {server.tasks.new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch("cl[a-z0-9]{23}", task_id) for task_id in ids)


def test_goes_from_queued_over_processing_to_done(server: Server, task: Task) -> None:
    assert server.tasks.start(task.id)
    assert status(server, task) == "processing"
    assert server.tasks.finish(task.id, {"text": "é"})
    found = server.tasks.find(task.account_id, task.id)
    assert found is not None
    assert (found.status, found.result) == ("done", {"text": "é"})


def test_a_list_does_not_read_the_results(server: Server, task: Task) -> None:
    server.tasks.start(task.id)
    server.tasks.finish(task.id, {"text": "é"})
    [listed] = server.tasks.newest(task.account_id, limit=1)
    assert (listed.id, listed.status, listed.result_json) == (task.id, "done", None)


def test_goes_from_processing_to_failed(server: Server, task: Task) -> None:
    server.tasks.start(task.id)
    assert server.tasks.fail(task.id, "recognition failed")
    assert status(server, task) == "failed"


def test_no_other_way_leads_on(server: Server, task: Task) -> None:
    assert not server.tasks.finish(task.id, {})
    assert not server.tasks.fail(task.id, "")
    assert status(server, task) == "queued"
    server.tasks.start(task.id)
    assert not server.tasks.start(task.id)
    server.tasks.finish(task.id, {})
    assert not server.tasks.fail(task.id, "")
    assert not server.tasks.start(task.id)
    assert status(server, task) == "done"


def test_is_not_found_for_another_account(server: Server, task: Task) -> None:
    assert server.tasks.find(server.open_account(0).account_id, task.id) is None
