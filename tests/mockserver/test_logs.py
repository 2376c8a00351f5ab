"""What a server writes to stderr while things go wrong: one line for each, with no traceback, no key and no payload."""

import json
import logging
import sqlite3
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures import fixture
from mockserver import Settings, build_server, serve_in_thread
from mockserver.logs import OneLine
from spec import Contract
from tests.mockserver.processes import Process
from tests.mockserver.wire import Wire

CANARY = "canary-of-the-payload"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "mock.db"


@pytest.fixture
def process(database: Path) -> Iterator[Process]:
    process = Process(STARTOCR_MOCK_DATABASE=str(database), STARTOCR_MOCK_HOOKS_TOKEN="canary-of-the-hooks")
    yield process
    process.kill()


def submissions(key: str) -> list[dict[str, Any]]:
    """Requests of every kind that is refused, and one that is not; each has the key and the canary in it."""
    image = b64encode(fixture("page.png").content).decode()
    pdf = b64encode(b"%PDF-1.7 " + CANARY.encode()).decode()
    bearer = {"Authorization": f"Bearer {key}"}
    return [
        {"headers": bearer, "json": {"imageBase64": image, "filename": CANARY}},
        {"headers": bearer, "json": {"imageBase64": pdf, "filename": CANARY, "provider": "baidu"}},
        {"headers": bearer, "json": {"imageBase64": CANARY}},
        {"headers": bearer, "json": {"imageBase64": image, "provider": CANARY}},
        {"headers": {**bearer, "Content-Type": "application/json"}, "content": CANARY + key},
        {"headers": {**bearer, "Content-Type": f"text/{CANARY}"}, "content": key},
        {"headers": {"Authorization": f"Bearer {key}{CANARY}"}, "content": key},
        {"headers": {"Authorization": f"Basic {key}"}, "content": CANARY},
        {"method": "PUT", "headers": bearer, "content": CANARY},
        {"url": f"/{CANARY}", "headers": bearer},
        {"url": "/_mock/accounts", "headers": bearer, "json": {"pages": CANARY}},
    ]


def send(url: str, request: dict[str, Any]) -> httpx.Response:
    with httpx.Client(base_url=url) as client:
        return client.request(**{"method": "POST", "url": "/api/ocr", **request})


def test_each_error_is_one_line_without_a_traceback(process: Process, database: Path) -> None:
    facts = process.ready()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE ledger RENAME TO elsewhere")
    answer = send(facts["url"], submissions(facts["apiKey"])[0])
    assert answer.status_code == 500
    assert answer.json() == {"success": False, "error": "internal_error", "message": "The server failed."}
    status, err = process.terminate()
    assert status == 0
    creation, what_came_of_it = err.splitlines()
    assert creation.startswith("ERROR: a task could not be created (OperationalError at ")
    assert what_came_of_it.startswith("ERROR: an unexpected error (OperationalError at ")
    assert CANARY not in err
    assert facts["apiKey"] not in err


def test_neither_answers_nor_lines_repeat_a_key_or_a_payload(process: Process, database: Path) -> None:
    facts = process.ready()
    key = facts["apiKey"]
    answers = [send(facts["url"], request) for request in submissions(key)]
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE keys RENAME TO elsewhere")
    answers += [send(facts["url"], request) for request in submissions(key)]
    with Wire(facts["url"]) as wire:
        wire.send(f"{CANARY} {key} \r\n\r\n".encode())
        said = wire.hear().body.decode()
    _, err = process.terminate()
    assert "Traceback" not in err
    for secret in (key, CANARY, "canary-of-the-hooks"):
        assert [answer.text for answer in answers if secret in answer.text + str(answer.headers)] == []
        assert secret not in err + said


def test_a_request_that_is_cut_off_by_the_end_is_answered(contract: Contract, caplog: pytest.LogCaptureFixture) -> None:
    server = build_server(Settings(processing_seconds=60), contract)
    body = json.dumps({**contract.request_example, "provider": "baidu"}).encode()
    head = f"POST /api/ocr HTTP/1.1\r\nHost: mock.test\r\nAuthorization: Bearer {server.open_account(1).api_key}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with serve_in_thread(server) as url:
        wire = Wire(url)
        wire.send(head.encode() + body)
        while not server.store.row("SELECT 1 FROM tasks"):
            time.sleep(0.01)
    with wire:
        answer = wire.hear()
    assert (answer.status, answer.error, answer.fields["retry-after"]) == (503, "server_ending", "1")
    assert [record.exc_info for record in caplog.records if record.exc_info] == []


def test_a_message_that_is_a_traceback_is_told_by_its_type() -> None:
    message = "".join(traceback.format_exception(LookupError(CANARY)))
    said = "Traceback (most recent call last):\n" + message
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, said, None, None)
    assert OneLine().format(record) == "ERROR: LookupError"


def test_an_exception_is_told_by_its_type_and_its_place() -> None:
    try:
        Settings(nothing=CANARY)  # type: ignore[call-arg]
    except TypeError as problem:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "a\nb", None, (type(problem), problem, problem.__traceback__)
        )
    assert OneLine().format(record) == "ERROR: a b (TypeError)"
