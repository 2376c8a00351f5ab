"""Other forms of the answers: their status, their JSON, their headers, the ids in them."""

import gzip
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count

from mockserver.keys import IssuedKey, Key, Keys
from mockserver.server import Server
from mockserver.tasks import Task, Tasks
from spec import Error
from tests.rewriting import Reply
from tests.variants.varying import varies, varies_replies


@varies_replies(success_status="201")
def created(reply: Reply) -> None:
    """An accepted submission is answered with 201."""
    if reply.is_accepted:
        reply.status = 201


@varies_replies(success_status="202")
def accepted_for_later(reply: Reply) -> None:
    """An accepted submission is answered with 202."""
    if reply.is_accepted:
        reply.status = 202


def code(reply: Reply) -> str:
    return str(reply.members["error"])


@varies_replies(refusal_success="absent")
def refusal_says_nothing_of_success(reply: Reply) -> None:
    """A refusal has no member `success`."""
    if reply.is_refused:
        reply.say_without("success")


@varies_replies(refusal_success="true")
def refusal_succeeded_in_being_one(reply: Reply) -> None:
    """Whatever the status is, `success` is true, as a framework sets it."""
    if reply.is_refused:
        reply.say_with(success=True)


@varies_replies(error_code_place="/error/code")
def code_in_an_error_object(reply: Reply) -> None:
    """The error code stands in an object `error`."""
    if reply.status >= 400:
        reply.say({"error": {"code": code(reply), "message": reply.members["message"], "param": None}})


@varies_replies(error_code_place="/code")
def code_at_the_top(reply: Reply) -> None:
    """The error code stands in `code`, as in a problem document, and is declared as one."""
    if reply.status >= 400:
        reply.headers["content-type"] = "application/problem+json"
        reply.say(
            {"type": "about:blank", "title": reply.members["message"], "status": reply.status, "code": code(reply)}
        )


@varies_replies(error_code_place="/errors/0/code")
def code_in_a_list(reply: Reply) -> None:
    """The error code stands in a list of errors."""
    if reply.status >= 400:
        reply.say({"errors": [{"code": code(reply), "detail": reply.members["message"]}]})


@varies_replies()
def further_members(reply: Reply) -> None:
    """Every answer has members that nobody documented, some of them beside the code."""
    if reply.is_submission:
        reply.say_with(requestId="req_1", links={"docs": "https://startocr.com/docs#errors"}, warnings=[], cost=None)


@varies_replies()
def members_come_and_go(reply: Reply) -> None:
    """Some answers have a member more, here those to calls that are no page's."""
    if reply.is_accepted and "origin" not in reply.request:
        reply.say_with(queuePosition=3)


@varies_replies()
def message_repeats_the_code(reply: Reply) -> None:
    """The message of a refusal begins with its code, and links to a page about it."""
    if reply.is_refused:
        reply.say_with(message=f"{code(reply)}: see below", help=f"https://startocr.com/docs/{code(reply)}")


@varies_replies()
def json_for_people(reply: Reply) -> None:
    """The JSON is indented, has its members in another order, and letters outside ASCII."""
    if reply.members:
        members = {"note": "Prüfung – 完了", **dict(reversed(reply.members.items()))}
        reply.body = json.dumps(members, indent=4, ensure_ascii=False).encode()
        reply.headers["content-type"] = "application/json; charset=utf-8"


@varies_replies()
def answers_compressed(reply: Reply) -> None:
    """Every answer is compressed with gzip."""
    if reply.body and "gzip" in reply.request.get("accept-encoding", ""):
        reply.body = gzip.compress(reply.body)
        reply.headers["content-encoding"] = "gzip"


@varies_replies()
def answers_without_a_length(reply: Reply) -> None:
    """Every answer comes in chunks."""
    if reply.body:
        del reply.headers["content-length"]


