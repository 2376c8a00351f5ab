"""Which commit a proof was made from."""

import shutil
import subprocess

# What a verdict depends on.
FOLDERS = ("conformance", "spec", "mockserver", "fixtures", "tests")

UNKNOWN = "unknown"


def commit() -> str:
    """The commit that is checked out, and whether what is judged, or judges, differs from it; `UNKNOWN` without git."""
    name = _git("rev-parse", "--short=12", "HEAD")
    if not name:
        return UNKNOWN
    return f"{name} with changes" if _git("status", "--porcelain", "--", *FOLDERS) else name


def _git(*arguments: str) -> str:
    """What git says; nothing where there is none, or no checkout."""
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
