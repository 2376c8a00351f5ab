"""A submission as a value: the plain one, and the one declared way in which another differs from it.

send(plain.faulty(authorization=None))
send(plain.with_members(provider="baidu"))
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.target.documents import Document, document
from conformance.wire.exchange import Request
from spec import Contract

PLAIN_DOCUMENT = "page.png"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A request to recognise a document; `content`, where given, is sent in place of the JSON of `members`."""

    url: str
    method: str
    content_type: str | None
    authorization: str | None = field(repr=False)
    members: Mapping[str, object] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    origin: str | None = None
    cookie: str | None = None
    chunked: bool = False
    alone: bool = False
    pause: float = 0
    pages: int = 1
    told: str = ""
    metered: bool = False
    is_faulty: bool = False
    control: Request | None = field(default=None, repr=False)
    after: Request | None = field(default=None, repr=False)

    def faulty(self, **changes: Any) -> "Submission":
        """The same with a fault, for which a conforming server refuses it, so that it costs nothing."""
        return replace(self, is_faulty=True, **changes)

    def with_members(self, **members: object) -> "Submission":
        """The same with these members of the body set to other values."""
        return replace(self, members={**self.members, **members})

    def without(self, *names: str) -> "Submission":
        """The same without these members of the body."""
        return replace(self, members={name: value for name, value in self.members.items() if name not in names})

    def of(self, file: Document) -> "Submission":
        """The same for another document."""
        members = self.with_members(imageBase64=file.base64, filename=file.name)
        return replace(members, pages=file.pages, told=file.told)

    def filled_to(self, size: int) -> "Submission":
        """The same with white space after the JSON, so that the body has exactly `size` bytes."""
        return replace(self, content=self.body.ljust(size))

    @property
    def api_key(self) -> str:
        """The key that it is sent with; empty if there is none."""
        return (self.authorization or "").partition(" ")[2]

    @property
    def body(self) -> bytes:
        return json.dumps(self.members).encode() if self.content is None else self.content

    def request(self) -> Request:
        headers = {
            "Authorization": self.authorization,
            "Content-Type": self.content_type,
            "Origin": self.origin,
            "Cookie": self.cookie,
        }
        return Request(
            method=self.method,
            url=self.url,
            headers={name: value for name, value in headers.items() if value is not None},
            content=self.body,
            chunked=self.chunked,
            alone=self.alone,
            pause=self.pause,
            pages=self.pages,
            told=self.told,
            metered=self.metered,
            faulty=self.is_faulty,
            control=self.control,
            after=self.after,
            kind="submission",
        )


def plain_submission(contract: Contract, base_url: str, api_key: str, *, metered: bool) -> Submission:
    """The control: a small image as plain Base64, its name, and the default provider by name."""
    file = document(PLAIN_DOCUMENT)
    required = {field.name: field.name for field in contract.required_fields}
    members = {
        **required,
        "imageBase64": file.base64,
        "filename": file.name,
        "provider": contract.default_provider.name,
    }
    plain = Submission(
        url=base_url + contract.endpoint.path,
        method=contract.endpoint.method,
        content_type=contract.endpoint.media_type,
        authorization=bearer(contract, api_key),
        members=members,
        metered=metered,
    )
    return replace(plain, control=plain.request())


def bearer(contract: Contract, api_key: str) -> str:
    """The value of the `Authorization` header that carries a key."""
    return f"{contract.endpoint.auth_scheme} {api_key}"
