"""Faults of the answers: success, errors, providers and CORS."""

from dataclasses import replace
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mockserver.answers import Answers
from mockserver.checks import byte_limit
from mockserver.cors import CorsPolicy
from mockserver.providers import MODES, enqueue, process_now
from mockserver.recognition import Page, Word
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from tests.defects.breaking import Wrap, breaks, breaks_wrapped, checking


def saying(server: Server, **members: Any) -> Server:
    """The server whose success answer holds other values."""

    class Other(Answers):
        def success(self, task: Task) -> dict[str, object]:
            return {**super().success(task), **members}

    return replace(server, answers=Other(contract=server.contract))


@breaks("success.flag")
def success_is_a_string(server: Server) -> Server:
    """`success` is "true", a string."""
    return saying(server, success="true")


@breaks("success.task_id")
def task_id_is_a_number(server: Server) -> Server:
    """`taskId` is a number."""
    return saying(server, taskId=42)


@breaks("success.provider")
def provider_always_the_default(server: Server) -> Server:
    """`provider` names the default one, whichever was chosen."""
    return saying(server, provider="paddle")


@breaks("success.task_found")
def task_cannot_be_found(server: Server) -> Server:
    """The task API knows no task of the account."""

    class Lost(Tasks):
        def find(self, account_id: str, task_id: str) -> Task | None:
            return None

    return replace(server, tasks=Lost(server.store))


@breaks("limit.refused")
def limit_not_looked_at(server: Server) -> Server:
    """A body of any size is read."""

    async def any_size(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        return True

    return checking(server, "limit.refused", any_size)


@breaks("limit.refused")
def limit_evaded_by_chunks(server: Server) -> Server:
    """Only the declared length is held against the limit."""

    async def declared_only(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        return int(submission.request.headers.get("content-length", "0")) <= byte_limit(server.contract)

    return checking(server, "limit.refused", declared_only)


@breaks("limit.refused")
def limit_of_decoded_bytes(server: Server) -> Server:
    """The limit is held against the decoded file."""

    async def three_quarters(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        return len(submission.body) * 3 // 4 <= byte_limit(server.contract)

    return checking(server, "limit.refused", three_quarters)


@breaks("limit.accepted")
def limit_too_low(server: Server) -> Server:
    """A body of more than half the limit is refused."""

    async def half(submission: Submission) -> bool:
        submission.body = await submission.request.body()
        return len(submission.body) <= byte_limit(server.contract) / 2

    return checking(server, "limit.refused", half)


@breaks("providers.queued")
def queued_provider_answers_when_done(server: Server) -> Server:
    """A queued provider processes before it answers."""
    return replace(server, modes={**MODES, "queued": process_now})


@breaks("providers.reaches_done")
def queue_never_starts(server: Server) -> Server:
    """What is queued stays queued."""

    async def forget(server: Server, task: Task) -> None:
        return None

    return replace(server, modes={**MODES, "queued": forget})


@breaks("providers.synchronous")
def synchronous_provider_queues(server: Server) -> Server:
    """A synchronous provider answers first and processes later."""
    return replace(server, modes={**MODES, "synchronous": enqueue})


def seeing(server: Server, change: Any) -> Server:
    """The server whose engine reports other words on a page."""

    class Engine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            found = await server.engine.recognise(content, pages=pages)
            return tuple(replace(page, words=tuple(change(page))) for page in found)

    return replace(server, engine=Engine())


@breaks("providers.word_positions")
def no_words(server: Server) -> Server:
    """The result has no words."""
    return seeing(server, lambda page: ())


@breaks("providers.word_positions")
def boxes_without_area(server: Server) -> Server:
    """Each box is zero."""
    return seeing(server, lambda page: [replace(word, width=0, height=0) for word in page.words])


@breaks("providers.word_positions")
def one_place_for_all_words(server: Server) -> Server:
    """Every word of a page has the box of its first one."""
    return seeing(server, lambda page: [replace(page.words[0], text=word.text) for word in page.words])


@breaks("providers.word_positions")
def boxes_on_the_first_page_only(server: Server) -> Server:
    """Only the words of the first page have a box."""

    class Engine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            first, *others = await server.engine.recognise(content, pages=pages)
            return (first, *(replace(page, words=()) for page in others))

    return replace(server, engine=Engine())


@breaks("providers.word_positions")
def boxes_outside_the_page(server: Server) -> Server:
    """Each box stands a page too far right."""
    return seeing(server, lambda page: [replace(word, left=word.left + page.width) for word in page.words])


@breaks("providers.word_positions")
def one_box_for_a_page(server: Server) -> Server:
    """One box holds all the text of a page."""
    return seeing(server, lambda page: [Word(text=page.text, left=0, top=0, width=page.width, height=page.height)])


@breaks("providers.word_positions")
def first_word_lacks_its_box(server: Server) -> Server:
    """The first word of the text has no box."""
    return seeing(server, lambda page: page.words[1:])


def admitting(server: Server, allows: Any, **members: Any) -> Server:
    """The server whose CORS policy allows other origins."""

    class Policy(CorsPolicy):
        def allows(self, origin: str | None) -> bool:
            return bool(allows(origin, self.allowed_origins))

    policy = server.cors
    return replace(
        server, cors=Policy(allowed_origins=policy.allowed_origins, methods=policy.methods, headers=policy.headers)
    )


@breaks("cors.allowed_origin", besides=("cors.preflight",))
def no_origin_allowed(server: Server) -> Server:
    """The configured origins are not allowed."""
    return admitting(server, lambda origin, allowed: False)


@breaks("cors.foreign_origin")
def any_origin_allowed(server: Server) -> Server:
    """Every origin is told that it is allowed."""
    return admitting(server, lambda origin, allowed: True)


@breaks("cors.foreign_origin")
def origin_compared_by_prefix(server: Server) -> Server:
    """An origin that begins like an allowed one is allowed."""
    return admitting(server, lambda origin, allowed: origin and origin.startswith(allowed))


@breaks("cors.foreign_origin")
def origin_compared_by_suffix(server: Server) -> Server:
    """An origin that ends like the host of an allowed one is allowed."""
    return admitting(
        server, lambda origin, allowed: origin and origin.endswith(tuple(one.partition("//")[2] for one in allowed))
    )


def admitting_refusals(allow: str | None) -> Wrap:
    """Wraps an application so that its refusals carry this Access-Control-Allow-Origin, or none."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            async def with_headers(message: Message) -> None:
                if message["type"] == "http.response.start" and message["status"] >= 400:
                    headers = MutableHeaders(scope=message)
                    del headers["Access-Control-Allow-Origin"]
                    if allow:
                        headers["Access-Control-Allow-Origin"] = allow
                await send(message)

            await app(scope, receive, with_headers)

        return wrapped

    return wrap


@breaks_wrapped("cors.foreign_origin")
def refusals_for_every_origin(app: ASGIApp) -> ASGIApp:
    """A refusal may be read by any page."""
    return admitting_refusals("*")(app)


@breaks_wrapped("cors.refusal_readable")
def refusals_without_cors(app: ASGIApp) -> ASGIApp:
    """Only what was accepted carries the CORS headers."""
    return admitting_refusals(None)(app)
