"""What the images hold works without a checkout: commands, files that are data, the server, its health check."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from spec.version import __version__
from tests.package.image import ROOT, built, copied, environment, stages, values

TOKEN = "hooks-of-the-test"


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("image"))


@pytest.fixture
def mock(commands: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The container `mock`, on a free port that others cannot reach; the environment in which it runs."""
    variables = environment(commands) | {
        "STARTOCR_MOCK_HOST": "127.0.0.1",
        "STARTOCR_MOCK_PORT": "0",
        "STARTOCR_MOCK_READY": "json",
        "STARTOCR_MOCK_HOOKS_TOKEN": TOKEN,
    }
    command = [str(commands / executable("mock")), *json.loads(values("mock", "CMD")[0])]
    with subprocess.Popen(command, cwd=tmp_path, env=variables, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            yield variables | {"STARTOCR_MOCK_PORT": url.rpartition(":")[2]}
        finally:
            server.terminate()


def executable(stage: str) -> str:
    (name,) = json.loads(values(stage, "ENTRYPOINT")[0])
    return str(name)


def run(commands: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    told = [str(commands / command[0]), *command[1:]]
    return subprocess.run(told, cwd=folder, env=environment(commands), text=True, capture_output=True, check=False)


@pytest.mark.parametrize("stage", ["suite", "mock"])
def test_each_image_has_its_command(commands: Path, tmp_path: Path, stage: str) -> None:
    ended = run(commands, tmp_path, executable(stage), "--version")
    assert ended.stdout == f"{executable(stage)} {__version__}\n"


def test_the_installed_suite_judges_the_installed_server(commands: Path, mock: dict[str, str], tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{mock['STARTOCR_MOCK_PORT']}"
    profile = f"base_url: {url}\nhooks:\n  url: {url}/_mock\n  token: {TOKEN}\n"
    (tmp_path / "mock.yaml").write_text(profile, encoding="utf-8")
    options = ("--target", "mock.yaml", "--section", "authentication", "--reports", "report")
    ended = run(commands, tmp_path, executable("suite"), "run", *options)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert {file.name for file in (tmp_path / "report").iterdir()} >= {"index.html", "junit.xml", "report.json"}


def test_the_health_check_tells_a_server_that_answers_from_none(mock: dict[str, str], tmp_path: Path) -> None:
    (check,) = values("mock", "HEALTHCHECK")
    command = json.loads(check[check.index("[") :])

    def healthy(port: str) -> bool:
        variables = mock | {"STARTOCR_MOCK_PORT": port}
        return subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, check=False).returncode == 0

    assert healthy(mock["STARTOCR_MOCK_PORT"])
    assert not healthy("9")


def test_nothing_but_the_programs_is_installed(commands: Path) -> None:
    assert not list(commands.glob("pip*"))


def test_no_image_runs_as_root() -> None:
    assert values("installed", "USER") == ["10001:10001"]
    assert not values("suite", "USER") + values("mock", "USER")


def test_docker_is_given_what_the_image_is_built_from_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == set(copied())


def test_no_instruction_names_a_registry() -> None:
    assert not [value for stage in stages().values() for _, value in stage if "://" in value]
