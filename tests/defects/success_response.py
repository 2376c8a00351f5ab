"""Faults of the answer to an accepted submission, and of the id that it names. Faults of the task API: see `tasks`."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import count
from typing import Any

from mockserver import checks
from mockserver.answers import Answers
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from tests.changing import checking
from tests.defects.breaking import breaks, breaks_replies
from tests.rewriting import Reply

ONE_ID_FOR_TWO = {"success.task_private": "another account asks for a task of its own by the same id"}


@breaks_replies("success.flag")
def success_is_a_string(reply: Reply) -> None:
    """`success` is "true", a string."""
    if reply.is_accepted:
        reply.say_with(success="true")


@breaks_replies("success.flag")
def success_is_a_number(reply: Reply) -> None:
    """`success` is 1, as a database has it."""
    if reply.is_accepted:
        reply.say_with(success=1)


@breaks_replies("success.flag")
def success_not_said(reply: Reply) -> None:
    """The answer has no `success`, since the status says it."""
    if reply.is_accepted:
        reply.say_without("success")


@breaks_replies("success.flag")
def success_is_false_while_queued(reply: Reply) -> None:
    """`success` is false until the task is done."""
    if reply.is_accepted and reply.members["provider"] == "paddle":
        reply.say_with(success=False)


@breaks_replies("success.task_id")
def task_id_is_a_number(reply: Reply) -> None:
    """`taskId` is a number."""
    if reply.is_accepted:
        reply.say_with(taskId=42)


@breaks_replies("success.task_id")
def task_id_is_empty(reply: Reply) -> None:
    """`taskId` is an empty string."""
    if reply.is_accepted:
        reply.say_with(taskId="")


@breaks_replies("success.task_id")
def task_id_has_another_name(reply: Reply) -> None:
    """The id of the task stands in `task_id`."""
    if reply.is_accepted:
        reply.say({"success": True, "task_id": reply.members["taskId"], "provider": reply.members["provider"]})


@breaks_replies("success.task_id")
def finished_task_has_no_id(reply: Reply) -> None:
    """The synchronous provider names no task, since there is nothing to poll."""
    if reply.is_accepted and reply.members["provider"] == "baidu":
        reply.say_with(taskId=None)


def naming(server: Server, name: Callable[[Task, bytes], str]) -> Server:
    """The server that names its tasks, which it is given with their documents, in another way."""
    names: dict[str, str] = {}
    named: dict[tuple[str, str], str] = {}

    class Named(Tasks):
        def create(self, *, content: bytes, **facts: Any) -> Task:
            task = super().create(content=content, **facts)
            names[task.id] = name(task, content)
            named.setdefault((task.account_id, names[task.id]), task.id)
            return task

        def find(self, account_id: str, task_id: str) -> Task | None:
            return super().find(account_id, named.get((account_id, task_id), task_id))

    class Naming(Answers):
        def success(self, task: Task) -> dict[str, object]:
            return {**super().success(task), "taskId": names[task.id]}

    return replace(server, tasks=Named(server.store), answers=Naming(contract=server.contract))


@breaks("success.task_id_unique")
def account_has_one_task_id(server: Server) -> Server:
    """Every submission of an account is answered with the same id."""
    return naming(server, lambda task, content: f"task-of-{task.account_id}")


@breaks("success.task_id_unique", besides=ONE_ID_FOR_TWO)
def task_named_after_its_document(server: Server) -> Server:
    """The id of a task is the digest of its document."""
    return naming(server, lambda task, content: sha256(content).hexdigest())


@breaks("success.task_id_unique", besides=ONE_ID_FOR_TWO)
def tasks_counted_by_account(server: Server) -> Server:
    """The tasks of each account are counted from 1, and their numbers are their ids."""
    counters: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
    return naming(server, lambda task, content: str(next(counters[task.account_id])))


@breaks("success.task_id_unique")
def task_ids_begin_again(server: Server) -> Server:
    """The ids are numbers of two digits, and begin again after a hundred tasks."""
    numbers = count()
    return naming(server, lambda task, content: f"{next(numbers) % 100:02}")


@breaks("success.task_id_unique")
def tasks_named_by_the_clock(server: Server) -> Server:
    """The id of a task is the time in hundredths of a second."""
    return naming(server, lambda task, content: str(int(time.time() * 100)))


@breaks_replies("success.provider")
def provider_always_the_default(reply: Reply) -> None:
    """`provider` names the default one, whichever was chosen."""
    if reply.is_accepted:
        reply.say_with(provider="paddle")


@breaks_replies("success.provider")
def provider_is_an_engine(reply: Reply) -> None:
    """`provider` names the library behind it."""
    if reply.is_accepted:
        reply.say_with(provider={"paddle": "PaddleOCR", "baidu": "baidu-aip"}[reply.members["provider"]])


@breaks_replies("success.provider")
def provider_in_capitals(reply: Reply) -> None:
    """`provider` is written in capitals, as the constant of an enumeration."""
    if reply.is_accepted:
        reply.say_with(provider=reply.members["provider"].upper())


@breaks_replies("success.provider")
def provider_not_said(reply: Reply) -> None:
    """The answer has no `provider`."""
    if reply.is_accepted:
        reply.say_without("provider")


@breaks("success.provider")
def provider_echoed(server: Server) -> Server:
    """The answer repeats the provider of the request, and has null where that names none."""
    unnamed: set[str] = set()

    async def task_is_created(submission: Submission) -> bool:
        if submission.task and "provider" not in submission.members:
            unnamed.add(submission.task.id)
        return submission.task is not None

    class Echoing(Answers):
        def success(self, task: Task) -> dict[str, object]:
            return {**super().success(task), "provider": None if task.id in unnamed else task.provider}

    broken = checking(server, checks.task_is_created, task_is_created)
    return replace(broken, answers=Echoing(contract=server.contract))
