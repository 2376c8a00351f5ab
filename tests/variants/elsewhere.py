"""Deployments that offer what the reference server does at other places, so that a profile has to say where."""

from dataclasses import replace

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.profile.profile import AccountApi, HooksAddress, Profile
from mockserver.cors import CONTROL_PLANE, is_control_plane
from mockserver.server import Server
from tests.rewriting import Reply, Request, receiving, replying
from tests.variants.processing import long_polling
from tests.variants.profiles import offering, with_keys
from tests.variants.varying import Variant, add

TOKEN = "token-of-the-hooks"
JOBS = AccountApi(
    task="/v2/jobs/{taskId}/state",
    task_status="/data/0/state",
    task_result="/data/0/output",
    balance="/v2/me",
    balance_pages="/quota/pages left",
)


def asking_elsewhere(request: Request) -> None:
    """What is asked at the paths of `JOBS` reaches the account API."""
    path = request.scope["path"]
    if path.startswith("/api/") and not request.is_endpoint:
        request.scope["path"] = "/nowhere"
    elif path == "/v2/me":
        request.scope["path"] = "/api/account"
    elif path.startswith("/v2/jobs/"):
        request.scope["path"] = "/api/tasks/" + path.removeprefix("/v2/jobs/").removesuffix("/state")


def telling_otherwise(reply: Reply) -> None:
    """The account API answers in the shape that `JOBS` points into."""
    if reply.status == 200 and reply.path == "/api/account":
        reply.say({"quota": {"pages left": reply.members["pages"]}})
    elif reply.status == 200 and reply.path.startswith("/api/tasks/"):
        reply.say({"data": [{"state": reply.members["status"], "output": reply.members["result"]}]})


def below_a_path(app: ASGIApp) -> ASGIApp:
    """The application under `/staging`."""

    async def below(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_control_plane(scope["path"]):
            scope = {**scope, "path": scope["path"].removeprefix("/staging")}
        await app(scope, receive, send)

    return below


def at_the_root_without_a_slash(app: ASGIApp) -> ASGIApp:
    """The application that leads from the root of its hooks with a slash to that without one, as some routers do."""

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == f"{CONTROL_PLANE}/":
            await RedirectResponse(CONTROL_PLANE, status_code=308)(scope, receive, send)
            return
        if scope.get("path") == CONTROL_PLANE:
            scope = {**scope, "path": f"{CONTROL_PLANE}/"}
        await app(scope, receive, send)

    return routed


def with_a_token(server: Server) -> Server:
    return replace(server, settings=replace(server.settings, hooks_token=TOKEN))


def tell_the_token(server: Server, profile: Profile) -> Profile:
    return replace(profile, hooks=profile.hooks and HooksAddress(url=profile.hooks.url, token=TOKEN))


add(
    Variant(
        name="account_api_elsewhere",
        says="The account API has other paths and shapes.",
        readings={"task_api": "profile"},
        wrap=lambda app: receiving(asking_elsewhere)(replying(telling_otherwise)(app)),
        tell=lambda server, profile: replace(profile, account_api=JOBS),
        made_of=(asking_elsewhere, telling_otherwise),
    )
)
add(
    Variant(
        name="unmentioned_account_api_elsewhere",
        says="There are three keys, and an account API at other paths, which the profile does not mention.",
        readings={"task_api": "none"},
        wrap=lambda app: receiving(asking_elsewhere)(replying(telling_otherwise)(app)),
        tell=lambda server, profile: replace(with_keys(server, profile), account_api=AccountApi(stated=False)),
        made_of=(asking_elsewhere, telling_otherwise, with_keys),
    )
)
add(
    Variant(
        name="below_a_path",
        says="Everything stands below a path of the host.",
        readings={},
        wrap=below_a_path,
        tell=lambda server, profile: replace(profile, base_url=f"{profile.base_url}/staging"),
        made_of=(below_a_path,),
    )
)
add(
    Variant(
        name="hooks_without_a_slash",
        says="The root of the hooks has no slash at its end.",
        readings={},
        wrap=at_the_root_without_a_slash,
        made_of=(at_the_root_without_a_slash,),
    )
)
add(
    Variant(
        name="hooks_with_a_token",
        says="The hooks ask for a token.",
        readings={},
        change=with_a_token,
        tell=tell_the_token,
        made_of=(with_a_token, tell_the_token),
    )
)
add(
    Variant(
        name="long_polling",
        says="The task API answers when a task is done, at the latest after a second, and no hook holds the queue.",
        readings={"task_states": "done"},
        wrap=lambda app: long_polling(offering("accounts", "keys", "task-failures")(app)),
        made_of=(long_polling, offering),
    )
)


def refusing_quoted_slashes(app: ASGIApp) -> ASGIApp:
    """The application whose router refuses a slash that is quoted, and whose task ids have one."""

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        if b"%2F" in scope.get("raw_path", b""):
            await Response(status_code=400)(scope, receive, send)
            return
        if scope.get("path", "").startswith("/api/tasks/eu/"):
            scope = {**scope, "path": scope["path"].replace("/eu/", "/")}
        await app(scope, receive, send)

    return replying(naming_the_region)(routed)


def naming_the_region(reply: Reply) -> None:
    if reply.is_accepted:
        reply.say_with(taskId=f"eu/{reply.members['taskId']}")


add(
    Variant(
        name="slashes_in_task_ids",
        says="The id of a task has a slash, which the router takes as it is and refuses where it is quoted.",
        readings={"task_id_form": "other"},
        wrap=refusing_quoted_slashes,
        made_of=(refusing_quoted_slashes, naming_the_region),
    )
)
