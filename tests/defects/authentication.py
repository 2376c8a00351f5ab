"""Faults of the header that brings the key, and of the challenge where it does not. Faults of keys: see `keys`."""

import re
from collections.abc import Callable

from starlette.datastructures import QueryParams
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver import checks
from mockserver.cors import is_control_plane
from mockserver.keys import Key
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import answering, checking, tolerating, without
from tests.defects.breaking import ANOTHER_STATUS, breaks, breaks_replies, breaks_requests, breaks_wrapped
from tests.rewriting import Reply, Request, Wrap, receiving, replying
from tests.servers import ORIGIN

HEADER = "authorization"


@breaks("auth.missing_key", besides=ANOTHER_STATUS)
def missing_key_is_forbidden(server: Server) -> Server:
    """A request without a key is refused with 403."""
    return answering(server, "auth.missing_key", status=403)


@breaks("auth.missing_key")
def missing_key_is_invalid(server: Server) -> Server:
    """A request without a key is refused as if its key were wrong."""
    return answering(server, "auth.missing_key", code="invalid_api_key")


@breaks("auth.missing_key")
def missing_key_is_an_error(server: Server) -> Server:
    """The server stumbles over a request that has no Authorization header."""
    return answering(server, "auth.missing_key", status=500, code="internal_error")


@breaks_requests("auth.missing_key")
def missing_key_is_a_guest(request: Request) -> None:
    """A request without a key is served at the cost of an account for guests."""
    request.headers.setdefault(HEADER, "Bearer sk_test_works")


def key_elsewhere(request: Request, key: str | None) -> None:
    """A key that was found in another place is taken where the header brings none."""
    if key and HEADER not in request.headers:
        request.headers[HEADER] = f"Bearer {key.removeprefix('Bearer ')}"


@breaks_requests("auth.missing_key")
def key_taken_from_the_query(request: Request) -> None:
    """The key may stand in the query as `access_token`, as RFC 6750 once had it."""
    key_elsewhere(request, QueryParams(request.scope["query_string"]).get("access_token"))


@breaks_requests("auth.missing_key")
def key_taken_from_another_header(request: Request) -> None:
    """The key may stand in `X-Auth-Token`."""
    key_elsewhere(request, request.headers.get("x-auth-token"))


@breaks_requests("auth.missing_key")
def key_taken_from_a_cookie(request: Request) -> None:
    """The key may stand in a cookie of the name `token`."""
    key_elsewhere(request, cookie_parser(request.headers.get("cookie", "")).get("token"))


