"""The sessions of the project: `conformance` judges a server, `tests` passes the tests, the others guard both.

Each session installs into an environment of its own, at the versions of constraints.txt.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2026.10.20"
nox.options.sessions = ["lint", "typing", "spec", "tests", "conformance"]
nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True

REDOCLY = "@redocly/cli@2.77.0"
ALLOWED_ORIGIN = "https://app.example.com"
CI_FILES = {
    "vendor.github-actions": "action.yml",
    "vendor.github-workflows": "examples/github-release.yml",
    "vendor.gitlab-ci": "examples/gitlab-ci.yml",
}

# The exit statuses of startocr-conformance run, as in the README.
ENDINGS: dict[int | None, str] = {
    0: "what was to be judged passed",
    1: "a rule failed, an elected reading was not kept, or a known failure passes, even if the run broke afterwards",
    2: "nothing was judged: the profile, the address, the key or the selection is wrong",
    3: "nothing failed, but stated rules stayed unverified",
    4: "the run itself broke, or the target went away",
}


@nox.session
def conformance(session: nox.Session) -> None:
    """Judge the mock server, or with `-- --target FILE` or `-- --base-url URL` that deployment.

    Nothing in the environment changes what the mock server is or how it is judged.
    """
    install(session)
    if any(argument.startswith(("--target", "--base-url", "--help", "-h")) for argument in session.posargs):
        judge(session)
        return
    ours = [name for name in os.environ if name.startswith("STARTOCR_")]
    if ours:
        session.log(f"Without --target or --base-url nobody looks at {', '.join(sorted(ours))}")
    with mock_server(session, without=ours) as profile:
        judge(session, "--target", str(profile), without=ours)
    session.log("To judge another server: nox -s conformance -- --target PROFILE.yaml (see the README)")


def judge(session: nox.Session, *options: str, without: Collection[str] = ()) -> None:
    """Run the suite and say how it ended: nox itself knows 0 and 1 only."""
    try:
        session.run("startocr-conformance", "run", *options, *session.posargs, env=dict.fromkeys(without))
    except CommandFailed as problem:
        status = problem.return_code
        session.error(f"startocr-conformance ended with {status}: {ENDINGS.get(status, 'it was stopped')}")
    session.log(f"startocr-conformance ended with 0: {ENDINGS[0]}")


@nox.session
def mock(session: nox.Session) -> None:
    """Serve the mock server until Ctrl-C; options follow `--`."""
    install(session)
    session.run("startocr-mock", "serve", *(session.posargs or ["--port", "0"]))


@nox.session
def profile(session: nox.Session) -> None:
    """Say where the time of a run goes, and write it into docs/suite-speed.md."""
    measure(session, "profile")


@nox.session
def latency(session: nox.Session) -> None:
    """Judge the mock server from a tenth of a second away; `-- --processes 4`, `-- --milliseconds 200`."""
    measure(session, "latency")


@nox.session
def flicker(session: nox.Session) -> None:
    """Judge the mock server twenty times in random order: no verdict is to change."""
    measure(session, "flicker")


def measure(session: nox.Session, what: str) -> None:
    """Measure the suite itself, on the mock server."""
    install(session, "test")
    ours = [name for name in os.environ if name.startswith("STARTOCR_")]
    with mock_server(session, without=ours) as target:
        session.run("python", "-m", "bench.suite", what, "--target", str(target), *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Pass the tests of the product itself."""
    install(session, "test", "mutation")
    session.run("pytest", "--junitxml", "reports/tests.xml", *(session.posargs or ["-q", "-n", "auto"]))
    session.log("All tests passed; their report lies in reports/tests.xml.")
    session.log("Next: nox -s conformance judges the mock server and writes reports/latest")


@nox.session
def proof(session: nox.Session) -> None:
    """Prove the suite on all defects and variants; options of `python -m tests.proof` follow `--`."""
    install(session, "test")
    session.run("python", "-m", "tests.proof", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Read a report as people do, in the Chromium of the system."""
    install(session, "test", "browser")
    session.run("pytest", *(session.posargs or ["-q", "tests/browser"]))


@nox.session
def package(session: nox.Session) -> None:
    """Install what the Dockerfile installs, away from the checkout, and run it."""
    install(session, "test")
    session.run("pytest", *(session.posargs or ["-q", "tests/package"]))


@nox.session
def sample(session: nox.Session) -> None:
    """Make the sample report and its pictures again."""
    install(session, "test", "browser")
    session.run("python", "-m", "tests.sample")
    session.run("python", "-m", "tests.browser.pictures")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the server beside others; with `-- --check` fail if it misses a goal."""
    install(session)
    session.run("python", "-m", "bench", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    install(session, "lint", package=False)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def ci_files(session: nox.Session) -> None:
    """Hold what pipelines are given against the published schemas, and the Dockerfile against the rules of hadolint."""
    install(session, "ci-files", package=False)
    for schema, file in CI_FILES.items():
        session.run("check-jsonschema", "--builtin-schema", schema, file)
    session.run("hadolint", "Dockerfile")
    session.run("shellcheck", ".ci/run")


@nox.session
def typing(session: nox.Session) -> None:
    """Check the types, strictly."""
    install(session, "test", "browser", "typing")
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


@nox.session
def mutation(session: nox.Session) -> None:
    """Change the mock server a little, again and again; the suite alone has to notice. Options follow `--`."""
    install(session, "test", "mutation")
    session.run("python", "-m", "tests.mutation", *session.posargs)


def install(session: nox.Session, *groups: str, package: bool = True) -> None:
    """Install the project and some of its dependency groups at the pinned versions."""
    pinned = ["--quiet", "--constraint", "constraints.txt"]
    listed = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), *groups)
    session.install(*pinned, *(["--editable", "."] if package else []), *listed)


@contextmanager
def mock_server(session: nox.Session, without: Collection[str]) -> Iterator[Path]:
    """The mock server on a free port, without these variables; the path of a target profile for it."""
    environment = {name: value for name, value in os.environ.items() if name not in without}
    command = [f"{session.bin}/startocr-mock", "serve", "--port", "0", "--ready", "json"]
    command += ["--allowed-origin", ALLOWED_ORIGIN]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server,
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
