"""The account API: the task API that the documentation mentions and does not describe, as the project assumes it.

Its paths, shapes and codes are those of the project's interfaces; only the checks of the key are documented.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockserver.answers import JsonResponse
from mockserver.decisions import about_the_key, first_refusal
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task
from spec import Error

TASK_NOT_FOUND = Error(status=404, code="task_not_found", meaning="The account has no such task")
INVALID_LIMIT = Error(status=400, code="invalid_limit", meaning="limit is a number from 1 to 100")
INVALID_CURSOR = Error(status=400, code="invalid_cursor", meaning="cursor is a nextCursor of an earlier answer")

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100


class Refused(Exception):  # noqa: N818 - an answer, not an error of the server
    """The request is answered with this response."""

    def __init__(self, response: Response) -> None:
        self.response = response


def account_routes(server: Server) -> list[Route]:
    api = AccountApi(server=server)
    return [
        Route("/api/tasks/{task_id}", api.task, methods=["GET"]),
        Route("/api/tasks", api.tasks, methods=["GET"]),
        Route("/api/account", api.account, methods=["GET"]),
    ]


@dataclass(frozen=True, kw_only=True)
class AccountApi:
    server: Server

    async def task(self, request: Request) -> Response:
        account_id = await self._account_id(request)
        task = self.server.tasks.find(account_id, request.path_params["task_id"])
        if task is None:
            return self.server.answers.refused(TASK_NOT_FOUND, rule="success.task_private")
        return JsonResponse(full(task))

    async def tasks(self, request: Request) -> Response:
        account_id = await self._account_id(request)
        limit = self._limit(request)
        # One more than asked for tells whether anything is left.
        tasks = self.server.tasks.newest(account_id, limit=limit + 1, before=self._before(request, account_id))
        shown = tasks[:limit]
        cursor = shown[-1].id if len(tasks) > limit else None
        return JsonResponse({"tasks": [summary(task) for task in shown], "nextCursor": cursor})

    async def account(self, request: Request) -> Response:
        account_id = await self._account_id(request)
        return JsonResponse({"pages": self.server.ledger.balance(account_id)})

    async def _account_id(self, request: Request) -> str:
        submission = Submission(server=self.server, request=request)
        refusal = await first_refusal(submission, about_the_key(self.server.decisions))
        if refusal is not None:
            raise Refused(self.server.answers.refused(refusal.error, rule=refusal.rule, message=refusal.message))
        return submission.account_id

    def _limit(self, request: Request) -> int:
        text = request.query_params.get("limit", str(DEFAULT_LIMIT))
        if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= LARGEST_LIMIT):
            raise Refused(self.server.answers.refused(INVALID_LIMIT))
        return int(text)

    def _before(self, request: Request, account_id: str) -> int | None:
        """The number of the task that the cursor names: the last one of the page before."""
        cursor = request.query_params.get("cursor")
        if cursor is None:
            return None
        task = self.server.tasks.find(account_id, cursor)
        if task is None:
            raise Refused(self.server.answers.refused(INVALID_CURSOR))
        return task.number


async def answer_refused(_request: Request, problem: Exception) -> Response:
    """The handler of `Refused`."""
    if not isinstance(problem, Refused):
        raise TypeError("this handler is for Refused alone")
    return problem.response


def summary(task: Task) -> dict[str, Any]:
    """A task without its result."""
    return {
        "taskId": task.id,
        "provider": task.provider,
        "status": task.status,
        "pages": task.pages,
        "filename": task.filename,
        "createdAt": task.created_at,
        "error": task.error,
    }


def full(task: Task) -> dict[str, Any]:
    """A task with its result, which is put in as the JSON that it is."""
    return {**summary(task), "result": msgspec.Raw(task.result_json.encode()) if task.result_json else None}
