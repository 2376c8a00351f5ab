"""Unknown paths, other methods and faults of the server are answered as JSON, and show nothing of the inside."""

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from mockserver import Server
from mockserver.engines.recorded import RecordedEngine
from mockserver.recognition import Page
from mockserver.server import OpenedAccount

pytestmark = pytest.mark.anyio

Connect = Callable[[Server], httpx.AsyncClient]


@pytest.mark.parametrize("path", ["/", "/api", "/api/ocr/", "/api/ocr/x", "/_mock/nothing", "/%ff"])
async def test_an_unknown_path_is_not_found(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.post(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "success": False,
        "error": "not_found",
        "message": "There is nothing at this path.",
    }


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
async def test_another_method_of_the_endpoint_is_not_allowed(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, "/api/ocr")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.headers["X-Mock-Rule"] == "http.method_not_allowed"
    assert answer.json() == {
        "success": False,
        "error": "method_not_allowed",
        "message": "This path does not have this method.",
    }


async def test_another_method_of_the_hooks_names_all_of_its_own(http: httpx.AsyncClient) -> None:
    answer = await http.put("/_mock/accounts/acct_x")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "DELETE"}


class BrokenKeys:
    def find(self, _secret: str) -> None:
        raise ZeroDivisionError("inside")


async def test_a_fault_of_the_server_shows_nothing_of_the_inside(
    server: Server, account: OpenedAccount, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(replace(server, keys=BrokenKeys()))  # type: ignore[arg-type]
    answer = await client.post("/api/ocr", headers={"Authorization": f"Bearer {account.api_key}"})
    assert answer.status_code == 500
    assert answer.json() == {"success": False, "error": "internal_error", "message": "The server failed."}
    assert [record.message for record in caplog.records] == ["an unexpected error"]
    assert account.api_key not in caplog.text


async def test_a_refused_recognition_is_logged_without_its_message(
    server: Server, account: OpenedAccount, connect: Connect, image: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(RecordedEngine):
        async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
            raise ZeroDivisionError("text of the document")

    client = connect(replace(server, engine=Broken(server.pdfs)))
    headers = {"Authorization": f"Bearer {account.api_key}"}
    await client.post("/api/ocr", json={"imageBase64": image, "provider": "baidu"}, headers=headers)
    assert "failed: ZeroDivisionError" in caplog.text
    assert "text of the document" not in caplog.text
