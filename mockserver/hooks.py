"""The hooks API, version 1: what a test arranges that no user of the API can. Mounted under `/_mock`.

Knows nothing of submissions: it sets what the parts of the server look at.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mockserver.bodies import read_body
from mockserver.busy import until_free
from mockserver.cors import CONTROL_PLANE
from mockserver.hook_bodies import HookBodyError, flag, number, parse_body
from mockserver.server import Server
from spec import Error

# Takes the body as well: what another process keeps from the database is called again.
Handler = Callable[[Request, bytes], Awaitable[Response]]

VERSION = {"version": 1, "hooks": ["accounts", "keys", "task-failures", "queue"]}

UNAUTHORIZED = Error(status=401, code="hooks_unauthorized", meaning="The hooks need their token as a Bearer token")
ACCOUNT_NOT_FOUND = Error(status=404, code="account_not_found", meaning="There is no such account")
KEY_NOT_FOUND = Error(status=404, code="key_not_found", meaning="The account has no such key")
BODY_TOO_LARGE = Error(status=413, code="body_too_large", meaning="The body of a hook has 64 KB at most")

LARGEST_BODY = 64 * 1024


def hook_routes(server: Server) -> list[Route]:
    hooks = Hooks(server=server)
    account = "/accounts/{account_id}"
    return [
        hooks.route("", hooks.version, "GET"),
        hooks.route("/", hooks.version, "GET"),
        hooks.route("/accounts", hooks.create_account, "POST"),
        hooks.route(account, hooks.account, "GET", "DELETE"),
        hooks.route(f"{account}/keys", hooks.create_key, "POST"),
        hooks.route(f"{account}/keys/{{key_id}}", hooks.revoke_key, "DELETE"),
        hooks.route(f"{account}/task-failures", hooks.fail_tasks, "PUT"),
        hooks.route(f"{account}/queue", hooks.pause_queue, "PUT"),
    ]


@dataclass(frozen=True, kw_only=True)
class Hooks:
    server: Server

    def route(self, path: str, handler: Handler, *methods: str) -> Route:
        async def guarded(request: Request) -> Response:
            return await self._guarded(handler, request)

        return Route(CONTROL_PLANE + path, guarded, methods=list(methods))

    async def version(self, _request: Request, _body: bytes) -> Response:
        return JSONResponse(VERSION)

    async def create_account(self, _request: Request, body: bytes) -> Response:
        opened = self.server.open_account(number(parse_body(body), "pages"))
        return JSONResponse(
            {"accountId": opened.account_id, "keyId": opened.key_id, "apiKey": opened.api_key, "pages": opened.pages},
            201,
        )

    async def account(self, request: Request, _body: bytes) -> Response:
        account_id = request.path_params["account_id"]
        if request.method == "DELETE":
            self.server.accounts.delete(account_id)
            return Response(status_code=204)
        return JSONResponse({"accountId": account_id, "pages": self.server.ledger.balance(account_id)})

    async def create_key(self, request: Request, _body: bytes) -> Response:
        key = self.server.keys.issue(request.path_params["account_id"])
        return JSONResponse({"keyId": key.id, "apiKey": key.secret}, 201)

    async def revoke_key(self, request: Request, _body: bytes) -> Response:
        if not self.server.keys.revoke(request.path_params["account_id"], request.path_params["key_id"]):
            return self.server.answers.refused(KEY_NOT_FOUND)
        return Response(status_code=204)

    async def fail_tasks(self, request: Request, body: bytes) -> Response:
        self.server.accounts.fail_tasks(request.path_params["account_id"], number(parse_body(body), "count"))
        return Response(status_code=204)

    async def pause_queue(self, request: Request, body: bytes) -> Response:
        account_id = request.path_params["account_id"]
        paused = flag(parse_body(body), "paused")
        self.server.accounts.pause(account_id, paused)
        if not paused:
            self.server.queue.wake(self.server, account_id)
        return Response(status_code=204)

    async def _guarded(self, handler: Handler, request: Request) -> Response:
        """Call a handler if the token is right and the account exists; say what is wrong with a body."""
        answers = self.server.answers
        if not _has_token(request, self.server.settings.hooks_token):
            return answers.refused(UNAUTHORIZED, headers={"WWW-Authenticate": 'Bearer realm="hooks"'})
        account_id = request.path_params.get("account_id")
        if account_id is not None and not self.server.accounts.exists(account_id):
            return answers.refused(ACCOUNT_NOT_FOUND)
        body = await read_body(request, LARGEST_BODY)
        if body is None:
            return answers.refused(BODY_TOO_LARGE)
        try:
            return await until_free(partial(handler, request, body), self.server.settings.turn_seconds)
        except HookBodyError as problem:
            return answers.refused(Error(status=400, code="invalid_body", meaning=str(problem)))


def _has_token(request: Request, token: str | None) -> bool:
    """Whether the request brings the token of the hooks, if they have one; takes equally long for every wrong one."""
    if token is None:
        return True
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent.strip(" ").encode(), token.encode())
