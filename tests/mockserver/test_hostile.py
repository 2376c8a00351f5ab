"""Every document of the hostile corpus is counted right or refused as documented, in time and free of charge."""

import json
import os
import re
import shutil
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from fixtures import fixtures
from mockserver import Server, Settings, build_server
from mockserver.engines.recorded import RecordedEngine
from mockserver.pdf import PdfReader
from mockserver.recognition import Page
from mockserver.unreadable import UnreadableDocument
from spec import load_contract
from tests.mockserver.hostile import IMAGES, PDFS
from tests.mockserver.hostile.corpus import Hostile

pytestmark = pytest.mark.anyio

PAGES = 20_000
# What is to be refused need not get the five seconds that there are: it is refused after them, too.
LIMITED = Settings(pdf_count_seconds=0.3, pdf_text_seconds=0.3)
# For a worker to start and for megabytes to be unpacked on a machine that has other work.
BOUND = 5.0

Connect = Callable[[Server], httpx.AsyncClient]
each = pytest.mark.parametrize("hostile", [*PDFS, *IMAGES], ids=lambda hostile: hostile.name)
# Only what is counted comes to be read.
each_counted_pdf = pytest.mark.parametrize(
    "hostile", [one for one in PDFS if one.pages], ids=lambda hostile: hostile.name
)


class Nobody(RecordedEngine):
    async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
        return ()


def server_with(settings: Settings) -> Iterator[Server]:
    server = build_server(settings, load_contract())
    yield replace(server, engine=Nobody(server.pdfs))
    server.pdfs.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    yield from server_with(Settings())


@pytest.fixture(scope="module")
def limited() -> Iterator[Server]:
    yield from server_with(LIMITED)


@each
async def test_is_counted_right_or_refused(
    hostile: Hostile, patient: Server, limited: Server, connect: Connect
) -> None:
    server = limited if hostile.pages is None else patient
    account = server.open_account(PAGES)
    body = json.dumps({"imageBase64": b64encode(hostile.make()).decode()})
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    start = time.perf_counter()
    answer = await connect(server).post("/api/ocr", content=body, headers=headers)
    assert time.perf_counter() - start < BOUND
    expected = (400, "invalid_image_base64") if hostile.pages is None else (200, None)
    assert (answer.status_code, answer.json().get("error")) == expected
    assert server.ledger.balance(account.account_id) == PAGES - (hostile.pages or 0)


@pytest.fixture(scope="module")
def limited_engine(limited: Server) -> RecordedEngine:
    return RecordedEngine(limited.pdfs)


@each_counted_pdf
async def test_its_text_is_read_or_refused(hostile: Hostile, limited_engine: RecordedEngine) -> None:
    start = time.perf_counter()
    try:
        pages = await limited_engine.recognise(hostile.make(), pages=hostile.pages or 0)
    except UnreadableDocument:
        pages = ()
    assert time.perf_counter() - start < BOUND
    assert len(pages) in (0, hostile.pages)
    assert sum(len(page.text) for page in pages) <= 200_000


@pytest.fixture(scope="module")
def pdfinfo() -> str:
    path = shutil.which("pdfinfo")
    if path is None and "CI" not in os.environ:
        pytest.skip("pdfinfo is not installed: apt-get install poppler-utils")
    assert path is not None, "CI compares with pdfinfo: apt-get install poppler-utils"
    return path


def by_poppler(pdfinfo: str, path: Path, content: bytes) -> int | None:
    """The pages that pdfinfo finds; None if it cannot read the document."""
    path.write_bytes(content)
    run = subprocess.run([pdfinfo, path], capture_output=True, check=False, timeout=20)
    pages = re.search(rb"^Pages: +(\d+)$", run.stdout, re.MULTILINE)
    return int(pages[1]) if pages else None


async def test_poppler_counts_the_same(pdfs: PdfReader, pdfinfo: str, tmp_path: Path) -> None:
    readable = {one.name: one.content for one in fixtures().values() if one.pages and one.name.endswith(".pdf")}
    readable |= {one.name: one.make() for one in PDFS if one.pages}
    del readable["encrypted.pdf"]
    theirs = {name: by_poppler(pdfinfo, tmp_path / "document.pdf", content) for name, content in readable.items()}
    theirs = {name: pages for name, pages in theirs.items() if pages is not None}
    ours = {name: await pdfs.count_pages(readable[name]) for name in theirs}
    assert len(ours) > 20
    assert {name for name in ours if ours[name] != theirs[name]} == {one.name for one in PDFS if one.poppler}
