"""The files of a proof: the facts as JSON and as Markdown, a page of them, and what differs in every run."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.proof.facts import Facts
from tests.proof.judging import Outcome
from tests.proof.page import page
from tests.proof.summary import summary

Runs = Mapping[str, Sequence[Outcome]]


def read(path: Path) -> Facts | None:
    """The JSON object that stands there; None if nothing does."""
    found: Facts | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def write_facts(folder: Path, found: Facts) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (folder / "proof.json").write_text(text, encoding="utf-8")
    (folder / "proof.md").write_text(summary(found), encoding="utf-8")


def write_report(folder: Path, found: Facts, told: list[str], runs: Runs, seconds: float) -> None:
    """The facts, the page, and what differs in every run."""
    write_facts(folder, found)
    (folder / "index.html").write_text(page(found, told, judged=len(runs), seconds=seconds), encoding="utf-8")
    measured = {
        "seconds": round(seconds, 1),
        "runs": {
            subject: [{"seconds": one.seconds, "requests": one.requests, "pages": one.pages} for one in outcomes]
            for subject, outcomes in runs.items()
        },
        "wrong": told,
    }
    (folder / "run.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
