"""Faults that show only where a submission has a certain form: a data URI, no name, no provider, an odd name, null."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from fixtures import fixture
from mockserver import checks
from mockserver.providers import MODES, Handover, enqueue, process_now
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task, Tasks
from tests.changing import When, checking, telling
from tests.defects.billing import costs, demanding
from tests.defects.breaking import breaks
from tests.defects.refunds import keeping_some
from tests.defects.tasks import finding

QUEUED, SYNCHRONOUS = "queued", "synchronous"


def in_data_uri(submission: Submission) -> bool:
    return submission.data_type is not None


def is_nameless(submission: Submission) -> bool:
    return "filename" not in submission.members


def names_no_provider(submission: Submission) -> bool:
    return "provider" not in submission.members


def noting(server: Server, when: When) -> tuple[Server, set[str]]:
    """The same server, and the ids of the tasks that come of some submissions."""
    noted: set[str] = set()

    async def created(submission: Submission) -> bool:
        if submission.task and when(submission):
            noted.add(submission.task.id)
        return submission.task is not None

    return checking(server, checks.task_is_created, created), noted


def handing_some(server: Server, mode: str, when: When, handover: Handover) -> Server:
    """The server that hands the tasks of some submissions to a mode in another way."""
    watched, noted = noting(server, when)

    async def hand(server: Server, task: Task) -> None:
        await (handover if task.id in noted else MODES[mode])(server, task)

    return replace(watched, modes={**MODES, mode: hand})


def leaving(server: Server, when: When) -> Server:
    """The server whose queue leaves the tasks of some submissions where they are."""
    watched, noted = noting(server, when)
    return telling(
        watched,
        lambda task: (
            replace(task, status="queued", result_json=None) if task.id in noted and task.provider == "paddle" else task
        ),
    )


@breaks("body.invalid_image")
def undecodable_pdf_accepted(server: Server) -> Server:
    """What cannot be decoded and is called a PDF is taken for an empty page."""

    async def decoded_or_pdf(submission: Submission) -> bool:
        is_decoded = await checks.image_is_decodable(submission)
        if not is_decoded and (submission.filename or "").endswith(".pdf"):
            submission.content = fixture("one-page.pdf").content
            return True
        return is_decoded

    return checking(server, checks.image_is_decodable, decoded_or_pdf)


@breaks("http.client_error")
def null_is_an_error(server: Server) -> Server:
    """The server stumbles over `null` in place of an object, which has no members to look for."""

    async def is_object(submission: Submission) -> bool:
        if submission.payload is None:
            raise TypeError("null has no member imageBase64")
        return await checks.body_is_object(submission)

    return checking(server, checks.body_is_object, is_object)


@breaks("http.client_error")
def object_as_image_is_an_error(server: Server) -> Server:
    """The server stumbles over an imageBase64 that is an object, though not over a number."""

    async def is_string(submission: Submission) -> bool:
        if isinstance(submission.members.get("imageBase64"), dict):
            raise TypeError("an object has no method startsWith")
        return await checks.image_is_string(submission)

    return checking(server, checks.image_is_string, is_string)


@breaks("body.default_provider")
def bare_pdf_goes_to_another_provider(server: Server) -> Server:
    """A PDF that comes with neither a name nor a provider goes to the one that is not the default."""

    async def chosen(submission: Submission) -> bool:
        is_known = await checks.provider_is_known(submission)
        if submission.members.keys() == {"imageBase64"} and submission.content.startswith(b"%PDF"):
            submission.provider = server.contract.providers["baidu"]
        return is_known

    return checking(server, checks.provider_is_known, chosen)


@breaks("success.task_found")
def nameless_task_not_found(server: Server) -> Server:
    """The task API stumbles over a task without a file name, and says that there is none."""
    return finding(server, lambda task: task.filename is not None)


@breaks("providers.queued")
def queued_provider_processes_data_uris(server: Server) -> Server:
    """A queued provider processes a data URI before it answers, since it is small where it comes from."""
    return handing_some(server, QUEUED, in_data_uri, process_now)


@breaks("providers.queued")
def queued_provider_processes_nameless_files(server: Server) -> Server:
    """A queued provider processes a file without a name before it answers."""
    return handing_some(server, QUEUED, is_nameless, process_now)


@breaks("providers.reaches_done")
def queued_data_uri_never_done(server: Server) -> Server:
    """The worker of the queue is given the data URI as it came, and cannot read it."""
    return leaving(server, in_data_uri)


@breaks("providers.reaches_done")
def queued_nameless_file_never_done(server: Server) -> Server:
    """The worker of the queue tells the type by the name, and leaves a file without one alone."""
    return leaving(server, is_nameless)


@breaks("providers.reaches_done")
def queued_for_nobody_never_done(server: Server) -> Server:
    """Who names no provider has a task in a queue of that name, from which nobody takes it."""
    return leaving(server, names_no_provider)


@breaks("providers.reaches_done")
def queued_odd_name_never_done(server: Server) -> Server:
    """The worker of the queue stores the file under its name, and stumbles over letters outside ASCII."""
    return leaving(server, lambda submission: not (submission.filename or "").isascii())


@breaks("providers.synchronous")
def synchronous_provider_queues_data_uris(server: Server) -> Server:
    """A synchronous provider answers for a data URI first and processes it later."""
    return handing_some(server, SYNCHRONOUS, in_data_uri, enqueue)


@breaks("providers.synchronous")
def synchronous_provider_queues_nameless_files(server: Server) -> Server:
    """A synchronous provider answers for a file without a name first and processes it later."""
    return handing_some(server, SYNCHRONOUS, is_nameless, enqueue)


def without_words(server: Server, when: When) -> Server:
    """The server whose results for some submissions have no words."""
    watched, noted = noting(server, when)

    def tell(task: Task) -> Task:
        if task.id not in noted or task.result is None:
            return task
        result: dict[str, Any] = {**task.result, "pages": [{**page, "words": []} for page in task.result["pages"]]}
        return replace(task, result_json=msgspec.json.encode(result).decode())

    return telling(watched, tell)


@breaks("providers.word_positions")
def words_of_data_uris_have_no_places(server: Server) -> Server:
    """The words of an image that came in a data URI have no boxes."""
    return without_words(server, in_data_uri)


@breaks("providers.word_positions")
def words_of_nameless_files_have_no_places(server: Server) -> Server:
    """The words of a file without a name have no boxes."""
    return without_words(server, is_nameless)


@breaks("billing.last_page")
def last_page_kept_from_nameless_files(server: Server) -> Server:
    """A file without a name is refused the last page."""
    return demanding(server, lambda submission: costs(submission) + is_nameless(submission))


@breaks("billing.refund")
def no_refund_of_a_nameless_file(server: Server) -> Server:
    """The pages come back only where the file has a name."""
    return keeping_some(server, is_nameless)


def deducting_some_later(server: Server, when: When) -> Server:
    """The server that deducts the pages of some submissions when their tasks are processed."""
    unpaid: dict[str, Callable[[], object]] = {}

    async def deducted_or_noted(submission: Submission) -> bool:
        enough = await checks.balance_covers_pages(submission)
        if submission.task and when(submission):
            account_id, pages = submission.account_id, submission.pages or 1
            server.ledger.grant(account_id, pages)
            unpaid[submission.task.id] = lambda: server.ledger.deduct(account_id, pages)
        return enough

    class Charging(Tasks):
        def start_next(self, account_id: str, *, limit: int) -> list[Task]:
            tasks = super().start_next(account_id, limit=limit)
            for task in tasks:
                unpaid.pop(task.id, lambda: None)()
            return tasks

        def start(self, task_id: str) -> bool:
            unpaid.pop(task_id, lambda: None)()
            return super().start(task_id)

    later = replace(server, tasks=Charging(server.store))
    return checking(later, checks.balance_covers_pages, deducted_or_noted)


@breaks("billing.before_processing")
def photograph_deducted_when_processed(server: Server) -> Server:
    """The page of a JPEG is deducted when the task is processed."""
    return deducting_some_later(server, lambda submission: submission.kind == "image/jpeg")


@breaks("billing.before_processing")
def data_uri_deducted_when_processed(server: Server) -> Server:
    """The page of a data URI is deducted when the task is processed."""
    return deducting_some_later(server, in_data_uri)


@breaks("billing.before_processing")
def nameless_file_deducted_when_processed(server: Server) -> Server:
    """The pages of a file without a name are deducted when the task is processed."""
    return deducting_some_later(server, is_nameless)