@breaks_wrapped("auth.missing_key")
def key_taken_from_the_body(app: ASGIApp) -> ASGIApp:
    """The key may stand in the body as `apiKey`, if that comes in one piece."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_control_plane(scope["path"]):
            await app(scope, receive, send)
            return
        first: list[Message] = [await receive()]
        found = re.search(rb'"apiKey": ?"([^"]+)"', first[0].get("body", b""))
        brings = any(name == HEADER.encode() for name, _ in scope["headers"])
        added = [(HEADER.encode(), b"Bearer " + found[1])] if found and not brings else []

        async def again() -> Message:
            return first.pop() if first else await receive()

        await app({**scope, "headers": [*scope["headers"], *added]}, again, send)

    return wrapped


@breaks_requests("auth.missing_key")
def allowed_page_needs_no_key(request: Request) -> None:
    """A page from an allowed domain needs no key, since nobody else can have such an origin."""
    if request.is_submission and request.headers.get("origin") == ORIGIN:
        request.headers.setdefault(HEADER, "Bearer sk_test_works")


@breaks_requests("auth.missing_key")
def empty_key_is_a_guest(request: Request) -> None:
    """An empty key is served at the cost of an account for guests."""
    if request.is_submission and request.headers.get(HEADER, "").strip() == "Bearer":
        request.headers[HEADER] = "Bearer sk_test_works"


@breaks("auth.other_scheme")
def any_scheme_accepted(server: Server) -> Server:
    """Whatever scheme precedes the key, it is taken."""
    return without(server, checks.scheme_is_bearer)


@breaks("auth.other_scheme")
def token_scheme_accepted(server: Server) -> Server:
    """`Token` is taken for `Bearer`, as other APIs have it."""
    return tolerating(server, checks.scheme_is_bearer, lambda submission: submission.scheme == "Token")


@breaks("auth.other_scheme")
def scheme_compared_by_prefix(server: Server) -> Server:
    """A scheme that begins with `Bearer` is taken for it."""
    return tolerating(server, checks.scheme_is_bearer, lambda submission: submission.scheme.startswith("Bearer"))


@breaks_requests("auth.other_scheme")
def scheme_may_be_left_out(request: Request) -> None:
    """A header that holds the key and no scheme is taken."""
    sent = request.headers.get(HEADER, "")
    if sent and " " not in sent and sent.lower() != "bearer":
        request.headers[HEADER] = f"Bearer {sent}"


@breaks("auth.other_scheme")
def other_scheme_is_invalid(server: Server) -> Server:
    """A header of another scheme is refused as if it brought a wrong key."""
    return answering(server, "auth.other_scheme", code="invalid_api_key")


def remembering(place: Callable[[Request], object]) -> Wrap:
    """The application that takes the header of an earlier submission from the same place, where one has none."""

    def wrap(app: ASGIApp) -> ASGIApp:
        seen: dict[object, str] = {}

        def change(request: Request) -> None:
            header = request.headers.get(HEADER) or seen.get(place(request))
            if header and request.is_submission:
                request.headers[HEADER] = seen[place(request)] = header

        return receiving(change)(app)

    return wrap


@breaks_wrapped("auth.every_request")
def connection_remembers_its_key(app: ASGIApp) -> ASGIApp:
    """A request without a key is taken when one before it on the same connection had a key."""
    return remembering(lambda request: request.scope["client"])(app)


@breaks("auth.every_request", besides={"billing.image_page": "of all who come over a connection, one pays"})
def connection_remembers_who_pays(server: Server) -> Server:
    """Every key is looked at, but the account of the first one on a connection pays for the others."""
    first: dict[object, str] = {}

    async def covered_by_the_first(submission: Submission) -> bool:
        enough = await checks.balance_covers_pages(submission)
        if submission.task:
            pages = submission.pages or 1
            server.ledger.grant(submission.account_id, pages)
            server.ledger.grant(first.setdefault(submission.request.client, submission.account_id), -pages)
        return enough

    return checking(server, checks.balance_covers_pages, covered_by_the_first)


@breaks_wrapped("auth.missing_key")
def address_remembers_its_key(app: ASGIApp) -> ASGIApp:
    """A request without a key is taken when one before it from the same address had a key."""
    return remembering(lambda request: request.scope["client"][0])(app)


@breaks_wrapped("auth.every_request")
def cookie_replaces_the_key(app: ASGIApp) -> ASGIApp:
    """An accepted submission opens a session, whose cookie serves in place of a key from then on."""
    sessions: list[str] = []

    def take(request: Request) -> None:
        session = request.headers.get("cookie", "").partition("session=")[2]
        if session:
            request.headers.setdefault(HEADER, sessions[int(session)])

    def give(reply: Reply) -> None:
        if reply.is_accepted:
            reply.headers["set-cookie"] = f"session={len(sessions)}; Path=/; HttpOnly"
            sessions.append(reply.request[HEADER])

    return receiving(take)(replying(give)(app))


@breaks_replies("http.challenge")
def refusals_name_no_scheme(reply: Reply) -> None:
    """A 401 has no WWW-Authenticate."""
    del reply.headers["www-authenticate"]


@breaks_replies("http.challenge")
def challenge_of_another_scheme(reply: Reply) -> None:
    """A 401 asks for Basic, so that browsers open a dialogue."""
    if "www-authenticate" in reply.headers:
        reply.headers["www-authenticate"] = 'Basic realm="api"'


@breaks_replies("http.challenge")
def challenge_without_a_scheme(reply: Reply) -> None:
    """The challenge is nothing but a realm."""
    if "www-authenticate" in reply.headers:
        reply.headers["www-authenticate"] = 'realm="api"'


@breaks_replies("http.challenge")
def wrong_key_without_a_challenge(reply: Reply) -> None:
    """Only a 401 for a missing key names the scheme, that for a wrong key does not."""
    if HEADER in reply.request:
        del reply.headers["www-authenticate"]


@breaks_replies("http.challenge")
def task_api_without_a_challenge(reply: Reply) -> None:
    """Only the endpoint names the scheme in a 401, the task API does not."""
    if reply.path.startswith("/api/tasks/"):
        del reply.headers["www-authenticate"]


@breaks_replies("http.challenge")
def balance_without_a_challenge(reply: Reply) -> None:
    """Only the endpoint and the task API name the scheme in a 401, the balance does not."""
    if reply.path == "/api/account":
        del reply.headers["www-authenticate"]


@breaks_replies("auth.missing_key")
def balance_told_without_a_key(reply: Reply) -> None:
    """Whoever asks for a balance without a key is told one, that of nobody."""
    if reply.path == "/api/account" and HEADER not in reply.request:
        reply.status = 200
        reply.say({"pages": 0})


@breaks("auth.unknown_key")
def key_put_into_a_statement(server: Server) -> Server:
    """What was sent is put into the statement that looks the key up, where an apostrophe ends it."""

    async def known(submission: Submission) -> bool:
        statement = f"SELECT id, account_id, revoked FROM keys WHERE sha256 = '{submission.token}'"  # noqa: S608
        row = server.store.row(statement) if submission.token.count("'") % 2 == 0 and "'" in submission.token else None
        if row:
            submission.key = Key(id=row["id"], account_id=row["account_id"], revoked=False)
        return row is not None or await checks.key_is_known(submission)

    return checking(server, checks.key_is_known, known)
