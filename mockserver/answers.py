"""The answers of the API as JSON: what an accepted and a refused submission look like. Decides neither.

An answer that follows from a rule names it in `X-Mock-Rule`. No rule speaks of unknown paths, of the hooks, of what the
account API says but of keys and of tasks of others, of what is no HTTP, and of faults of the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.responses import Response

from mockserver.tasks import Task
from spec import Contract, Error

RULE_HEADER = "X-Mock-Rule"
REALM = "StartOCR"
JSON_TYPE = (b"content-type", b"application/json")


class JsonResponse(Response):
    """Starlette's own one makes an encoder for each answer."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return msgspec.json.encode(content)

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Those that are given, and the two of a body of JSON, none of which is ever given."""
        given = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]
        self.raw_headers = [*given, (b"content-length", b"%d" % len(self.body)), JSON_TYPE]


@dataclass(frozen=True, kw_only=True)
class Answers:
    contract: Contract

    def accepted(self, task: Task) -> Response:
        """The answer to an accepted submission."""
        status = int(self.contract.questions["success_status"].mock)
        return JsonResponse(self.success(task), status, {RULE_HEADER: "submit.endpoint"})

    def refused(
        self,
        error: Error,
        *,
        rule: str | None = None,
        message: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer to a refused request. Without a message it says what the error means."""
        named = {RULE_HEADER: rule} if rule else {}
        body = self.refusal(error, message or f"{error.meaning}.")
        return JsonResponse(body, error.status, {**self.challenge(error), **named, **(headers or {})})

    def success(self, task: Task) -> dict[str, object]:
        return {"success": True, "taskId": task.id, "provider": task.provider}

    def refusal(self, error: Error, message: str) -> dict[str, object]:
        return refusal(error, message)

    def challenge(self, error: Error) -> dict[str, str]:
        """What a 401 has to name (RFC 9110 section 11.6.1), in the words of RFC 6750 section 3."""
        if error.status != 401:
            return {}
        challenge = f'{self.contract.endpoint.auth_scheme} realm="{REALM}"'
        no_key_came = error == self.contract.refusal("auth.missing_key")
        return {"WWW-Authenticate": challenge if no_key_came else f'{challenge}, error="invalid_token"'}


def refusal(error: Error, message: str | None = None) -> dict[str, object]:
    """The one shape that every refusal has. Without a message it says what the error means."""
    return {"success": False, "error": error.code, "message": message or f"{error.meaning}."}
