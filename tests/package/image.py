"""The Dockerfile without Docker: what it copies and installs, in a folder of this machine; and its targets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
INSTALLED = "/opt/startocr"


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage, in their order and without the FROM of the stage itself."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (ROOT / "Dockerfile").open("rb") as file:
        for line in DockerfileParser(fileobj=file).structure:
            if line["instruction"] == "FROM":
                stage = found.setdefault(line["value"].split()[-1], [])
            elif line["instruction"] != "COMMENT":
                stage.append((line["instruction"], line["value"]))
    return found


def values(stage: str, instruction: str) -> list[str]:
    return [value for name, value in stages()[stage] if name == instruction]


def copied() -> list[str]:
    """The files and folders that the image is built from."""
    return [source for value in values("build", "COPY") for source in value.split()[:-1]]


def built(folder: Path) -> Path:
    """Do what the stage `build` does, with folders below `folder`; the folder of the installed commands."""
    source, installed = folder / "source", folder / "installed"
    source.mkdir()
    for name in copied():
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    for command in values("build", "RUN"):
        here = ["sh", "-ec", command.replace(INSTALLED, str(installed))]
        subprocess.run(here, cwd=source, env=environment(Path(sys.executable).parent), check=True)
    shutil.rmtree(source)
    return installed / "bin"


def environment(commands: Path) -> dict[str, str]:
    """That of this process with these commands first, and with no variable that speaks to the project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STARTOCR_", "PYTHON"))}
    return kept | {"PATH": f"{commands}:{os.environ['PATH']}"}
