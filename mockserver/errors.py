"""What the documentation does not describe and every server has: unknown paths, other methods, faults of its own.

All are answered as JSON in the shape of a refusal, and none shows where in the server it happened.
"""

import logging
from asyncio import CancelledError
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.reader import ReaderUnavailable
from mockserver.server import Server
from mockserver.store import StoreUnavailable
from spec import Error

UNAVAILABLE = Error(
    status=503, code="service_unavailable", meaning="The database cannot be used now; nothing was charged, try again"
)
NO_READER = Error(
    status=503, code="service_unavailable", meaning="No PDF can be read now; nothing was charged, try again"
)
RETRY_AFTER = {"Retry-After": "1"}
ENDING = Error(status=503, code="server_ending", meaning="The server ends, and this was not answered before")
INTERNAL_ERROR = Error(status=500, code="internal_error", meaning="The server failed")
BY_STATUS = {
    404: Error(status=404, code="not_found", meaning="There is nothing at this path"),
    405: Error(status=405, code="method_not_allowed", meaning="This path does not have this method"),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class HttpErrors:
    """The handler of what the router raises."""

    server: Server

    async def answer(self, request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else INTERNAL_ERROR.status
        headers = problem.headers if isinstance(problem, HTTPException) else None
        is_endpoint = request.url.path == self.server.contract.endpoint.path
        rule = "http.method_not_allowed" if is_endpoint and status == 405 else None
        error = BY_STATUS.get(status) or Error(status=status, code="http_error", meaning="The request cannot be served")
        return self.server.answers.refused(error, rule=rule, headers=headers)


class InternalErrors:
    """Middleware: an exception that nobody expected becomes an answer, and goes to the log."""

    def __init__(self, app: ASGIApp, server: Server) -> None:
        self._app = app
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting_start)
        except ClientDisconnect:
            logger.info("the client went away before its request was complete")
        except CancelledError:
            # Uvicorn has waited long enough; whom it cancels here has nothing else to do.
            logger.warning("a request is cut off, since the server ends")
            if not started:
                await self._server.answers.refused(ENDING, headers=RETRY_AFTER)(scope, receive, send)
        except StoreUnavailable as problem:
            logger.warning("the database %s", problem)
            if not started:
                await self._server.answers.refused(UNAVAILABLE, headers=RETRY_AFTER)(scope, receive, send)
        except ReaderUnavailable as problem:
            logger.warning("no process that reads documents can be started: %s", problem)
            if not started:
                await self._server.answers.refused(NO_READER, headers=RETRY_AFTER)(scope, receive, send)
        except Exception:
            logger.exception("an unexpected error")
            if not started:
                await self._server.answers.refused(INTERNAL_ERROR)(scope, receive, send)
