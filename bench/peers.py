"""Mock servers of others that serve our openapi.yaml, at pinned versions: installed from npm for the time of a run."""

import os
import shutil
import subprocess
from pathlib import Path

from bench.servers import SPEC, Candidate

PRISM = "5.14.2"
OPENAPI_BACKEND = "5.21.2"
SCRIPT = Path(__file__).with_name("openapi_backend.mjs")


class NotInstalled(Exception):  # noqa: N818 - a reason, which stands in the results
    """The peers cannot be measured here; the message says why."""


def install(folder: Path) -> tuple[Candidate, ...]:
    """Install them there. Raises NotInstalled if npm is missing or fails."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotInstalled("npm is not installed")
    packages = [f"@stoplight/prism-cli@{PRISM}", f"openapi-backend@{OPENAPI_BACKEND}"]
    command = [npm, "install", "--no-audit", "--no-fund", "--save-exact", *packages]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment(folder))
    if ended.returncode:
        raise NotInstalled(f"npm install ended with status {ended.returncode}")
    script = shutil.copy(SCRIPT, folder)
    prism = folder / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    options = ("mock", "--port", "{port}", "--host", "127.0.0.1", "--verboseLevel", "silent", str(SPEC))
    return (
        Candidate(name="Prism", version=PRISM, command=(node, str(prism), *options), is_peer=True),
        Candidate(
            name="openapi-backend",
            version=OPENAPI_BACKEND,
            command=(node, str(script), str(SPEC), "{port}"),
            is_peer=True,
        ),
    )


def environment(folder: Path) -> dict[str, str]:
    """npm looks for a package upwards from where it runs, and is to find none of somebody else."""
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="ascii")
    return {**os.environ, "npm_config_update_notifier": "false"}
