"""Answers that repeat a key."""

from tests.defects.breaking import breaks_replies
from tests.rewriting import Reply


@breaks_replies("auth.key_shown_once")
def success_repeats_the_key(reply: Reply) -> None:
    """The answer to a submission holds the key in full."""
    if reply.is_accepted:
        reply.say_with(apiKey=sent(reply))


@breaks_replies("auth.key_shown_once")
def refusal_repeats_the_key(reply: Reply) -> None:
    """A refusal says in its message who was refused."""
    if reply.is_refused and reply.status != 401:
        reply.say_with(message=f"refused the request of {sent(reply)}")


@breaks_replies("auth.key_shown_once")
def header_repeats_the_key(reply: Reply) -> None:
    """Each answer has the key in a header, left over from debugging."""
    reply.headers["x-api-key"] = sent(reply)


@breaks_replies("auth.key_shown_once")
def task_repeats_the_key(reply: Reply) -> None:
    """The task API tells the key that a task was submitted with."""
    if reply.path.startswith("/api/tasks/") and reply.status == 200:
        reply.say_with(submittedWith=sent(reply))


@breaks_replies("auth.key_shown_once")
def account_repeats_the_key(reply: Reply) -> None:
    """The account API tells the key of the account beside its pages."""
    if reply.path == "/api/account" and reply.status == 200:
        reply.say_with(apiKey=sent(reply))


@breaks_replies("auth.key_shown_once")
def large_body_repeats_the_key(reply: Reply) -> None:
    """The refusal of a body that is too large says in its message who sent it."""
    if reply.status == 413:
        reply.say_with(message=f"the request of {sent(reply)} is too large")


@breaks_replies("auth.key_shown_once")
def failed_creation_repeats_the_key(reply: Reply) -> None:
    """When no task can be created, the answer tells what is known of the request, and so its key."""
    if reply.is_submission and reply.status >= 500:
        reply.say_with(context={"key": sent(reply)})


def sent(reply: Reply) -> str:
    """The key that the answered request was sent with."""
    return reply.request.get("authorization", "").partition(" ")[2]
