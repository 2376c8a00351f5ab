"""Faults of answers as JSON: how it is declared, encoded and written."""

import json

from mockserver.answers import RULE_HEADER
from tests.defects.breaking import breaks_replies
from tests.rewriting import Reply

REFUSING = (
    *("auth.missing_key", "auth.other_scheme", "auth.unknown_key", "auth.revoked_key", "submit.media_type"),
    *("body.required_field", "body.invalid_image", "limit.refused", "billing.insufficient_pages"),
)


@breaks_replies("http.json_answer")
def answers_declared_as_html(reply: Reply) -> None:
    """Every answer is declared as text/html, the default of the framework."""
    reply.headers["content-type"] = "text/html; charset=utf-8"


@breaks_replies("http.json_answer")
def answers_not_declared(reply: Reply) -> None:
    """No answer has a Content-Type."""
    del reply.headers["content-type"]


@breaks_replies("http.json_answer")
def refusals_declared_as_text(reply: Reply) -> None:
    """A refusal is declared as text/plain."""
    if reply.is_refused:
        reply.headers["content-type"] = "text/plain"


@breaks_replies("http.json_answer")
def refused_keys_declared_as_text(reply: Reply) -> None:
    """The refusal of a key, which another layer writes, is declared as text/plain."""
    if reply.status == 401:
        reply.headers["content-type"] = "text/plain"


@breaks_replies("http.json_answer")
def one_provider_declares_text(reply: Reply) -> None:
    """What the synchronous provider answers is declared as text/plain."""
    if reply.is_accepted and reply.members["provider"] == "baidu":
        reply.headers["content-type"] = "text/plain"


@breaks_replies("http.json_answer")
def accepted_in_another_encoding(reply: Reply) -> None:
    """The answer to an accepted submission has a message in Latin-1."""
    if reply.is_accepted:
        reply.say_with(message="")
        reply.body = reply.body.replace(b'"message": ""', '"message": "déjà reçu"'.encode("latin-1"))


@breaks_replies("http.json_answer", besides=dict.fromkeys(REFUSING, "nobody who expects UTF-8 can read its code"))
def refused_in_another_encoding(reply: Reply) -> None:
    """A refusal is written in UTF-16."""
    if reply.is_refused:
        reply.body = json.dumps(reply.members).encode("utf-16")


@breaks_replies("http.json_answer")
def member_said_twice(reply: Reply) -> None:
    """The answer to an accepted submission has `success` twice."""
    if reply.is_accepted:
        reply.body = reply.body.replace(b"{", b'{"success": true, ', 1)


@breaks_replies("http.json_answer")
def not_a_number_said(reply: Reply) -> None:
    """The answer to an accepted submission has NaN as the seconds that it took."""
    if reply.is_accepted:
        reply.say_with(seconds=float("nan"))


@breaks_replies("http.json_answer")
def other_method_answered_in_broken_json(reply: Reply) -> None:
    """The refusal of another method is declared as JSON, and written in single quotes."""
    if reply.status == 405:
        reply.body = reply.body.replace(b'"', b"'")


@breaks_replies("http.json_answer")
def want_of_pages_declared_as_text(reply: Reply) -> None:
    """The refusal for want of pages comes from the billing service, and is declared as text/plain."""
    if reply.status == 402:
        reply.headers["content-type"] = "text/plain"


@breaks_replies("http.json_answer")
def large_body_declared_as_text(reply: Reply) -> None:
    """The refusal of a body that is too large comes from the proxy, and is declared as text/plain."""
    if reply.status == 413:
        reply.headers["content-type"] = "text/plain"


@breaks_replies("http.json_answer")
def revoked_key_declared_as_text(reply: Reply) -> None:
    """The refusal of a revoked key comes from a list of its own, and is declared as text/plain."""
    if reply.is_refused and reply.headers.get(RULE_HEADER) == "auth.revoked_key":
        reply.headers["content-type"] = "text/plain"