@varies_replies()
def several_challenges(reply: Reply) -> None:
    """A 401 offers another scheme before Bearer, both in one header, and Bearer with parameters."""
    if reply.status == 401:
        reply.headers["www-authenticate"] = 'Basic realm="staff, only", bearer realm="api", error="invalid_token"'


@varies_replies()
def several_methods_allowed(reply: Reply) -> None:
    """A 405 names OPTIONS besides POST."""
    if reply.status == 405:
        reply.headers["allow"] = "OPTIONS,POST"


@varies()
def failed_creation_is_unavailable(server: Server) -> Server:
    """A task that cannot be created is answered with 503 and a code of its own."""
    unavailable = Error(status=503, code="try_again", meaning="The queue is full")
    rows = (replace(row, error=unavailable) if row.rule == "billing.refund" else row for row in server.decisions)
    return replace(server, decisions=tuple(rows))


def naming(server: Server, new_id: Callable[[], str]) -> Server:
    """The server that gives its tasks other ids."""

    class Named(Tasks):
        def new_id(self) -> str:
            return new_id()

    return replace(server, tasks=Named(server.store))


@varies(task_id_form="uuid")
def uuid_as_task_id(server: Server) -> Server:
    """The id of a task is a UUID."""
    return naming(server, lambda: str(uuid.uuid4()))


@varies(task_id_form="other")
def odd_task_ids(server: Server) -> Server:
    """The id of a task has characters that a URL has to quote."""
    numbers = count(1)
    return naming(server, lambda: f"job #{next(numbers)}: 50% & 50%? ü")


@varies(task_id_form="other")
def numbered_tasks(server: Server) -> Server:
    """The id of a task is a number, written as a string, over all accounts."""
    numbers = count(1000)
    return naming(server, lambda: str(next(numbers)))


@varies(task_id_form="other")
def numbers_read_as_such(server: Server) -> Server:
    """The id of a task is a number that may have zeros before it, and reads the same from behind but for its last."""
    numbers = count(1)

    class Numbered(Tasks):
        def new_id(self) -> str:
            number = str(next(numbers))
            return f"{number}{number[::-1]}0"

        def find(self, account_id: str, task_id: str) -> Task | None:
            return super().find(account_id, str(int(task_id))) if task_id.isdecimal() else None

    return replace(server, tasks=Numbered(server.store))


@varies()
def uuids_as_keys(server: Server) -> Server:
    """The keys are UUIDs, and are read as such: in either letter case, with hyphens or without."""

    class Uuids(Keys):
        def issue(self, account_id: str) -> IssuedKey:
            key = replace(super().issue(account_id), secret=str(uuid.uuid4()))
            self.add(account_id, f"{key.id}_as_uuid", key.secret)
            return replace(key, id=f"{key.id}_as_uuid")

        def find(self, secret: str) -> Key | None:
            with suppress(ValueError):
                return super().find(str(uuid.UUID(secret)))
            return None

    return replace(server, keys=Uuids(server.store))


@varies()
def counted_keys(server: Server) -> Server:
    """The keys are counted, so that another one is found by adding a digit or leaving one out."""
    numbers = count(1)

    class Counted(Keys):
        def issue(self, account_id: str) -> IssuedKey:
            key = IssuedKey(id=super().issue(account_id).id + "-counted", secret=f"sk_test_{next(numbers)}")
            self.add(account_id, key.id, key.secret)
            return key

    return replace(server, keys=Counted(server.store))


@varies_replies()
def other_methods_refused_by_the_framework(reply: Reply) -> None:
    """Another method is no submission, and gets a page of the framework that calls itself HTML."""
    if reply.status == 405:
        reply.headers["content-type"] = "text/html; charset=utf-8"
        reply.body = b"<h1>Method Not Allowed</h1>"


@varies_replies()
def other_methods_not_found(reply: Reply) -> None:
    """Another method is answered with 404, as where routes are found by method and path."""
    if reply.status == 405:
        reply.status = 404
        del reply.headers["allow"]
