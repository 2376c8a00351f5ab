"""Faults of the task API: which tasks are found there, and by whom."""

from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex

from starlette.types import ASGIApp

from mockserver.answers import Answers
from mockserver.server import Server
from mockserver.tasks import Task, Tasks
from tests.changing import telling
from tests.defects.breaking import breaks, breaks_replies, breaks_wrapped
from tests.rewriting import Reply, replying


def finding(server: Server, shows: Callable[[Task], bool]) -> Server:
    """The server whose task API shows only some tasks."""
    return telling(server, lambda task: task if shows(task) else None)


@breaks("success.task_found")
def task_cannot_be_found(server: Server) -> Server:
    """The task API knows no task of the account."""
    return finding(server, lambda task: False)


@breaks("success.task_found")
def task_found_when_done(server: Server) -> Server:
    """A task is found once it is done, and not before."""
    return finding(server, lambda task: task.status == "done")


@breaks("success.task_found")
def finished_task_not_kept(server: Server) -> Server:
    """The tasks of the synchronous provider are not kept."""
    return finding(server, lambda task: task.provider != "baidu")


@breaks_replies("success.task_found")
def failed_creation_promises_a_task(reply: Reply) -> None:
    """When no task can be created, the pages come back, and the answer names a task all the same."""
    if reply.is_refused and reply.members.get("error") == "task_creation_failed":
        reply.status = 200
        reply.say({"success": True, "taskId": token_hex(8), "provider": "paddle"})


@breaks("success.task_found")
def task_found_under_another_id(server: Server) -> Server:
    """The id that the answer names is not the one that the task API knows."""

    class Other(Answers):
        def success(self, task: Task) -> dict[str, object]:
            return {**super().success(task), "taskId": task.id[::-1]}

    return replace(server, answers=Other(contract=server.contract))


@breaks_wrapped("success.task_found")
def task_found_by_its_key_only(app: ASGIApp) -> ASGIApp:
    """A task belongs to the key that submitted it, and not to the account: another key does not find it."""
    submitted: dict[str, str] = {}

    def change(reply: Reply) -> None:
        sent = reply.request.get("authorization", "")
        if reply.is_accepted:
            submitted[reply.members["taskId"]] = sent
        elif submitted.get(reply.path.rpartition("/")[2], sent) != sent:
            reply.status = 404
            reply.say({"error": "task_not_found"})

    return replying(change)(app)


@breaks("success.task_found")
def newest_task_found_instead(server: Server) -> Server:
    """Whichever of its tasks an account asks for, it is shown the newest that is done."""

    class Newest(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            known = super().find(account_id, task_id)
            done = [task for task in self.newest(account_id, limit=100) if task.status == "done"]
            return super().find(account_id, done[0].id) if known and done else known

    return replace(server, tasks=Newest(server.store))


@breaks("success.task_found")
def any_task_found(server: Server) -> Server:
    """A task that there is not is told as one that still waits."""

    class Hopeful(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            exists = server.store.row("SELECT 1 FROM tasks WHERE id = ?", task_id)
            return super().find(account_id, task_id) if exists else waiting(account_id, task_id)

    return replace(server, tasks=Hopeful(server.store))


def waiting(account_id: str, task_id: str) -> Task:
    return Task(
        number=0,
        id=task_id,
        account_id=account_id,
        provider="paddle",
        status="queued",
        pages=1,
        filename=None,
        created_ms=0,
    )


def showing(server: Server, shows: Callable[[Task], bool]) -> Server:
    """The server whose task API shows some tasks to everybody."""

    class Open(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            row = server.store.row("SELECT account_id FROM tasks WHERE id = ?", task_id)
            task = super().find(row["account_id"], task_id) if row else None
            return task if task and (task.account_id == account_id or shows(task)) else None

    return replace(server, tasks=Open(server.store))


@breaks("success.task_private")
def task_shown_to_everybody(server: Server) -> Server:
    """Whoever knows the id of a task finds it."""
    return showing(server, lambda task: True)


@breaks("success.task_private")
def finished_task_shown_to_everybody(server: Server) -> Server:
    """Whoever knows the id of a task finds it once it is done, out of a cache."""
    return showing(server, lambda task: task.status == "done")


@breaks("success.task_found")
def tasks_not_told_without_pages(server: Server) -> Server:
    """An account that has spent its pages does not find its tasks, since the balance is looked at for each call."""
    return finding(server, lambda task: server.ledger.balance(task.account_id) > 0)
