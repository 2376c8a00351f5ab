"""The endpoint: what an accepted submission gets, in every form in which one may come."""

import json
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from fixtures import fixture
from mockserver import Server
from mockserver.server import OpenedAccount

pytestmark = pytest.mark.anyio

Submit = Callable[..., Awaitable[httpx.Response]]


def base64_of(name: str) -> str:
    return b64encode(fixture(name).content).decode()


async def test_answers_an_accepted_submission(submit: Submit) -> None:
    answer = await submit(filename="scan.png", provider="paddle")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Mock-Rule"] == "submit.endpoint"
    assert answer.json() == {"success": True, "taskId": answer.json()["taskId"], "provider": "paddle"}
    assert re.fullmatch("cl[a-z0-9]{23}", answer.json()["taskId"])


async def test_a_submission_does_not_wait_for_the_router(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(*_: object) -> None:
        raise AssertionError("the router was asked")

    monkeypatch.setattr("starlette.routing.Router.__call__", lost)
    assert (await submit()).status_code == 200


async def test_every_submission_has_a_task_of_its_own(submit: Submit) -> None:
    assert (await submit()).json()["taskId"] != (await submit()).json()["taskId"]


@pytest.mark.parametrize("provider", ["paddle", "baidu"])
async def test_names_the_chosen_provider(submit: Submit, provider: str) -> None:
    assert (await submit(provider=provider)).json()["provider"] == provider


async def test_takes_the_default_provider(submit: Submit) -> None:
    assert (await submit()).json()["provider"] == "paddle"


@pytest.mark.parametrize("provider", ["tesseract", "", "Paddle", None, 5, True, ["paddle"], {"name": "paddle"}])
async def test_refuses_a_provider_that_is_not_in_the_table(submit: Submit, provider: object) -> None:
    answer = await submit(provider=provider)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_image_base64")
    assert answer.headers["X-Mock-Rule"] == "body.provider"


@pytest.mark.parametrize("filename", ["scan.png", "", "скан.png", "a\0b", "../../etc/passwd"])
async def test_takes_any_text_as_filename(
    submit: Submit, server: Server, account: OpenedAccount, filename: str
) -> None:
    answer = await submit(filename=filename)
    assert answer.status_code == 200
    task = server.tasks.find(account.account_id, answer.json()["taskId"])
    assert task is not None
    assert task.filename == filename


@pytest.mark.parametrize(
    "members",
    [
        {"imageBase64": "\ud800"},
        {"filename": "\ud800"},
        {"filename": "\udc00\ud800"},
        {"provider": "\ud800"},
        {"other": "\ud800"},
        {"other": ["a", {"b": "\udfff"}]},
        {"\ud800": 1},
    ],
)
async def test_refuses_half_of_a_surrogate_pair_wherever_it_stands(submit: Submit, members: dict[str, Any]) -> None:
    answer = await submit(**members)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_image_base64")
    assert answer.headers["X-Mock-Rule"] == "body.invalid_image"


async def test_takes_a_surrogate_pair(submit: Submit) -> None:
    """The tests' own encoder spells a letter beyond the basic plane as one."""
    assert (await submit(filename="\U0001f9fe.png", other="\U0001f9fe")).status_code == 200


@pytest.mark.parametrize("filename", [None, 5, False, [], {}])
async def test_refuses_a_filename_that_is_no_text(submit: Submit, filename: object) -> None:
    answer = await submit(filename=filename)
    assert (answer.status_code, answer.headers["X-Mock-Rule"]) == (400, "body.filename")


async def test_ignores_other_members(submit: Submit) -> None:
    assert (await submit(language="en", nested={"deep": [None]})).status_code == 200


@pytest.mark.parametrize(
    "name", ["page.png", "page.jpg", "page.webp", "two-pages.tiff", "one-page.pdf", "scanned.pdf", "twenty-pages.pdf"]
)
@pytest.mark.parametrize("provider", ["paddle", "baidu"])
async def test_accepts_each_kind_of_document(server: Server, submit: Submit, name: str, provider: str) -> None:
    key = server.open_account(20).api_key
    assert (await submit(key=key, imageBase64=base64_of(name), provider=provider)).status_code == 200


@pytest.mark.parametrize(
    ("start", "name"),
    [
        ("data:image/png;base64,", "page.png"),
        ("DATA:IMAGE/PNG;BASE64,", "page.png"),
        ("data:image/png;name=scan.png;charset=utf-8;base64,", "page.png"),
        ("data:image/jpeg;base64,", "page.png"),
        ("data:application/pdf;base64,", "one-page.pdf"),
    ],
    ids=["plain", "upper case", "parameters", "another image type", "PDF"],
)
async def test_accepts_data_uris(submit: Submit, start: str, name: str) -> None:
    assert (await submit(imageBase64=start + base64_of(name))).status_code == 200


@pytest.mark.parametrize(
    "start", ["data:image/png,", "data:;base64,", "data:text/plain;base64,", "data:image/png;base64", "data:base64,"]
)
async def test_refuses_other_data_uris(submit: Submit, image: str, start: str) -> None:
    answer = await submit(imageBase64=start + image)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_image_base64")


@pytest.mark.parametrize(
    ("image_base64", "code"),
    [(None, "missing_image_base64"), ("", "missing_image_base64"), ([], "invalid_image_base64")],
    ids=["null", "empty", "list"],
)
async def test_refuses_an_image_that_brings_nothing(submit: Submit, image_base64: object, code: str) -> None:
    answer = await submit(imageBase64=image_base64)
    assert (answer.status_code, answer.json()["error"]) == (400, code)


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", "Application/JSON", "application/json;x=y", " application/json "]
)
async def test_accepts_json_however_it_is_spelt(
    http: httpx.AsyncClient, account: OpenedAccount, image: str, media_type: str
) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": media_type}
    answer = await http.post("/api/ocr", content=json.dumps({"imageBase64": image}), headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "media_type", [None, "", "text/json", "application/jsonx", "application/x-www-form-urlencoded"]
)
async def test_refuses_other_media_types(
    http: httpx.AsyncClient, account: OpenedAccount, image: str, media_type: str | None
) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}"} | ({"Content-Type": media_type} if media_type else {})
    answer = await http.post("/api/ocr", content=json.dumps({"imageBase64": image}), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (415, "unsupported_media_type")


async def test_refuses_two_media_types(http: httpx.AsyncClient, account: OpenedAccount, image: str) -> None:
    types = [("Content-Type", "application/json")] * 2
    headers = [("Authorization", f"Bearer {account.api_key}"), *types]
    answer = await http.post("/api/ocr", content=json.dumps({"imageBase64": image}), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"imageBase64": "QQ==", "imageBase64": "QQ=="}',
        b'{"imageBase64": NaN}',
        b'{"imageBase64": "\xff"}',
        b'\xef\xbb\xbf{"imageBase64": "QQ=="}',
        b"[" * 100_000,
        b'{"imageBase64": "QQ=="} x',
    ],
    ids=["empty", "cut off", "twice", "NaN", "no UTF-8", "byte order mark", "deep", "more after it"],
)
async def test_refuses_a_body_that_is_not_json(http: httpx.AsyncClient, account: OpenedAccount, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    answer = await http.post("/api/ocr", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_image_base64")


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"imageBase64"', b"{}"])
async def test_refuses_json_without_the_member(http: httpx.AsyncClient, account: OpenedAccount, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {account.api_key}", "Content-Type": "application/json"}
    answer = await http.post("/api/ocr", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "missing_image_base64")


async def test_a_refusal_has_this_envelope(submit: Submit) -> None:
    answer = await submit(imageBase64="")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == {
        "success": False,
        "error": "missing_image_base64",
        "message": "The body has no imageBase64.",
    }
