"""CORS: allowed pages may read every answer, foreign ones none, and servers notice nothing of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from mockserver import Server
from mockserver.server import OpenedAccount

pytestmark = pytest.mark.anyio

Connect = Callable[[Server], httpx.AsyncClient]
ALLOWED = "https://app.example.com"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
FOREIGN = [
    "https://other.example.com",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.test",
    "HTTPS://APP.EXAMPLE.COM",
    "null",
    "*",
]

Submit = Callable[..., Awaitable[httpx.Response]]


async def test_an_allowed_page_may_read_the_answer(http: httpx.AsyncClient, account: OpenedAccount, image: str) -> None:
    headers = {"Origin": ALLOWED, "Authorization": f"Bearer {account.api_key}"}
    answer = await http.post("/api/ocr", json={"imageBase64": image}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/api/ocr", 401), ("GET", "/api/ocr", 405), ("GET", "/api/nothing", 404), ("GET", "/api/account", 401)],
)
async def test_an_allowed_page_may_read_refusals(http: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await http.request(method, path, headers={"Origin": ALLOWED})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, ALLOWED)


async def test_an_allowed_page_may_read_that_the_server_failed(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await connect(replace(server, decisions=())).post("/api/ocr", headers={"Origin": ALLOWED})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (500, ALLOWED)


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_foreign_page_is_answered_without_permission(
    http: httpx.AsyncClient, account: OpenedAccount, image: str, origin: str
) -> None:
    headers = {"Origin": origin, "Authorization": f"Bearer {account.api_key}"}
    answer = await http.post("/api/ocr", json={"imageBase64": image}, headers=headers)
    assert answer.status_code == 200
    assert [name for name in answer.headers if name.startswith("access-control-")] == []
    assert answer.headers["Vary"] == "Origin"


async def test_a_preflight_of_an_allowed_page_is_granted_without_a_key(http: httpx.AsyncClient) -> None:
    answer = await http.options("/api/ocr", headers={"Origin": ALLOWED, **PREFLIGHT})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert answer.headers["Access-Control-Allow-Methods"] == "POST, GET"
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["X-Mock-Rule"] == "cors.preflight"


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_preflight_of_a_foreign_page_is_a_method_like_any_other(http: httpx.AsyncClient, origin: str) -> None:
    answer = await http.options("/api/ocr", headers={"Origin": origin, **PREFLIGHT})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert [name for name in answer.headers if name.startswith("access-control-")] == []


async def test_options_without_the_headers_of_a_preflight_is_none(http: httpx.AsyncClient) -> None:
    assert (await http.options("/api/ocr", headers={"Origin": ALLOWED})).status_code == 405
    assert (await http.options("/api/ocr", headers=PREFLIGHT)).status_code == 405


async def test_a_server_gets_no_cors_headers(submit: Submit) -> None:
    answer = await submit()
    assert [name for name in answer.headers if name.startswith("access-control-")] == []
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", ["/_mock", "/_mock/", "/_mock/accounts"])
async def test_no_page_may_read_the_hooks(http: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = await http.request(method, path, headers={"Origin": ALLOWED, **PREFLIGHT})
        assert [name for name in answer.headers if name.startswith("access-control-")] == []
        assert "Vary" not in answer.headers


async def test_without_configuration_no_page_is_allowed(server: Server, connect: Connect) -> None:
    client = connect(replace(server, cors=replace(server.cors, allowed_origins=())))
    answer = await client.get("/api/account", headers={"Origin": ALLOWED})
    assert "Access-Control-Allow-Origin" not in answer.headers
