"""No process that reads documents survives the server, whatever ends it, even in the middle of a document."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures import fixture
from tests.mockserver.hostile.streams import content_of_sixty_thousand_lines as text_bomb
from tests.mockserver.hostile.tables import object_stream_that_inflates_within_limits as slow_bomb
from tests.mockserver.reading import cpu_seconds, is_worker, megabytes, post, wait_until, workers_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def served() -> Iterator[tuple["subprocess.Popen[str]", str, str]]:
    """A server in a process of its own, its URL and a key."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--ready", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        yield process, facts["url"], facts["apiKey"]
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_none_survives_the_server(served: tuple["subprocess.Popen[str]", str, str], number: int) -> None:
    process, url, key = served
    assert workers_of(process.pid) == []
    assert post(url, key, fixture("three-pages.pdf").content).status_code == 200
    workers = workers_of(process.pid)
    assert workers
    process.send_signal(number)
    process.wait(10)
    wait_until(lambda: not any(map(is_worker, workers)))


def test_a_busy_one_ends_soon_after_a_server_that_was_killed() -> None:
    code = (
        "import asyncio, sys; from mockserver import Settings; from mockserver.pdf import PdfReader\n"
        "asyncio.run(PdfReader(Settings(pdf_count_seconds=2)).count_pages(sys.stdin.buffer.read()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(slow_bomb())
        process.stdin.close()
        # Now it is in the middle of the document, which keeps it busy for longer than this test has.
        wait_until(lambda: any(megabytes(worker) > 120 for worker in workers_of(process.pid)))
        workers = workers_of(process.pid)
        process.kill()
    wait_until(lambda: not any(map(is_worker, workers)))


def test_a_busy_one_does_not_wait_for_its_limit_when_the_server_was_killed() -> None:
    code = (
        "import asyncio, sys; from mockserver import Settings; from mockserver.pdf import PdfReader\n"
        "settings = Settings(pdf_quick_seconds=60, pdf_text_seconds=60)\n"
        "asyncio.run(PdfReader(settings).text_layers(sys.stdin.buffer.read()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(text_bomb())
        process.stdin.close()
        wait_until(lambda: any(cpu_seconds(worker) > 1 for worker in workers_of(process.pid)))
        workers = workers_of(process.pid)
        process.kill()
    wait_until(lambda: not any(map(is_worker, workers)))
