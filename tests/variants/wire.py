"""Other ways to use HTTP: who closes a connection when, what a body that is too large meets, how fast one may ask."""

import re
import time
from collections import deque
from contextlib import AbstractContextManager
from itertools import count, cycle

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver.cors import is_control_plane
from tests.rewriting import Reply, Request, answering_instead, replying
from tests.servers import small_contract
from tests.variants.relay import Relay, relayed
from tests.variants.varying import varies_replies, varies_way, varies_wrapped

REQUESTS_PER_SECOND = 30
ACCEPTED_BEFORE_IT_GIVES_UP = 47
HTML = {"content-type": "text/html"}
TOO_MANY = b'{"error": "rate_limited"}'


@varies_replies()
def every_answer_closes(reply: Reply) -> None:
    """Every answer says that it closes its connection, and does."""
    reply.headers["connection"] = "close"


@varies_replies()
def refusals_close(reply: Reply) -> None:
    """A refusal closes its connection, whatever is still to come."""
    if reply.status >= 400:
        reply.headers["connection"] = "close"


@varies_replies()
def too_large_closes(reply: Reply) -> None:
    """A body that is too large is refused, and its connection closed while it is sent."""
    if reply.status == 413:
        reply.headers["connection"] = "close"


@varies_way()
def too_large_is_cut_off(url: str) -> AbstractContextManager[str]:
    """A body that is too large is cut off without an answer."""
    return relayed(Relay(url=url, most=small_contract().limit.binary_bytes))


@varies_way()
def http_1_0(url: str) -> AbstractContextManager[str]:
    """Every answer is one of HTTP/1.0, and ends with its connection."""

    def as_1_0(answer: bytes) -> list[bytes]:
        return [re.sub(rb"\r\nconnection: close", b"", answer.replace(b"HTTP/1.1", b"HTTP/1.0", 1), count=1)]

    return relayed(Relay(url=url, pieces=as_1_0))


@varies_way()
def closes_without_a_word(url: str) -> AbstractContextManager[str]:
    """Every answer seems to leave its connection open, which is closed right behind it."""

    def silent(answer: bytes) -> list[bytes]:
        return [re.sub(rb"\r\nconnection: close", b"", answer, count=1)]

    return relayed(Relay(url=url, pieces=silent))


@varies_way()
def answers_in_pieces(url: str) -> AbstractContextManager[str]:
    """Every answer comes in pieces of seven bytes."""
    return relayed(Relay(url=url, pieces=lambda answer: [answer[at : at + 7] for at in range(0, len(answer), 7)]))


@varies_wrapped()
def gateway_gives_up_now_and_then(app: ASGIApp) -> ASGIApp:
    """What stands before the server does not wait for the answer to one submission in 47, which counts all the same."""
    accepted = count(1)

    def give_up(reply: Reply) -> None:
        if reply.is_accepted and next(accepted) % ACCEPTED_BEFORE_IT_GIVES_UP == 0:
            reply.status, reply.body = 504, b"upstream timed out"
            reply.headers["content-type"] = "text/plain"

    return replying(give_up)(app)


@varies_wrapped()
def edge_answers_now_and_then(app: ASGIApp) -> ASGIApp:
    """Of 47 requests one comes no further than what stands before the server: it waited too long, or found nobody."""
    seen, statuses = count(1), cycle((408, 503, 520))

    async def at_the_edge(scope: Scope, receive: Receive, send: Send) -> None:
        outside = scope["type"] != "http" or is_control_plane(scope["path"])
        if outside or next(seen) % ACCEPTED_BEFORE_IT_GIVES_UP:
            await app(scope, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        head = {"type": "http.response.start", "status": next(statuses), "headers": [(b"content-type", b"text/html")]}
        await send(head)
        await send({"type": "http.response.body", "body": b"<!doctype html><title>Try again</title>"})

    return at_the_edge


@varies_way()
def ten_connections(url: str) -> AbstractContextManager[str]:
    """There are ten connections at most, and one more is closed at once."""
    return relayed(Relay(url=url, connections=10))


@varies_wrapped(rate_limits="limited")
def thirty_requests_a_second(app: ASGIApp) -> ASGIApp:
    """Whoever sends more than thirty requests a second is asked to wait for a second."""
    recent: deque[float] = deque()

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_control_plane(scope["path"]) or _is_among(recent):
            await app(scope, receive, send)
            return
        headers = [(b"retry-after", b"1"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": TOO_MANY})

    return limited


@varies_wrapped(rate_limits="limited")
def no_second_to_wait(app: ASGIApp) -> ASGIApp:
    """Whoever sends more than thirty requests a second is told how long to wait, rounded down to 0 seconds."""

    def round_down(reply: Reply) -> None:
        if reply.status == 429:
            reply.headers["retry-after"] = "0"

    return replying(round_down)(thirty_requests_a_second(app))


def _is_among(recent: deque[float]) -> bool:
    """Whether a request is one of the thirty of the last second."""
    now = time.monotonic()
    while recent and recent[0] < now - 1:
        recent.popleft()
    if len(recent) == REQUESTS_PER_SECOND:
        return False
    recent.append(now)
    return True


def is_beyond_ascii(request: Request) -> bool:
    return any(not value.isascii() for _, value in request.headers.raw)


@varies_wrapped()
def fields_in_ascii_only(app: ASGIApp) -> ASGIApp:
    """A request with a field beyond ASCII is refused by the layer of HTTP, in its own words."""
    return answering_instead(is_beyond_ascii, 400, b"Bad Request", {"content-type": "text/plain"})(app)


def has_content_for_nothing(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return request.method in ("GET", "HEAD", "DELETE") and (length != "0" or "transfer-encoding" in request.headers)


@varies_wrapped()
def content_for_nothing_refused(app: ASGIApp) -> ASGIApp:
    """A GET, HEAD or DELETE with content is refused by what stands before the server, as large networks do."""
    return answering_instead(has_content_for_nothing, 400, b"Bad Request", {"content-type": "text/plain"})(app)


def asks_for_a_page(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and request.is_endpoint


@varies_wrapped()
def endpoint_shows_a_page(app: ASGIApp) -> ASGIApp:
    """A GET of the endpoint is answered with a page that explains it, and a method that nobody knows with 501."""
    shown = answering_instead(asks_for_a_page, 200, b"<!doctype html><title>POST here</title>", HTML)
    return answering_instead(lambda request: request.method == "PATCH", 501, b"Not Implemented", HTML)(shown(app))
