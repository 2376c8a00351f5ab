"""What the server does not depend on, and how it starts."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_server_never_imports_the_suite() -> None:
    probe = "import sys, mockserver.__main__; sys.exit('conformance' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False).returncode == 0


def test_starting_loads_neither_the_image_nor_the_pdf_library() -> None:
    probe = "import sys, mockserver.__main__; sys.exit(bool({'PIL', 'pypdf'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False).returncode == 0


def test_reading_documents_loads_neither_of_them() -> None:
    probe = """
import asyncio, sys
from fixtures import fixture
from mockserver import Settings, build_server
from spec import load_contract

async def read(name):
    content = fixture(name).content + bytes(1)
    kind = server.documents.kind(content, declared=None, filename=None)
    assert await server.documents.pages(content, kind) == fixture(name).pages
    assert len(await server.engine.recognise(content, pages=fixture(name).pages)) == fixture(name).pages

server = build_server(Settings(), load_contract())
for name in ("page.png", "page.jpg", "page.webp", "two-pages.tiff", "three-pages.pdf"):
    asyncio.run(read(name))
sys.exit(bool({'PIL', 'pypdf'} & sys.modules.keys()))
"""
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT, check=False).returncode == 0


def test_no_status_or_code_of_the_documentation_is_typed_in_the_server() -> None:
    codes = {"missing_api_key", "invalid_api_key", "missing_image_base64", "invalid_image_base64"}
    codes |= {"insufficient_pages", "payload_too_large", "unsupported_media_type"}
    for path in (ROOT / "mockserver").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [code for code in codes if f'"{code}"' in text], path
