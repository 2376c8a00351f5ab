"""The processes that read PDF documents: lazy, limited, killed, replaced, and in nobody's way."""

import asyncio
import errno
import os
import resource
import signal
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from fixtures import fixture
from fixtures.pdf_pages import text_pdf
from mockserver import Server, Settings, build_server, pdf_worker, serve_in_thread
from mockserver.documents import Documents
from mockserver.pdf import PdfReader
from mockserver.readers import Readers
from mockserver.unreadable import UnreadableDocument
from spec import load_contract
from tests.mockserver.hostile.pdf_parts import MEGABYTE
from tests.mockserver.hostile.streams import content_of_sixty_thousand_lines as text_bomb
from tests.mockserver.hostile.tables import object_stream_of_fifty_megabytes as large
from tests.mockserver.hostile.tables import object_stream_that_inflates_within_limits as slow_bomb
from tests.mockserver.hostile.trees import tree_of_two_thousand_pages, tree_that_doubles
from tests.mockserver.reading import is_worker, post, status, wait_until, workers_of

pytestmark = pytest.mark.anyio

THREE_PAGES = fixture("three-pages.pdf").content


@pytest.fixture
def reader() -> Iterator[Callable[..., PdfReader]]:
    """Makes readers with these settings, and closes them; each starts its own workers, beside those there are."""
    made: list[PdfReader] = []

    def make(**settings: Any) -> PdfReader:
        # Unless a test is about it, nothing takes long, however busy the machine is.
        made.append(PdfReader(Settings(**{"pdf_quick_seconds": 10, **settings})))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def new_workers() -> Callable[[], list[int]]:
    """Those that this process has started since."""
    before = set(workers_of(os.getpid()))
    return lambda: [pid for pid in workers_of(os.getpid()) if pid not in before]


