"""The table of decisions: its rows, their order, and how each one refuses."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from fixtures import fixture
from mockserver import Server
from mockserver.decisions import decisions
from mockserver.submission import Submission
from spec import Contract

pytestmark = pytest.mark.anyio

TEXT = {"Content-Type": "text/plain"}
JSON = {"Content-Type": "application/json"}
LIMIT = 10 * 1024 * 1024


def base64(content: bytes) -> str:
    return b64encode(content).decode()


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A request that has one fault less than the one before, and the answer to the first fault that is left."""

    mended: str
    status: int
    code: str
    rule: str
    key: str = "empty"
    headers: dict[str, str] = field(default_factory=lambda: JSON)
    body: bytes = b""
    members: dict[str, Any] | None = None

    def content(self) -> bytes:
        return self.body if self.members is None else json.dumps(self.members).encode()


BAD_NAME = {"filename": 5, "provider": "tesseract"}
LONG_NAME = {"filename": "n" * 1001, "provider": "tesseract"}
BAD_PROVIDER = {"filename": "notes.txt", "provider": "tesseract"}
PDF = {name: base64(fixture(name).content) for name in ("encrypted.pdf", "truncated.pdf")}
PNG = base64(fixture("page.png").content)
LARGE = b"not json" * (LIMIT // 8 + 1)

STAGES = [
    Stage(
        mended="nothing",
        key="none",
        headers=TEXT,
        body=LARGE,
        status=401,
        code="missing_api_key",
        rule="auth.missing_key",
    ),
    Stage(
        mended="header",
        key="basic",
        headers=TEXT,
        body=LARGE,
        status=401,
        code="missing_api_key",
        rule="auth.other_scheme",
    ),
    Stage(
        mended="scheme",
        key="nothing",
        headers=TEXT,
        body=LARGE,
        status=401,
        code="missing_api_key",
        rule="auth.missing_key",
    ),
    Stage(
        mended="token",
        key="unknown",
        headers=TEXT,
        body=LARGE,
        status=401,
        code="invalid_api_key",
        rule="auth.unknown_key",
    ),
    Stage(
        mended="known key",
        key="revoked",
        headers=TEXT,
        body=LARGE,
        status=401,
        code="invalid_api_key",
        rule="auth.revoked_key",
    ),
    Stage(
        mended="valid key",
        headers=TEXT,
        body=LARGE,
        status=415,
        code="unsupported_media_type",
        rule="submit.media_type",
    ),
    Stage(mended="media type", body=LARGE, status=413, code="payload_too_large", rule="limit.refused"),
    Stage(mended="size", body=b"not json", status=400, code="invalid_image_base64", rule="body.invalid_image"),
    Stage(mended="JSON", body=b"[5]", status=400, code="missing_image_base64", rule="body.required_field"),
    Stage(mended="object", members=BAD_NAME, status=400, code="missing_image_base64", rule="body.required_field"),
    Stage(
        mended="image",
        members={**BAD_NAME, "imageBase64": 5},
        status=400,
        code="invalid_image_base64",
        rule="body.invalid_image",
    ),
    Stage(
        mended="string",
        members={**BAD_NAME, "imageBase64": "%"},
        status=400,
        code="invalid_image_base64",
        rule="body.invalid_image",
    ),
    Stage(
        mended="Base64",
        members={**BAD_NAME, "imageBase64": base64(b"Hello")},
        status=400,
        code="invalid_image_base64",
        rule="body.filename",
    ),
    Stage(
        mended="filename",
        members={**LONG_NAME, "imageBase64": base64(b"Hello")},
        status=400,
        code="invalid_image_base64",
        rule="body.filename",
    ),
    Stage(
        mended="length of the name",
        members={**BAD_PROVIDER, "imageBase64": base64(b"Hello")},
        status=400,
        code="invalid_image_base64",
        rule="body.provider",
    ),
    Stage(
        mended="provider",
        members={"imageBase64": base64(b"Hello")},
        status=400,
        code="invalid_image_base64",
        rule="body.invalid_image",
    ),
    Stage(
        mended="kind",
        members={"imageBase64": PDF["encrypted.pdf"]},
        status=400,
        code="invalid_image_base64",
        rule="body.invalid_image",
    ),
    Stage(
        mended="password",
        members={"imageBase64": PDF["truncated.pdf"]},
        status=400,
        code="invalid_image_base64",
        rule="body.invalid_image",
    ),
    Stage(
        mended="pages",
        members={"imageBase64": PNG},
        status=402,
        code="insufficient_pages",
        rule="billing.insufficient_pages",
    ),
    Stage(
        mended="balance",
        key="failing",
        members={"imageBase64": PNG},
        status=500,
        code="task_creation_failed",
        rule="billing.refund",
    ),
]


def authorization(server: Server, key: str) -> dict[str, str]:
    """The header of a request with that sort of key, on an account that is made for it."""
    account = server.open_account(1 if key == "failing" else 0)
    match key:
        case "none":
            return {}
        case "basic":
            return {"Authorization": f"Basic {account.api_key}"}
        case "nothing":
            return {"Authorization": "Bearer "}
        case "unknown":
            return {"Authorization": f"Bearer {account.api_key}x"}
        case "revoked":
            server.keys.revoke(account.account_id, account.key_id)
        case "failing":
            server.accounts.fail_tasks(account.account_id, 1)
    return {"Authorization": f"Bearer {account.api_key}"}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: f"mended {stage.mended}")
