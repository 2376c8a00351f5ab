"""Faults of the three fields: which must be there, which may be left out, and which provider is meant."""

from dataclasses import replace

from starlette.types import ASGIApp, Receive, Scope, Send

from mockserver import checks
from mockserver.documents import PDF
from mockserver.providers import enqueue, process_now
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task
from spec import Provider
from tests.changing import answering, checking, refusing
from tests.defects.breaking import breaks, breaks_replies, breaks_wrapped
from tests.rewriting import Reply, reply_of


def chosen(submission: Submission) -> object:
    """The provider that a submission names, if it names one."""
    return submission.members.get("provider")


@breaks("body.required_field")
def missing_field_is_an_error(server: Server) -> Server:
    """A body without imageBase64 ends in a 500."""
    return answering(server, "body.required_field", status=500, code="internal_error")


@breaks("body.required_field")
def missing_field_misspelt(server: Server) -> Server:
    """The code for a missing imageBase64 has another spelling."""
    return answering(server, "body.required_field", code="missing_imageBase64")


@breaks("body.required_field")
def missing_field_is_invalid(server: Server) -> Server:
    """A missing imageBase64 is refused as one that cannot be decoded."""
    return answering(server, "body.required_field", code="invalid_image_base64")


@breaks_replies("body.required_field")
def missing_field_told_by_a_validator(reply: Reply) -> None:
    """A missing imageBase64 is answered by the validator of the framework: 422 and its own JSON."""
    if reply.members.get("error") == "missing_image_base64":
        reply.status = 422
        reply.say({"detail": [{"type": "missing", "loc": ["body", "imageBase64"], "msg": "Field required"}]})


@breaks_wrapped("body.required_field")
def missing_field_hangs_up(app: ASGIApp) -> ASGIApp:
    """Where imageBase64 is missing, the connection is closed in the middle of the answer."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        reply = await reply_of(app, scope, receive)
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers.raw})
        if b"missing_image_base64" not in reply.body:
            await send({"type": "http.response.body", "body": reply.body})

    return wrapped


@breaks("body.required_field")
def missing_field_seen_with_others_only(server: Server) -> Server:
    """A body that has neither imageBase64 nor anything else is refused as empty, with another code."""
    other = replace(server.contract.refusal("body.required_field"), code="empty_body")
    rows = list(server.decisions)
    index = next(index for index, row in enumerate(rows) if row.check is checks.body_is_object)

    async def has_members(submission: Submission) -> bool:
        return bool(submission.members)

    rows.insert(index + 1, replace(rows[index], check=has_members, error=other, question=None))
    return replace(server, decisions=tuple(rows))


@breaks("body.optional_field")
def filename_required(server: Server) -> Server:
    """A body without a file name is refused."""
    return refusing(server, checks.filename_is_text, lambda submission: "filename" not in submission.members)


@breaks("body.optional_field")
def provider_required(server: Server) -> Server:
    """A body without a provider is refused."""
    return refusing(server, checks.provider_is_known, lambda submission: "provider" not in submission.members)


@breaks("body.optional_field")
def one_optional_field_required(server: Server) -> Server:
    """A body that has nothing but the image is refused."""
    return refusing(server, checks.provider_is_known, lambda submission: len(submission.members) == 1)


@breaks("body.provider")
def other_provider_unknown(server: Server) -> Server:
    """Only the default provider is known."""
    return refusing(server, checks.provider_is_known, lambda submission: chosen(submission) == "baidu")


@breaks("body.provider")
def default_provider_unknown(server: Server) -> Server:
    """The default provider cannot be chosen by its name, only by leaving it out."""
    return refusing(server, checks.provider_is_known, lambda submission: chosen(submission) == "paddle")


@breaks_replies("body.provider")
def other_provider_is_an_error(reply: Reply) -> None:
    """The engine of the other provider is not installed, and its submissions end in a 500."""
    if reply.is_accepted and reply.members["provider"] == "baidu":
        reply.status = 500
        reply.say({"error": "internal_error"})


@breaks("body.default_provider")
def default_is_another_provider(server: Server) -> Server:
    """A submission without a provider goes to the one that is not the default."""

    async def other_default(submission: Submission) -> bool:
        known = await checks.provider_is_known(submission)
        if chosen(submission) is None:
            submission.provider = server.contract.providers["baidu"]
        return known

    return checking(server, checks.provider_is_known, other_default)


@breaks("body.default_provider")
def default_is_named_but_not_taken(server: Server) -> Server:
    """A submission without a provider is said to go to the default one, and is processed at once as by the other."""
    without_provider: set[str] = set()

    async def task_is_created(submission: Submission) -> bool:
        if submission.task and chosen(submission) is None:
            without_provider.add(submission.task.id)
        return submission.task is not None

    async def queue_unless_none_was_named(server: Server, task: Task) -> None:
        await (process_now if task.id in without_provider else enqueue)(server, task)

    broken = checking(server, checks.task_is_created, task_is_created)
    return replace(broken, modes={**server.modes, "queued": queue_unless_none_was_named})


@breaks("body.default_provider")
def default_is_the_one_used_last(server: Server) -> Server:
    """A submission without a provider goes to the one that the account used last."""
    used: dict[str, Provider] = {}

    async def remembered(submission: Submission) -> bool:
        known = await checks.provider_is_known(submission)
        if known and chosen(submission) is None:
            submission.provider = used.get(submission.account_id, submission.provider)
        elif known and submission.provider:
            used[submission.account_id] = submission.provider
        return known

    return checking(server, checks.provider_is_known, remembered)


@breaks("body.default_provider")
def default_of_pdfs_is_another(server: Server) -> Server:
    """A PDF without a provider goes to the one that is not the default."""

    async def other_for_pdfs(submission: Submission) -> bool:
        if submission.kind == PDF and chosen(submission) is None:
            submission.provider = server.contract.providers["baidu"]
        return await checks.pages_are_counted(submission)

    return checking(server, checks.pages_are_counted, other_for_pdfs)
