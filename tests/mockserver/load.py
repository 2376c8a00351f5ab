"""Clients that submit without a pause, and write down each answer that they see; servers may come and go."""

import http.client
import json
import random
import threading
import time
from base64 import b64encode
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from fixtures import fixture

# No PDF: a server that was just started needs a tenth of a second for the first one.
DOCUMENTS = {
    name: (pages, b64encode(fixture(name).content).decode())
    for name, pages in (("page.png", 1), ("page.jpg", 1), ("two-pages.tiff", 2))
}


@dataclass(frozen=True, kw_only=True)
class Account:
    id: str
    key: str
    pages: int


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A submission, by the name of its file, and its answer; without a status there is none (yet)."""

    label: str
    account: Account
    provider: str
    pages: int
    status: int | None = None
    task_id: str | None = None


def call(port: int, method: str, path: str, body: object = None, key: str | None = None) -> tuple[int, Any]:
    """Status and JSON of one request on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        return _call(connection, method, path, body, key)


def _call(
    connection: http.client.HTTPConnection, method: str, path: str, body: object = None, key: str | None = None
) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    content = answer.read()
    return answer.status, json.loads(content) if content else None


def open_account(port: int, pages: int) -> Account:
    status, created = call(port, "POST", "/_mock/accounts", {"pages": pages})
    assert status == 201
    return Account(id=created["accountId"], key=created["apiKey"], pages=pages)


class Load:
    """A thread for each account of the list; runs while the context is open."""

    def __init__(self, port: int, accounts: list[Account], seed: int) -> None:
        self._seen: dict[str, Seen] = {}
        self._port = port
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._submit_all, args=(f"{number}", account, random.Random(f"{seed} {number}")))
            for number, account in enumerate(accounts)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    @property
    def seen(self) -> list[Seen]:
        """All that was submitted so far; of what is under way, that there is no answer yet."""
        return list(self._seen.values())

    def _submit_all(self, name: str, account: Account, chance: random.Random) -> None:
        count = 0
        while not self._ending.is_set():
            with ExitStack() as stack:
                connection = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", self._port, 10)))
                try:
                    connection.connect()
                except OSError:
                    time.sleep(0.01)
                    continue
                while not self._ending.is_set() and self._submit(connection, f"{name}-{count}", account, chance):
                    count += 1
                count += 1

    def _submit(
        self, connection: http.client.HTTPConnection, label: str, account: Account, chance: random.Random
    ) -> bool:
        """Whether the connection is still there."""
        provider, document = chance.choice(("paddle", "baidu")), chance.choice(sorted(DOCUMENTS))
        pages, image = DOCUMENTS[document]
        body = {"imageBase64": image, "filename": label, "provider": provider}
        seen = Seen(label=label, account=account, provider=provider, pages=pages)
        try:
            if chance.random() < 0.1:
                _call(connection, "PUT", f"/_mock/accounts/{account.id}/task-failures", {"count": 1})
            self._seen[label] = seen
            status, answer = _call(connection, "POST", "/api/ocr", body, account.key)
        except (OSError, http.client.HTTPException):
            return False
        self._seen[label] = replace(seen, status=status, task_id=answer.get("taskId"))
        return True
