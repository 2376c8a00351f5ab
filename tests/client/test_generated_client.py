"""A client generated from openapi.yaml submits a job to the running server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from mockserver.inprocess import serve_in_thread
from mockserver.server import Server, build_server
from mockserver.settings import Settings
from spec import load_contract
from spec.contract import OPENAPI

NAME = "start_ocr_http_api_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the generated package, which can be imported."""
    folder = tmp_path_factory.mktemp("client")
    options = ["--path", str(OPENAPI), "--output-path", str(folder / NAME), "--meta", "none", "--fail-on-warning"]
    # The generator formats what it wrote with the ruff beside it.
    environment = {**os.environ, "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))}
    command = [sys.executable, "-m", "openapi_python_client", "generate", *options]
    subprocess.run(command, check=True, cwd=folder, env=environment)
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))


@pytest.fixture
def server() -> Server:
    return build_server(Settings(), load_contract())


def test_submits_a_job(package: str, server: Server) -> None:
    client_class = import_module(package).AuthenticatedClient
    submit = import_module(f"{package}.api.ocr.submit_document")
    submission = import_module(f"{package}.models").Submission
    body = submission.from_dict(load_contract().request_example)
    account = server.open_account(2)
    with serve_in_thread(server) as url, client_class(base_url=url, token=account.api_key) as client:
        accepted = submit.sync_detailed(client=client, body=body)
    assert accepted.status_code == 200
    assert accepted.parsed.success is True
    assert accepted.parsed.provider == "paddle"
    assert server.ledger.balance(account.account_id) == 1


def test_reads_a_refusal(package: str, server: Server) -> None:
    client_class = import_module(package).AuthenticatedClient
    submit = import_module(f"{package}.api.ocr.submit_document")
    submission = import_module(f"{package}.models").Submission
    body = submission.from_dict(load_contract().request_example)
    with serve_in_thread(server) as url, client_class(base_url=url, token="sk_never_issued") as client:
        refused = submit.sync_detailed(client=client, body=body)
    assert (refused.status_code, refused.parsed.error) == (401, "invalid_api_key")