async def test_one_is_started_by_the_first_document_and_kept(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader()
    assert new_workers() == []
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [first] = new_workers()
    for _ in range(20):
        assert await pdfs.count_pages(THREE_PAGES) == 3
    assert new_workers() == [first]


async def test_there_are_never_more_than_told(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_workers=2)
    assert await asyncio.gather(*(pdfs.count_pages(THREE_PAGES) for _ in range(20))) == [3] * 20
    assert 1 <= len(new_workers()) <= 2


async def test_one_that_takes_too_long_is_killed_and_replaced(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_count_seconds=0.4)
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [slow] = new_workers()
    start = time.perf_counter()
    with pytest.raises(UnreadableDocument, match="the PDF takes more than there is to read it"):
        await pdfs.count_pages(slow_bomb())
    assert 0.4 <= time.perf_counter() - start < 4
    assert not is_worker(slow)
    assert new_workers() == []
    assert await pdfs.count_pages(THREE_PAGES) == 3
    assert len(new_workers()) == 1


async def test_a_count_that_takes_long_is_counted_by_others(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_quick_seconds=0.02, pdf_count_seconds=30)
    assert await pdfs.count_pages(text_pdf("long.pdf", [["page"]] * 3000)) == 3000
    assert len(new_workers()) == 1


async def test_one_that_ended_by_itself_is_replaced(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader()
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [ended] = new_workers()
    os.kill(ended, signal.SIGKILL)
    wait_until(lambda: status(ended)["State"].startswith("Z"))
    assert await pdfs.count_pages(THREE_PAGES) == 3
    assert ended not in new_workers()


async def test_one_that_runs_out_of_memory_is_replaced(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_memory_bytes=140 * MEGABYTE)
    assert await pdfs.count_pages(THREE_PAGES) == 3
    [worker] = new_workers()
    with pytest.raises(UnreadableDocument):
        await pdfs.count_pages(large())
    wait_until(lambda: not is_worker(worker))
    assert await pdfs.count_pages(THREE_PAGES) == 3
    assert await reader().count_pages(large()) == 1


async def test_the_system_bounds_the_memory(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    assert await reader(pdf_memory_bytes=140 * MEGABYTE).count_pages(THREE_PAGES) == 3
    [worker] = new_workers()
    assert resource.prlimit(worker, resource.RLIMIT_AS) == (140 * MEGABYTE, 140 * MEGABYTE)


async def test_a_text_that_takes_long_is_read_by_others(
    reader: Callable[..., PdfReader], new_workers: Callable[[], list[int]]
) -> None:
    pdfs = reader(pdf_quick_seconds=0.02, pdf_text_seconds=30)
    assert len(await pdfs.text_layers(text_pdf("long.pdf", [["page"]] * 500))) == 500
    assert len(new_workers()) == 1


async def test_a_tree_that_doubles_again_and_again_costs_less_than_two_thousand_pages() -> None:
    """It is small and free, so whoever sends many is to hold up nobody."""

    def seconds(content: bytes) -> float:
        start = time.perf_counter()
        pdf_worker.answer(pdf_worker.COUNT, content)
        return time.perf_counter() - start

    assert seconds(tree_that_doubles()) * 4 < seconds(tree_of_two_thousand_pages())


async def test_where_none_can_be_started_nothing_is_charged_and_what_was_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def exhausted(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    server = build_server(Settings(), load_contract())
    account = server.open_account(10)
    content = text_pdf("short.pdf", [["page"]])
    with serve_in_thread(server) as url:
        with monkeypatch.context() as patch:
            patch.setattr("mockserver.reader.subprocess.Popen", exhausted)
            answer = await asyncio.to_thread(post, url, account.api_key, content)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
            assert answer.json()["error"] == "service_unavailable"
            assert server.ledger.balance(account.account_id) == 10
            task = asyncio.create_task(server.engine.recognise(content, pages=1))
            await asyncio.sleep(0.2)
        assert [page.text for page in await task] == ["page"]
        assert (await asyncio.to_thread(post, url, account.api_key, content)).status_code == 200


async def test_others_do_not_wait_for_bombs() -> None:
    """More bombs than there are workers: each keeps one from the others for a moment, and no longer."""
    server = build_server(Settings(pdf_quick_seconds=0.2, pdf_count_seconds=3), load_contract())
    key = server.open_account(100).api_key
    with serve_in_thread(server) as url:
        bombs = [asyncio.create_task(asyncio.to_thread(post, url, key, slow_bomb())) for _ in range(4)]
        await asyncio.sleep(0.3)
        for content in [fixture("page.png").content, THREE_PAGES] * 5:
            assert (await asyncio.to_thread(post, url, key, content)).status_code == 200
        assert not all(bomb.done() for bomb in bombs)
        assert {(await bomb).json()["error"] for bomb in bombs} == {"invalid_image_base64"}


async def test_the_accounts_are_answered_in_turn() -> None:
    readers = Readers(most=1, seconds=30, memory=1 << 30)
    answered: list[str] = []

    async def count(account_id: str) -> None:
        await readers.ask(pdf_worker.COUNT, THREE_PAGES, account_id=account_id)
        answered.append(account_id)

    await asyncio.gather(*map(count, ["many"] * 8 + ["one"]))
    readers.close()
    # Before it comes what is being answered, and one more, which was waiting already.
    assert answered.index("one") <= 2


async def test_a_count_has_its_turn_among_those_of_its_account(connect: Callable[[Server], httpx.AsyncClient]) -> None:
    class Counting(PdfReader):
        async def count_pages(self, content: bytes, *, account_id: str = "") -> int:
            counted.append(account_id)
            return 1

    counted: list[str] = []
    server = build_server(Settings(), load_contract())
    server = replace(server, documents=Documents(Counting(server.settings)))
    account = server.open_account(1)
    body = {"imageBase64": b64encode(THREE_PAGES).decode()}
    answer = await connect(server).post("/api/ocr", json=body, headers={"Authorization": f"Bearer {account.api_key}"})
    assert (answer.status_code, counted) == (200, [account.account_id])


async def test_closing_leaves_nobody_waiting(reader: Callable[..., PdfReader]) -> None:
    pdfs = reader(pdf_workers=1)
    counts = [asyncio.create_task(pdfs.count_pages(slow_bomb())) for _ in range(3)]
    await asyncio.sleep(0.5)
    pdfs.close()
    ended = await asyncio.wait_for(asyncio.gather(*counts, return_exceptions=True), 5)
    assert all(isinstance(one, BaseException) for one in ended)


async def test_texts_do_not_wait_for_those_that_take_long() -> None:
    """More bombs than there are workers, each of one page and 49 kilobytes."""
    server = build_server(Settings(pdf_quick_seconds=0.2, pdf_text_seconds=4), load_contract())
    key, other = (server.open_account(100).api_key for _ in range(2))
    with serve_in_thread(server) as url:
        bombs = [asyncio.create_task(asyncio.to_thread(post, url, key, text_bomb(), "baidu")) for _ in range(4)]
        await asyncio.sleep(0.3)
        for _ in range(3):
            assert (await asyncio.to_thread(post, url, other, THREE_PAGES, "baidu")).status_code == 200
        assert not any(bomb.done() for bomb in bombs)
        assert {(await bomb).status_code for bomb in bombs} == {200}
