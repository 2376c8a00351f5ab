"""Deployments that offer less than the reference server does: no hooks or fewer, no account API, no pages to browse."""

import json
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.profile.profile import Keys, Profile, Spend
from mockserver.cors import CONTROL_PLANE
from mockserver.server import Server
from tests.rewriting import Wrap
from tests.variants.varying import varies_profile, varies_wrapped

PAGES = 10_000


def with_keys(server: Server, profile: Profile) -> Profile:
    """The profile of three keys in place of hooks."""
    revoked = server.open_account(PAGES)
    server.keys.revoke(revoked.account_id, revoked.key_id)
    valid, exhausted = server.open_account(PAGES), server.open_account(0)
    keys = Keys(valid=valid.api_key, revoked=revoked.api_key, exhausted=exhausted.api_key)
    return replace(profile, hooks=None, keys=keys)


@varies_profile()
def no_hooks(server: Server, profile: Profile) -> Profile:
    """There are no hooks, but three keys and the account API."""
    return with_keys(server, profile)


@varies_profile()
def one_key(server: Server, profile: Profile) -> Profile:
    """There is nothing but a key that works, and an account API that nobody mentioned."""
    keys = Keys(valid=server.open_account(PAGES).api_key)
    return Profile(name=profile.name, base_url=profile.base_url, keys=keys, task_seconds=profile.task_seconds)


@varies_profile()
def few_pages(server: Server, profile: Profile) -> Profile:
    """There are no hooks, and no more than forty pages may be spent."""
    return replace(with_keys(server, profile), spend=Spend(pages=40))


@varies_profile(task_api="none")
def no_account_api(server: Server, profile: Profile) -> Profile:
    """There is no account API, so that no task and no result can be seen."""
    return replace(profile, account_api=None)


@varies_profile()
def no_browsers(server: Server, profile: Profile) -> Profile:
    """No page of any domain is said to be allowed."""
    return replace(profile, allowed_origin=None)


@varies_profile()
def elected_readings(server: Server, profile: Profile) -> Profile:
    """The deployment promises how it reads two of the questions."""
    return replace(profile, elections={"success_status": "200", "partial_balance": "refused"})


def offering(*groups: str) -> Wrap:
    """The application whose hooks are of these groups only."""
    lacking = {"/keys", "/task-failures", "/queue"} - {f"/{group}" for group in groups}
    version = json.dumps({"version": 1, "hooks": groups}).encode()

    def wrap(app: ASGIApp) -> ASGIApp:
        async def fewer(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope.get("path", "")
            if path == f"{CONTROL_PLANE}/":
                await Response(version)(scope, receive, send)
            elif path.startswith(CONTROL_PLANE) and any(group in path for group in lacking):
                await Response(status_code=404)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return fewer

    return wrap


@varies_wrapped()
def hooks_for_accounts(app: ASGIApp) -> ASGIApp:
    """The hooks create accounts, and nothing else."""
    return offering("accounts")(app)


@varies_wrapped()
def hooks_for_accounts_and_keys(app: ASGIApp) -> ASGIApp:
    """The hooks create accounts and keys."""
    return offering("accounts", "keys")(app)


@varies_wrapped()
def hooks_for_accounts_and_failures(app: ASGIApp) -> ASGIApp:
    """The hooks create accounts, and let the creation of a task fail."""
    return offering("accounts", "task-failures")(app)


@varies_wrapped()
def hooks_for_accounts_and_queues(app: ASGIApp) -> ASGIApp:
    """The hooks create accounts, and hold the queue."""
    return offering("accounts", "queue")(app)
