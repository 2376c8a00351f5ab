"""Every path with every method: 404, or 405 with the methods that there are, as JSON and with what CORS asks for."""

import httpx
import pytest

pytestmark = pytest.mark.anyio

ALLOWED = "https://app.example.com"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
PATHS = {
    "/api/ocr": {"POST"},
    "/api/account": {"GET", "HEAD"},
    "/api/tasks": {"GET", "HEAD"},
    "/api/tasks/clx": {"GET", "HEAD"},
    "/_mock": {"GET", "HEAD"},
    "/_mock/": {"GET", "HEAD"},
    "/_mock/accounts": {"POST"},
    "/_mock/accounts/acct_x": {"GET", "HEAD", "DELETE"},
    "/_mock/accounts/acct_x/keys": {"POST"},
    "/_mock/accounts/acct_x/keys/key_x": {"DELETE"},
    "/_mock/accounts/acct_x/task-failures": {"PUT"},
    "/_mock/accounts/acct_x/queue": {"PUT"},
}
UNKNOWN = (
    "/",
    "/api",
    "/api/",
    "/api/ocr/",
    "/api/OCR",
    "/api//ocr",
    "//api/ocr",
    "/api/tasks/a/b",
    "/_mock/x",
    "/%2e%2e",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
async def test_a_method_is_there_or_refused_with_those_that_are(
    http: httpx.AsyncClient, path: str, method: str
) -> None:
    answer = await http.request(method, path, headers={"Origin": ALLOWED})
    assert (answer.status_code == 405) is (method not in PATHS[path])
    if answer.status_code == 405:
        assert set(answer.headers["Allow"].split(", ")) == PATHS[path]
        assert_refused(answer, "method_not_allowed")


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", METHODS)
async def test_a_path_that_is_none_is_not_found(http: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await http.request(method, f"http://mock.test{path}", headers={"Origin": ALLOWED})
    assert answer.status_code == 404
    assert_refused(answer, "not_found")


def assert_refused(answer: httpx.Response, code: str) -> None:
    """In the one shape; and where pages may look at all, those that are allowed may read it."""
    is_hook = answer.url.path.startswith("/_mock")
    assert answer.headers.get("Access-Control-Allow-Origin") == (None if is_hook else ALLOWED)
    assert answer.headers["Content-Type"] == "application/json"
    if answer.request.method == "HEAD":
        assert answer.content == b""
        return
    body = answer.json()
    assert (body["success"], body["error"]) == (False, code)
    assert sorted(body) == ["error", "message", "success"]
