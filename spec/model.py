"""The facts of the API as frozen values: what a reader of the documentation knows after reading it.

Not here: how they are read (`reading`), written as OpenAPI (`building`) or taken back from it (`contract`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import urlsplit

Strength = Literal["stated", "standard"]
Mode = Literal["queued", "synchronous"]

# The document and the server cannot be built without an answer to these.
NEEDED_QUESTIONS = ("success_status", "megabyte")


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where and how a document is submitted; `url` is absolute, `media_type` is that of the request."""

    method: str
    url: str
    media_type: str
    auth_header: str
    auth_scheme: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def origin(self) -> str:
        return self.url.removesuffix(self.path)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A member of the submission; `kind` is `string` or `provider` (the name of one)."""

    name: str
    kind: Literal["string", "provider"]
    required: bool
    description: str

    @property
    def missing_code(self) -> str:
        """The error code that refuses its absence, if the error table has such a row (`imageBase64`: see there)."""
        return "missing_" + "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in self.name)


@dataclass(frozen=True, kw_only=True)
class Error:
    """A row of the error table: HTTP status, error code, and when it comes."""

    status: int
    code: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The largest request body, in megabytes as documented; whether those are 10^6 or 2^20 bytes is left open."""

    megabytes: int

    @property
    def decimal_bytes(self) -> int:
        """A body of this many bytes is within the limit in every reading."""
        return self.megabytes * 10**6

    @property
    def binary_bytes(self) -> int:
        """A body of more bytes than this is above the limit in every reading."""
        return self.megabytes * 2**20


@dataclass(frozen=True, kw_only=True)
class Provider:
    """An engine that a submission can choose."""

    name: str
    default: bool
    mode: Mode
    word_positions: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One promise. `error` is the code its refusal carries; `source` the web standard that implies it, if one does."""

    id: str
    section: str
    strength: Strength
    sentence: str
    error: str | None
    needs: tuple[str, ...]
    source: str | None


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the documentation; `id` is the slug of its title."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A point that the documentation leaves open; `mock` is the reading of the mock server."""

    id: str
    text: str
    readings: Mapping[str, str]
    mock: str
    reason: str
    client: str
    unseen: str | None


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Everything documented, and every question left open, in the order of the documents."""

    title: str
    endpoint: Endpoint
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    request_example: Mapping[str, object]
    success_example: Mapping[str, object]
    errors: Mapping[str, Error]
    limit: Limit
    providers: Mapping[str, Provider]
    rules: Mapping[str, Rule]
    questions: Mapping[str, Question]

    def refusal(self, rule_id: str) -> Error:
        """The documented answer to a request that breaks this rule. Raises LookupError if the rule names none."""
        if rule_id not in self.rules:
            raise LookupError(f"there is no rule {rule_id}")
        code = self.rules[rule_id].error
        if code is None:
            raise LookupError(f"rule {rule_id} names no error code")
        return self.errors[code]

    @cached_property
    def default_provider(self) -> Provider:
        return next(provider for provider in self.providers.values() if provider.default)

    @cached_property
    def required_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @cached_property
    def optional_fields(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.required)

    def lacking(self, field: Field) -> Error:
        """How a body without this required field is refused: its own row of the table, else as an incomplete body."""
        return self.errors.get(field.missing_code) or self.refusal("body.required_field")
