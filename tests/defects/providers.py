"""Faults of when a task is processed, and what is told of it meanwhile. Faults of words: see `positions`."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.documents import PDF, kind_of_content
from mockserver.providers import MODES, Handover, enqueue, process_now
from mockserver.recognition import Page
from mockserver.server import Server
from mockserver.tasks import Task, Tasks
from tests.changing import telling
from tests.defects.breaking import breaks, breaks_replies
from tests.defects.page_counts import LEAF
from tests.rewriting import Reply


def handing(server: Server, mode: str, handover: Handover) -> Server:
    """The server that hands the tasks of a mode over in another way."""
    return replace(server, modes={**MODES, mode: handover})


def is_pdf(server: Server, task: Task) -> bool:
    return kind_of_content(server.tasks.content(task.id)) == PDF


def is_jpeg(server: Server, task: Task) -> bool:
    return kind_of_content(server.tasks.content(task.id)) == "image/jpeg"


def stumbling(server: Server, over: Callable[[bytes], object]) -> Server:
    """The server whose engine fails over some files."""

    class Engine:
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            if over(content):
                raise ValueError("the engine knows no such image")
            return await server.engine.recognise(content, pages=pages)

    return replace(server, engine=Engine())


@breaks("providers.queued")
def queued_provider_answers_when_done(server: Server) -> Server:
    """A queued provider processes before it answers."""
    return handing(server, "queued", process_now)


@breaks("providers.queued")
def queued_provider_processes_small_files(server: Server) -> Server:
    """A queued provider processes images before it answers, and queues PDF documents only."""

    async def queue_pdfs(server: Server, task: Task) -> None:
        await (enqueue if is_pdf(server, task) else process_now)(server, task)

    return handing(server, "queued", queue_pdfs)


@breaks("providers.queued")
def queued_provider_processes_photographs(server: Server) -> Server:
    """A queued provider processes JPEG before it answers, and queues the rest."""

    async def queue_others(server: Server, task: Task) -> None:
        await (process_now if is_jpeg(server, task) else enqueue)(server, task)

    return handing(server, "queued", queue_others)


@breaks("providers.queued", besides={"providers.reaches_done": "what is said to be done has no result yet"})
def queued_task_said_to_be_done(server: Server) -> Server:
    """A queued task is said to be done, since its upload is."""
    return telling(server, lambda task: replace(task, status="done"))


@breaks("providers.reaches_done")
def queue_never_starts(server: Server) -> Server:
    """What is queued stays queued."""

    async def forget(server: Server, task: Task) -> None:
        return None

    return handing(server, "queued", forget)


@breaks("providers.reaches_done")
def second_task_never_starts(server: Server) -> Server:
    """The worker of an account dies of its first task, so that the next one stays queued."""
    served: set[str] = set()

    async def first_only(server: Server, task: Task) -> None:
        if task.account_id not in served:
            await enqueue(server, task)
        served.add(task.account_id)

    return handing(server, "queued", first_only)


@breaks("providers.reaches_done")
def third_task_never_starts(server: Server) -> Server:
    """The worker of an account takes two tasks up, and no more."""
    served: Counter[str] = Counter()

    async def twice_only(server: Server, task: Task) -> None:
        served[task.account_id] += 1
        if served[task.account_id] <= 2:
            await enqueue(server, task)

    return handing(server, "queued", twice_only)


@breaks("providers.reaches_done", besides={"providers.synchronous": "the engine of this provider fails as well"})
def jpeg_fails(server: Server) -> Server:
    """The engine reads PNG and PDF, and fails over a JPEG."""
    return stumbling(server, lambda content: content.startswith(b"\xff\xd8"))


@breaks("providers.reaches_done")
def transparent_image_fails(server: Server) -> Server:
    """The engine fails over a PNG with an alpha channel, since it stores what it reads as JPEG."""
    return stumbling(server, lambda content: content.startswith(b"\x89PNG") and content[25:26] == b"\x06")


@breaks("providers.reaches_done")
def image_with_a_palette_fails(server: Server) -> Server:
    """The engine fails over a PNG with a palette, which has no channels."""
    return stumbling(server, lambda content: content.startswith(b"\x89PNG") and content[25:26] == b"\x03")


@breaks("providers.reaches_done")
def deep_image_fails(server: Server) -> Server:
    """The engine fails over a PNG of 16 bits."""
    return stumbling(server, lambda content: content.startswith(b"\x89PNG") and content[24:25] == b"\x10")


@breaks("providers.reaches_done")
def photograph_of_a_telephone_fails(server: Server) -> Server:
    """The engine fails over a JPEG that begins with Exif."""
    return stumbling(server, lambda content: content.startswith(b"\xff\xd8\xff\xe1"))


@breaks("providers.reaches_done", besides={"providers.synchronous": "the engine of this provider fails as well"})
def large_file_fails(server: Server) -> Server:
    """The engine runs out of memory over a file of more than 200 kilobytes."""
    return stumbling(server, lambda content: len(content) > 200_000)


@breaks("providers.reaches_done")
def long_pdf_fails(server: Server) -> Server:
    """The engine gives up over a PDF of more than five pages."""
    return stumbling(server, lambda content: content.startswith(b"%PDF") and len(LEAF.findall(content)) > 5)


@breaks("providers.reaches_done")
def queued_pdf_never_starts(server: Server) -> Server:
    """A PDF in the queue is never taken up."""

    async def images_only(server: Server, task: Task) -> None:
        if not is_pdf(server, task):
            await enqueue(server, task)

    return handing(server, "queued", images_only)


@breaks("providers.reaches_done")
def done_has_another_name(server: Server) -> Server:
    """A task of the queue ends as `completed`."""
    other: Any = "completed"
    return telling(
        server,
        lambda task: replace(task, status=other) if (task.provider, task.status) == ("paddle", "done") else task,
    )


@breaks("providers.reaches_done")
def queued_result_not_stored(server: Server) -> Server:
    """A task of the queue is done and has no result."""
    return telling(server, lambda task: replace(task, result_json=None) if task.provider == "paddle" else task)


@breaks("providers.reaches_done")
def queued_task_fails(server: Server) -> Server:
    """The engine of the queue fails over every file."""

    class Failing(Tasks):
        def finish(self, task_id: str, result: dict[str, Any]) -> bool:
            row = server.store.row("SELECT provider FROM tasks WHERE id = ?", task_id)
            is_queued = row is not None and row["provider"] == "paddle"
            return self.fail(task_id, "no engine") if is_queued else super().finish(task_id, result)

    return replace(server, tasks=Failing(server.store))


@breaks("providers.reaches_done")
def processing_has_no_end(server: Server) -> Server:
    """The state of a task in the queue is not moved on when its result is stored."""
    return telling(
        server,
        lambda task: replace(task, status="processing") if task.provider == "paddle" and task.result_json else task,
    )


@breaks("providers.synchronous")
def synchronous_provider_queues(server: Server) -> Server:
    """A synchronous provider answers first and processes later."""
    return handing(server, "synchronous", enqueue)


@breaks("providers.synchronous")
def synchronous_provider_queues_pdfs(server: Server) -> Server:
    """A synchronous provider answers for a PDF first and processes it later."""

    async def queue_pdfs(server: Server, task: Task) -> None:
        await (enqueue if is_pdf(server, task) else process_now)(server, task)

    return handing(server, "synchronous", queue_pdfs)


@breaks("providers.synchronous")
def synchronous_provider_queues_photographs(server: Server) -> Server:
    """A synchronous provider answers for a JPEG first and processes it later."""

    async def queue_photographs(server: Server, task: Task) -> None:
        await (enqueue if is_jpeg(server, task) else process_now)(server, task)

    return handing(server, "synchronous", queue_photographs)


@breaks("providers.synchronous")
def result_stored_later(server: Server) -> Server:
    """A synchronous provider processes at once, but stores the result a tenth of a second after the answer."""

    async def store_later(server: Server, task: Task) -> None:
        asyncio.get_running_loop().call_later(0.1, lambda: background.add(asyncio.create_task(process(server, task))))

    async def process(server: Server, task: Task) -> None:
        await process_now(server, task)

    background: set[asyncio.Task[None]] = set()
    return handing(server, "synchronous", store_later)


@breaks("providers.synchronous")
def result_not_stored(server: Server) -> Server:
    """A task of the synchronous provider is done and has no result."""
    return telling(server, lambda task: replace(task, result_json=None) if task.provider == "baidu" else task)


@breaks("providers.synchronous")
def result_told_once(server: Server) -> Server:
    """A result is handed over to whoever asks for it first, and not kept."""
    told: set[str] = set()

    def tell(task: Task) -> Task:
        if task.id in told:
            return replace(task, result_json=None)
        if task.result_json is not None:
            told.add(task.id)
        return task

    return telling(server, tell)


@breaks_replies("providers.synchronous")
def result_of_a_pdf_not_stored(reply: Reply) -> None:
    """A result of several pages does not fit, and is not stored."""
    result = reply.members.get("result") if reply.path.startswith("/api/tasks/") else None
    if result and reply.members["provider"] == "baidu" and len(result["pages"]) > 1:
        reply.say_with(result=None)


@breaks("providers.synchronous")
def synchronous_provider_minds_the_queue(server: Server) -> Server:
    """A synchronous provider processes at once, unless the queue of the account stands still."""

    async def queue_if_paused(server: Server, task: Task) -> None:
        await (enqueue if server.accounts.is_paused(task.account_id) else process_now)(server, task)

    return handing(server, "synchronous", queue_if_paused)


@breaks_replies("providers.synchronous")
def stored_result_is_empty(reply: Reply) -> None:
    """The result of the synchronous provider is an object with nothing in it."""
    if reply.path.startswith("/api/tasks/") and reply.members.get("provider") == "baidu":
        reply.say_with(result={})
