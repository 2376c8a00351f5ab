"""A key appears in no output, even if the server sends it back in every way it can."""

import base64
import json
from pathlib import Path

from rich.console import Console
from starlette.types import Message, Receive, Scope, Send

from conformance.judge import judge
from conformance.profile import Keys, Profile
from conformance.report.terminal import print_summary
from conformance.report.write import write
from tests.servers import reference, served, small_contract

CANARY = "sk_canary_0123456789abcdefghijkl"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An API whose every answer repeats the key, plain and in Base64: 400 without an image, otherwise 500."""
    if scope["type"] != "http":
        return
    complete = b"imageBase64" in await _body(receive)
    sent = dict(scope["headers"]).get(b"authorization", b"")
    answer = {
        "error": "oops" if complete else "missing_image_base64",
        "plain": sent.decode(),
        "base64": base64.b64encode(b"key: " + sent).decode(),
        f"name {sent.decode()}": 1,
    }
    headers = [(b"content-type", b"application/json"), (b"x-echo", sent), (f"x-echo-{CANARY}".encode(), b"1")]
    await send({"type": "http.response.start", "status": 500 if complete else 400, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})


async def _body(receive: Receive) -> bytes:
    content = b""
    while True:
        message: Message = await receive()
        content += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return content


def test_no_output_holds_the_key(tmp_path: Path) -> None:
    contract = small_contract()
    with served(reference(contract), lambda app: echo) as profile:
        keyed = Profile(name=f"with {CANARY}", base_url=profile.base_url, keys=Keys(valid=CANARY))
        judgement = judge(contract, keyed)
    path = write(tmp_path, judgement.report, judgement.beside)
    with (tmp_path / "terminal.txt").open("w", encoding="utf-8") as terminal:
        print_summary(Console(file=terminal, width=200), judgement.report, path)
    assert judgement.report["verdict"] == "failed"
    forms = [CANARY, *(base64.b64encode(b"x" * shift + CANARY.encode()).decode()[8:-8] for shift in range(3))]
    for file in [file for file in tmp_path.rglob("*") if file.is_file()]:
        text = file.read_text(encoding="utf-8", errors="replace")
        assert [form for form in forms if form in text] == [], file.name
    assert "$STARTOCR_API_KEY" in path.read_text(encoding="utf-8")
