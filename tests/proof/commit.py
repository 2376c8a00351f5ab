"""Which commit a proof was made from."""

import shutil
import subprocess

# What a verdict depends on.
FOLDERS = ("conformance", "spec", "mockserver", "fixtures", "tests")


def commit() -> str:
    """The commit that is checked out, and whether what is judged, or judges, differs from it."""
    name = _git("rev-parse", "--short=12", "HEAD")
    return f"{name} with changes" if _git("status", "--porcelain", "--", *FOLDERS) else name


def _git(*arguments: str) -> str:
    command = [shutil.which("git") or "git", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
