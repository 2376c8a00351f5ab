"""Wiring: the routes, the middleware and the handlers of a server as one ASGI application. Decides nothing."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from mockserver.account_api import Refused, account_routes, answer_refused
from mockserver.connection import CORS_POLICY
from mockserver.cors import Cors
from mockserver.endpoint import Endpoint, Straight, endpoint_routes
from mockserver.errors import HttpErrors, InternalErrors
from mockserver.hooks import hook_routes
from mockserver.memory import keep
from mockserver.server import Server


def create_app(server: Server) -> ASGIApp:
    """The application that serves the API, the account API and, under `/_mock`, the hooks."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[Mapping[str, object]]:
        server.queue.resume(server)
        server.store.serve()
        keep()
        # For the answers that a connection gives by itself.
        yield {CORS_POLICY: server.cors}
        await server.queue.close()
        server.pdfs.close()

    app = Starlette(
        routes=[*endpoint_routes(server), *account_routes(server), *hook_routes(server)],
        # Outermost first, so that the answers to faults of the server carry the CORS headers, too.
        middleware=[
            Middleware(Cors, policy=server.cors),
            Middleware(InternalErrors, server=server),
        ],
        exception_handlers={HTTPException: HttpErrors(server=server).answer, Refused: answer_refused},
        lifespan=lifespan,
    )
    # A path with a slash too many is an unknown path, not a detour.
    app.router.redirect_slashes = False
    submit = Cors(InternalErrors(Endpoint(server=server), server=server), policy=server.cors)
    return Straight(app, server=server, submit=submit)
