"""A submission while it is decided: what the request says, and what the decisions have found out so far."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from mockserver.keys import Key
from mockserver.payload import FILENAME
from mockserver.tasks import Task
from spec import Provider

if TYPE_CHECKING:  # a server has decisions, which are about submissions, which are made to a server
    from mockserver.server import Server


@dataclass(kw_only=True)
class Submission:
    """Each member after `request` is filled by the decision that looks for it."""

    server: "Server"
    request: Request
    key: Key | None = None
    body: bytes = b""
    payload: object = None
    data_type: str | None = None
    content: bytes = b""
    provider: Provider | None = None
    kind: str | None = None
    pages: int | None = None
    deduction: int | None = None
    task: Task | None = None

    @cached_property
    def authorization(self) -> str | None:
        """The value of the header; several of them are one list, as RFC 9110 section 5.2 has it, which no key is."""
        values = self.request.headers.getlist(self.server.contract.endpoint.auth_header)
        return ", ".join(values).strip(" \t") if values else None

    @property
    def scheme(self) -> str:
        return (self.authorization or "").partition(" ")[0]

    @cached_property
    def token(self) -> str:
        """What stands after the scheme: the key, if one was sent."""
        return (self.authorization or "").partition(" ")[2].strip(" ")

    @property
    def account_id(self) -> str:
        """The account of the key; empty, which is nobody's, before the key is known."""
        return self.key.account_id if self.key else ""

    @property
    def members(self) -> dict[str, Any]:
        """The members of the body; none if it is no object."""
        return self.payload if isinstance(self.payload, dict) else {}

    @property
    def filename(self) -> str | None:
        """The name that came with the file; None if there is none, or none that can be used."""
        filename = self.members.get(FILENAME)
        return filename if isinstance(filename, str) else None
