"""The hooks API, version 1: arranges what no API user can, on a test deployment that offers it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError
from conformance.profile.profile import HooksAddress
from conformance.profile.values import key
from conformance.wire.client import Client
from conformance.wire.exchange import Answer, Request, is_number, whole_pages

ACCOUNTS, KEYS, TASK_FAILURES, QUEUE = "accounts", "keys", "task-failures", "queue"
UNAUTHORISED = {401, 403}
# What a router answers that knows no path with a slash at its end, or leads away from one.
NO_SLASH = {301, 302, 307, 308, 404}
GROUPS = frozenset({ACCOUNTS, KEYS, TASK_FAILURES, QUEUE})


@dataclass(frozen=True, kw_only=True)
class HookAccount:
    """An account that the hooks created, with so many pages; `api_key` in full."""

    account_id: str
    key_id: str
    pages: int
    api_key: str = field(repr=False)


class Hooks:
    """Calls of one deployment's hooks. Each raises TargetError when the hook does not work as its interface says."""

    def __init__(self, client: Client, address: HooksAddress) -> None:
        self._client = client
        self._address = address

    def groups(self) -> frozenset[str]:
        """The groups of hooks that the deployment offers."""
        told = self._send("GET", "/")
        if told.status in NO_SLASH:
            told = self._send("GET", "")
        answer = self._expected(told, "GET /", 200)
        if answer.get("version") != 1 or not isinstance(answer.get("hooks"), list):
            raise TargetError(f'hooks.url: GET {self._address.url}/ does not answer {{"version": 1, "hooks": [...]}}')
        return frozenset(name for name in answer["hooks"] if isinstance(name, str))

    def create_account(self, pages: int) -> HookAccount:
        answer = self._call("POST", "/accounts", {"pages": pages}, expect=201)
        account_id, key_id, api_key = self._texts(answer, "accountId", "keyId", "apiKey")
        _refuse_unsendable(api_key)
        return HookAccount(account_id=account_id, key_id=key_id, pages=pages, api_key=api_key)

    def pages(self, account_id: str) -> int:
        """The page balance of an account. Raises Nonconformance where something took a part of a page from it."""
        pages = self.account(account_id).get("pages")
        if not is_number(pages):
            raise TargetError(f"the hook GET /accounts/{{accountId}} answers no number as pages: {pages!r}")
        return whole_pages(pages)

    def account(self, account_id: str) -> Mapping[str, Any]:
        return self._call("GET", f"/accounts/{_segment(account_id)}", expect=200)

    def delete_account(self, account_id: str) -> None:
        self._call("DELETE", f"/accounts/{_segment(account_id)}", expect=204)

    def create_key(self, account_id: str) -> tuple[str, str]:
        """A further key of an account: its id, and itself in full."""
        answer = self._call("POST", f"/accounts/{_segment(account_id)}/keys", expect=201)
        key_id, api_key = self._texts(answer, "keyId", "apiKey")
        _refuse_unsendable(api_key)
        return key_id, api_key

    def revoke_key(self, account_id: str, key_id: str) -> None:
        self._call("DELETE", f"/accounts/{_segment(account_id)}/keys/{_segment(key_id)}", expect=204)

    def fail_next_tasks(self, account_id: str, count: int) -> None:
        self._call("PUT", f"/accounts/{_segment(account_id)}/task-failures", {"count": count}, expect=204)

    def pause_queue(self, account_id: str, *, paused: bool) -> None:
        self._call("PUT", f"/accounts/{_segment(account_id)}/queue", {"paused": paused}, expect=204)

    def _call(self, method: str, path: str, body: object = None, *, expect: int) -> dict[str, Any]:
        return self._expected(self._send(method, path, body), f"{method} {path}", expect)

    def _send(self, method: str, path: str, body: object = None) -> Answer:
        headers = {"Accept": "application/json"}
        if self._address.token:
            headers["Authorization"] = f"Bearer {self._address.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = b"" if body is None else json.dumps(body).encode()
        url = self._address.url + path
        request = Request(method=method, url=url, headers=headers, content=content, kind="hook")
        try:
            return self._client.send(request, rule="hooks")
        except ConnectionLostError as problem:
            raise TargetError(f"the hook {method} {path} gave no answer: see hooks.url ({problem})") from problem

    def _expected(self, answer: Answer, call: str, status: int) -> dict[str, Any]:
        if answer.status in UNAUTHORISED:
            raise TargetError(f"the hook {call} answered {answer.status}: check hooks.token")
        if answer.status != status:
            raise TargetError(f"the hook {call} answered {answer.status} in place of {status}: see hooks.url")
        try:
            return {} if status == 204 else answer.object()
        except Nonconformance as problem:
            raise TargetError(f"the hook {call} answered no JSON object") from problem

    def _texts(self, answer: Mapping[str, Any], *names: str) -> list[str]:
        """Those members; an id may be a number, which stands in a path as its digits."""
        texts = [str(answer[name]) if type(answer.get(name)) is int else answer.get(name) for name in names]
        for name, text in zip(names, texts, strict=True):
            if not isinstance(text, str) or not text:
                raise TargetError(f"a hook answers no text as {name}")
        return [text for text in texts if isinstance(text, str)]


def _segment(identifier: str) -> str:
    """An id as one segment of a path, whatever characters it has."""
    return quote(identifier, safe="")


def _refuse_unsendable(api_key: str) -> None:
    try:
        key(api_key)
    except ValueError as problem:
        raise TargetError(f"the apiKey that a hook answers {problem}") from None