async def test_names_the_first_fault_of_several(server: Server, http: httpx.AsyncClient, stage: Stage) -> None:
    headers = {**stage.headers, **authorization(server, stage.key)}
    answer = await http.post("/api/ocr", content=stage.content(), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (stage.status, stage.code)
    assert answer.headers["X-Mock-Rule"] == stage.rule


async def test_accepts_when_every_fault_is_mended(server: Server, http: httpx.AsyncClient) -> None:
    headers = {**JSON, "Authorization": f"Bearer {server.open_account(1).api_key}"}
    answer = await http.post("/api/ocr", json={"imageBase64": PNG}, headers=headers)
    assert (answer.status_code, answer.json()["success"]) == (200, True)


async def test_accepts_a_file_name_of_a_thousand_characters(server: Server, http: httpx.AsyncClient) -> None:
    headers = {**JSON, "Authorization": f"Bearer {server.open_account(1).api_key}"}
    answer = await http.post("/api/ocr", json={"imageBase64": PNG, "filename": "n" * 1000}, headers=headers)
    assert answer.status_code == 200


def test_the_table_has_these_rows(contract: Contract) -> None:
    assert [(decision.rule, decision.question) for decision in decisions(contract)] == [
        ("auth.missing_key", None),
        ("auth.other_scheme", "bearer_case"),
        ("auth.missing_key", "empty_token"),
        ("auth.unknown_key", None),
        ("auth.revoked_key", None),
        ("submit.media_type", None),
        ("limit.refused", "megabyte"),
        ("body.invalid_image", "malformed_json"),
        ("body.required_field", "non_object_json"),
        ("body.required_field", None),
        ("body.required_field", "null_image"),
        ("body.required_field", "empty_image"),
        ("body.invalid_image", "non_string_image"),
        ("body.invalid_image", None),
        ("body.filename", None),
        ("body.filename", "long_filename"),
        ("body.provider", "unknown_provider"),
        ("body.invalid_image", "unrecognised_bytes"),
        ("body.invalid_image", "encrypted_pdf"),
        ("body.invalid_image", "broken_pdf"),
        ("billing.insufficient_pages", "partial_balance"),
        ("billing.refund", None),
    ]


def test_every_row_names_a_rule_and_a_question_of_the_documents(contract: Contract) -> None:
    for decision in decisions(contract):
        assert decision.rule in contract.rules
        assert decision.question is None or decision.question in contract.questions


async def never(_submission: Submission) -> bool:
    return False


@pytest.mark.parametrize("row", range(22))
async def test_a_refusal_names_the_rule_of_its_row(
    server: Server, connect: Callable[[Server], httpx.AsyncClient], row: int
) -> None:
    """Those rows, too, that decide an open question."""
    decision = server.decisions[row]
    table = [*server.decisions[:row], replace(decision, check=never), *server.decisions[row + 1 :]]
    headers = {**JSON, "Authorization": f"Bearer {server.open_account(1).api_key}"}
    client = connect(replace(server, decisions=tuple(table)))
    answer = await client.post("/api/ocr", json={"imageBase64": PNG}, headers=headers)
    assert answer.headers["X-Mock-Rule"] == decision.rule
    assert (answer.status_code, answer.json()["error"]) == (decision.error.status, decision.error.code)


@pytest.mark.parametrize("row", range(21))
async def test_without_its_row_no_submission_fails_with_a_fault_of_the_server(
    server: Server, connect: Callable[[Server], httpx.AsyncClient], row: int
) -> None:
    """Any row but the last, which creates the task, can be taken out to make a server that breaks its rule."""
    client = connect(replace(server, decisions=server.decisions[:row] + server.decisions[row + 1 :]))
    for stage in STAGES:
        headers = {**stage.headers, **authorization(server, stage.key)}
        answer = await client.post("/api/ocr", content=stage.content(), headers=headers)
        assert answer.json().get("error") != "internal_error", stage.mended
