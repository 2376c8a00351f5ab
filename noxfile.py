"""The sessions of the project: `conformance` judges a server, `tests` passes the tests, the others guard both.

Each session installs into an environment of its own, at the versions of constraints.txt.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.sessions = ["lint", "typing", "spec", "tests", "conformance"]
nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True

REDOCLY = "@redocly/cli@2.77.0"
ALLOWED_ORIGIN = "https://app.example.com"


@nox.session
def conformance(session: nox.Session) -> None:
    """Judge the mock server, or with `-- --target FILE` or `-- --base-url URL` that deployment."""
    install(session)
    if any(argument.startswith(("--target", "--base-url", "--help", "-h")) for argument in session.posargs):
        session.run("startocr-conformance", "run", *session.posargs)
        return
    with mock_server(session) as profile:
        session.run("startocr-conformance", "run", "--target", str(profile), *session.posargs)
    session.log("To judge another server: nox -s conformance -- --target PROFILE.yaml (see the README)")


@nox.session
def mock(session: nox.Session) -> None:
    """Serve the mock server until Ctrl-C; options follow `--`."""
    install(session)
    session.run("startocr-mock", "serve", *(session.posargs or ["--port", "0"]))


@nox.session
def tests(session: nox.Session) -> None:
    """Pass the tests of the product itself."""
    install(session, "test")
    session.run("pytest", "--junitxml", "reports/tests.xml", *(session.posargs or ["-q", "-n", "auto"]))
    session.log("All tests passed; their report lies in reports/tests.xml.")
    session.log("Next: nox -s conformance judges the mock server and writes reports/latest")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    install(session, "lint", package=False)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types, strictly."""
    install(session, "test", "typing")
    session.run("mypy")


@nox.session
def spec(session: nox.Session) -> None:
    """Rebuild openapi.yaml, compare, and lint it with two validators."""
    install(session, "test")
    session.run("python", "-m", "spec", "build", "--check")
    session.run("openapi-spec-validator", "spec/openapi.yaml")
    if shutil.which("npx") is None:
        session.error("needs npx, which comes with Node.js, to lint spec/openapi.yaml with Redocly")
    session.run("npx", "--yes", REDOCLY, "lint", "--extends", "recommended", "spec/openapi.yaml", external=True)


def install(session: nox.Session, *groups: str, package: bool = True) -> None:
    """Install the project and some of its dependency groups at the pinned versions."""
    pinned = ["--quiet", "--constraint", "constraints.txt"]
    listed = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), *groups)
    session.install(*pinned, *(["--editable", "."] if package else []), *listed)


@contextmanager
def mock_server(session: nox.Session) -> Iterator[Path]:
    """The mock server on a free port; the path of a target profile for it."""
    command = [f"{session.bin}/startocr-mock", "serve", "--port", "0", "--ready", "json"]
    command += ["--allowed-origin", ALLOWED_ORIGIN]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
    ):
        try:
            line = server.stdout.readline() if server.stdout else ""
            if not line:
                session.error("the mock server did not start; what it said stands above")
            ready = json.loads(line)
            profile = Path(folder) / "mock.yaml"
            profile.write_text(
                f"name: mock\nbase_url: {ready['url']}\nhooks:\n  url: {ready['hooks']}\n"
                f"account_api:\n  task: /api/tasks/{{taskId}}\n  balance: /api/account\n"
                f"cors:\n  allowed_origin: {ALLOWED_ORIGIN}\n",
                encoding="utf-8",
            )
            yield profile
        finally:
            server.terminate()
