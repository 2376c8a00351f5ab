"""A submission while it is decided: what the request says, and what the decisions have found out so far."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from mockserver.headers import values
from mockserver.keys import Key
from mockserver.payload import FILENAME
from mockserver.tasks import Task
from spec import Provider

if TYPE_CHECKING:  # a server has decisions, which are about submissions, which are made to a server
    from mockserver.server import Server


@dataclass(kw_only=True)
class Submission:
    """Each member after `request` is filled by the decision that looks for it; the last ones stand in the request.

    Several values of the header are one list, as RFC 9110 section 5.2 has it, which no key is. `token` is what stands
    after the scheme: the key, if one was sent.
    """

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
    authorization: str | None = field(init=False, repr=False)
    scheme: str = field(init=False, repr=False)
    token: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sent = values(self.request.scope, self.server.contract.endpoint.auth_header.lower().encode())
        self.authorization = ", ".join(sent).strip(" \t") if sent else None
        self.scheme, _, token = (self.authorization or "").partition(" ")
        self.token = token.strip(" ")

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
