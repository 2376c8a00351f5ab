"""What the measurement ran on."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("uvicorn", "uvloop", "httptools", "starlette", "msgspec", "pybase64")


def facts() -> dict[str, str]:
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "node": said_by("node", "--version") or "none",
        "wrk": (said_by("wrk", "-v") or "none").partition(" [")[0],
        **{package: version(package) for package in PACKAGES},
    }


def load_average() -> float:
    """Of the last minute: what else the machine had to do."""
    return round(os.getloadavg()[0], 2)


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def said_by(program: str, option: str) -> str:
    """The first line that a program prints about itself; wrk does so with status 1."""
    if shutil.which(program) is None:
        return ""
    said = subprocess.run([program, option], capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).strip().partition("\n")[0]
