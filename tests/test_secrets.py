"""A key appears in no output, even if the server sends it back in every way it can."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from conformance.judge import judge
from conformance.profile.profile import HooksAddress, Keys, Profile
from conformance.session.preflight import PreflightError
from mockserver.keys import Keys as ServerKeys
from mockserver.server import Server
from mockserver.store import Store
from spec.building import dump_openapi
from tests.echoing import FORMS, PADDINGS, echoing, found
from tests.servers import ORIGIN, reference, served, small_contract

CANARY = "sk_Canary+7193482650/aBcDeFgHiJkL"


class RememberingKeys(ServerKeys):
    """Keys of which the test knows each that is given away."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.given: set[str] = set()

    def add(self, account_id: str, key_id: str, secret: str) -> None:
        super().add(account_id, key_id, secret)
        self.given.add(secret)


def remembering(server: Server) -> tuple[Server, RememberingKeys]:
    keys = RememberingKeys(server.store)
    return replace(server, keys=keys), keys


def outputs(profile: str, folder: Path, *options: str) -> dict[str, str]:
    """All that a run leaves for somebody to read, by the name of the file or stream."""
    (folder / "profile.yaml").write_text(profile, encoding="utf-8")
    (folder / "openapi.yaml").write_text(dump_openapi(small_contract()), encoding="utf-8")
    files = ["--target", folder / "profile.yaml", "--spec", folder / "openapi.yaml", "--reports", folder / "reports"]
    process = subprocess.run(
        [sys.executable, "-m", "conformance", "run", "--strict", *options, *map(str, files)],
        env={**os.environ, "COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 1, process.stdout + process.stderr
    written = {path.name: path for path in (folder / "reports").rglob("*") if path.is_file()}
    assert {"report.json", "index.html", "junit.xml", "summary.md", "traffic.har"} <= written.keys()
    texts = {name: path.read_text(encoding="utf-8", errors="replace") for name, path in written.items()}
    return {**texts, "stdout": process.stdout, "stderr": process.stderr}


def answering(answer: Callable[[], Response]) -> Callable[[ASGIApp], ASGIApp]:
    """A server that gives this answer to every request."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            await (answer() if scope["type"] == "http" else app)(scope, receive, send)

        return wrapped

    return wrap


def test_no_output_holds_a_key_that_the_hooks_made(tmp_path: Path) -> None:
    """In a run of several processes, each of which knows the keys that it asked for."""
    server, keys = remembering(reference(small_contract()))
    with served(server, lambda app: echoing(app, failing=True)) as profile:
        told = outputs(
            f"base_url: {profile.base_url}\nhooks: {{url: '{profile.base_url}/_mock'}}\n"
            f"cors: {{allowed_origin: '{ORIGIN}'}}\nwait: {{task_seconds: 2}}\n",
            tmp_path,
            "-n2",
        )
    assert len(keys.given) > 50
    assert {name: found(text, keys.given) for name, text in told.items() if found(text, keys.given)} == {}
    for name in ("$STARTOCR_FRESH_KEY", "$STARTOCR_REVOKED_KEY", "$STARTOCR_EXHAUSTED_KEY"):
        assert name in told["report.json"], name


def test_no_output_holds_a_key_of_the_profile(tmp_path: Path) -> None:
    server, _ = remembering(reference(small_contract()))
    account = server.open_account(1000)
    server.keys.add(account.account_id, "key_canary", CANARY)
    with served(server, lambda app: echoing(app, failing=True)) as profile:
        told = outputs(
            f"name: with {CANARY}\nbase_url: {profile.base_url}\nkeys: {{valid: '{CANARY}'}}\n"
            f"wait: {{task_seconds: 2}}\n",
            tmp_path,
        )
    assert {name: found(text, {CANARY}) for name, text in told.items() if found(text, {CANARY})} == {}
    assert "$STARTOCR_API_KEY" in told["report.json"]
    assert "$STARTOCR_API_KEY" in told["stdout"]


@pytest.mark.parametrize("form", FORMS)
def test_no_error_before_the_run_holds_a_key(form: str) -> None:
    """The endpoint answers 404 with the key across what is shown of an answer."""
    paddings = itertools.cycle(PADDINGS)

    def echo() -> Response:
        return PlainTextResponse("@" * next(paddings) + " " + FORMS[form](CANARY), 404)

    with served(reference(small_contract()), answering(echo)) as profile:
        keyed = Profile(name="absent", base_url=profile.base_url, keys=Keys(valid=CANARY))
        for _ in PADDINGS:
            with pytest.raises(PreflightError) as caught:
                judge(small_contract(), keyed)
            assert found(str(caught.value), {CANARY}) == set()


def test_no_error_of_a_hook_holds_the_token() -> None:
    with served(reference(small_contract()), answering(lambda: PlainTextResponse(CANARY, 404))) as profile:
        hooks = HooksAddress(url=f"{profile.base_url}/{CANARY}", token=CANARY)
        with pytest.raises(PreflightError) as caught:
            judge(small_contract(), replace(profile, hooks=hooks))
    assert found(str(caught.value), {CANARY}) == set()
    assert "hook" in str(caught.value)
