"""An edited documentation moves the server: limit, providers, fields and errors come from it, not from the code."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from fixtures import fixture
from mockserver import Server, Settings, build_server
from spec import Contract, Error, Limit, Provider, load_contract
from spec.building import dump_openapi
from spec.reading import DOCUMENTATION, read_contract

pytestmark = pytest.mark.anyio

Connect = Callable[[Server], httpx.AsyncClient]
Post = Callable[..., Awaitable[httpx.Response]]

IMAGE = b64encode(fixture("page.png").content).decode()


@pytest.fixture
def post(connect: Connect, settings: Settings) -> Post:
    """Submits to a server for that contract, from an account of ten pages."""

    async def send(contract: Contract, path: str = "/api/ocr", *, padding: int = 0, **members: Any) -> httpx.Response:
        server = build_server(settings, contract)
        members = {"imageBase64": IMAGE, **members, **({"padding": " " * padding} if padding else {})}
        headers = {"Authorization": f"Bearer {server.open_account(10).api_key}"}
        return await connect(server).post(path, json=members, headers=headers)

    return send


async def test_another_limit_is_kept(contract: Contract, post: Post) -> None:
    larger = replace(contract, limit=Limit(megabytes=20))
    assert (await post(contract, padding=15_000_000)).status_code == 413
    assert (await post(larger, padding=15_000_000)).status_code == 200
    assert (await post(larger, padding=21_000_000)).status_code == 413


@pytest.mark.parametrize(("reading", "status"), [("binary", 200), ("decimal", 413)])
async def test_a_megabyte_is_what_the_question_says(contract: Contract, post: Post, reading: str, status: int) -> None:
    megabyte = replace(contract.questions["megabyte"], mock=reading)
    edited = replace(contract, questions={**contract.questions, "megabyte": megabyte})
    assert (await post(edited, padding=10_200_000)).status_code == status


async def test_the_success_status_is_what_the_question_says(contract: Contract, post: Post) -> None:
    success = replace(contract.questions["success_status"], mock="202")
    edited = replace(contract, questions={**contract.questions, "success_status": success})
    assert (await post(edited)).status_code == 202


async def test_a_new_provider_is_served_by_its_mode(contract: Contract, connect: Connect, settings: Settings) -> None:
    new = Provider(name="tesseract", default=False, mode="synchronous", word_positions=False)
    server = build_server(settings, replace(contract, providers={**contract.providers, "tesseract": new}))
    account = server.open_account(1)
    answer = await connect(server).post(
        "/api/ocr",
        json={"imageBase64": IMAGE, "provider": "tesseract"},
        headers={"Authorization": f"Bearer {account.api_key}"},
    )
    assert (answer.status_code, answer.json()["provider"]) == (200, "tesseract")
    task = server.tasks.find(account.account_id, answer.json()["taskId"])
    assert task is not None
    assert task.result is not None
    assert task.result["pages"][0]["words"] == []


async def test_a_removed_provider_is_refused(contract: Contract, post: Post) -> None:
    edited = replace(contract, providers={"paddle": contract.providers["paddle"]})
    assert (await post(edited, provider="baidu")).status_code == 400


async def test_another_default_provider_is_taken(contract: Contract, post: Post) -> None:
    providers = {name: replace(row, default=name == "baidu") for name, row in contract.providers.items()}
    assert (await post(replace(contract, providers=providers))).json()["provider"] == "baidu"


@pytest.mark.parametrize("members", [{}, {"filename": None}, {"filename": ""}], ids=["left out", "null", "empty"])
async def test_a_required_field_without_a_row_of_its_own_is_refused_as_incomplete(
    contract: Contract, post: Post, members: dict[str, Any]
) -> None:
    edited = replace(contract, fields=tuple(replace(field, required=True) for field in contract.fields))
    answer = await post(edited, provider="paddle", **members)
    assert answer.status_code == 400
    assert answer.json() == {
        "success": False,
        "error": "missing_image_base64",
        "message": "The body has no filename.",
    }
    assert answer.headers["X-Mock-Rule"] == "body.required_field"
    assert (await post(edited, provider="paddle", filename="a.png")).status_code == 200


async def test_a_required_field_with_a_row_of_its_own_is_refused_by_it(contract: Contract, post: Post) -> None:
    error = Error(status=422, code="missing_filename", meaning="The body has no filename")
    edited = replace(
        contract,
        fields=tuple(replace(field, required=field.name != "provider") for field in contract.fields),
        errors={**contract.errors, "missing_filename": error},
    )
    answer = await post(edited)
    assert (answer.status_code, answer.json()["error"]) == (422, "missing_filename")


async def test_another_status_of_an_error_is_answered(contract: Contract, post: Post) -> None:
    error = replace(contract.errors["invalid_image_base64"], status=422)
    edited = replace(contract, errors={**contract.errors, "invalid_image_base64": error})
    assert (await post(edited, imageBase64="%")).status_code == 422


async def test_another_path_is_served(contract: Contract, post: Post) -> None:
    edited = replace(contract, endpoint=replace(contract.endpoint, url="https://startocr.com/v2/recognise"))
    assert (await post(edited, "/v2/recognise")).status_code == 200
    assert (await post(edited, "/api/ocr")).status_code == 404


async def test_an_edited_document_goes_all_the_way(tmp_path: Path, post: Post) -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    for old, new in (
        ("larger than 10 MB", "larger than 20 MB"),
        ("| `filename` | string | No |", "| `filename` | string | Yes |"),
        ("| `baidu` | no |", "| `tesseract` | no | queued | no |\n| `baidu` | no |"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    documentation, openapi = tmp_path / "documentation.md", tmp_path / "openapi.yaml"
    documentation.write_text(text, encoding="utf-8")
    openapi.write_text(dump_openapi(read_contract(documentation)), encoding="utf-8")
    edited = load_contract(openapi)
    assert (await post(edited, filename="a.png", padding=15_000_000)).status_code == 200
    assert (await post(edited, filename="a.png", provider="tesseract")).status_code == 200
    assert (await post(edited)).json()["message"] == "The body has no filename."
