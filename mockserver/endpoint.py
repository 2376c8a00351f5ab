"""The endpoint that takes submissions: it walks the table of decisions and hands what passes to a provider."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.decisions import first_refusal
from mockserver.providers import hand_over
from mockserver.server import Server
from mockserver.submission import Submission


def endpoint_routes(server: Server) -> list[Route]:
    endpoint = server.contract.endpoint
    return [Route(endpoint.path, Endpoint(server=server), methods=[endpoint.method])]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An ASGI application, which a route calls without anything in between."""

    server: Server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.server.memory:
            response = await self._answer(Submission(server=self.server, request=Request(scope, receive, send)))
        await response(scope, receive, send)

    async def _answer(self, submission: Submission) -> Response:
        refusal = await first_refusal(submission, self.server.decisions)
        if refusal is None:
            return await self._accept(submission)
        return self.server.answers.refused(refusal.error, rule=refusal.rule, message=refusal.message)

    async def _accept(self, submission: Submission) -> Response:
        if submission.task is None:
            raise LookupError("no decision of the table creates the task")
        await hand_over(self.server, submission.task)
        return self.server.answers.accepted(submission.task)


class Straight:
    """A submission goes straight to its endpoint, past the router, which would find nothing else."""

    def __init__(self, app: ASGIApp, *, server: Server, submit: ASGIApp) -> None:
        self._app = app
        self._submit = submit
        self._where = server.contract.endpoint.method, server.contract.endpoint.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_submission = scope["type"] == "http" and (scope["method"], scope["path"]) == self._where
        await (self._submit if is_submission else self._app)(scope, receive, send)
