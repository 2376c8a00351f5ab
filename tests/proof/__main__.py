"""`python -m tests.proof`, and so `nox -s proof`: judges defects and variants, and writes what came of it."""

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from tests.defects.catalogue import DEFECTS
from tests.proof.commit import commit
from tests.proof.facts import Facts, Row, facts, flickering, steady, waiting, wrong
from tests.proof.judging import Job, Outcome, Unshrunk, judged
from tests.proof.page import page
from tests.proof.peers import compared
from tests.proof.running import side_by_side
from tests.proof.subjects import a_few, everything, matching
from tests.proof.summary import summary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REPORTS = ROOT / "reports" / "proof"


@click.command()
@click.option("--only", "patterns", multiple=True, help="Judge what is named like this, or breaks a rule like this.")
@click.option("--few", is_flag=True, help="Judge one defect of each rule, and a few variants.")
@click.option("--again", is_flag=True, help="Judge nothing: write what is known.")
@click.option("--repeat", type=click.IntRange(1), default=1, help="Judge each so many times, shuffled, by other seeds.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="Judge so many at a time.")
@click.option("--peers", is_flag=True, help="Try Schemathesis alone on the same defects, too.")
@click.option("--write", is_flag=True, help="Write docs/proof.json and docs/proof.md.")
def main(
    patterns: tuple[str, ...], few: bool, again: bool, repeat: int, processes: int, peers: bool, write: bool
) -> None:
    """Prove the suite: it fails every defect at its own rule, and no variant."""
    subjects = [] if again else matching(patterns) if patterns else a_few() if few else everything()
    if not subjects and not again:
        raise click.UsageError(f"nothing is named like {' '.join(patterns)}, and no defect breaks such a rule")
    started, committed = time.monotonic(), _committed()
    runs = _judged(subjects, repeat, processes, idle=waiting(committed))
    seconds = time.monotonic() - started
    found = facts(
        (outcomes[0] for outcomes in runs.values()),
        commit=commit(),
        before=committed,
        whole=_run(runs, processes, seconds) if subjects == everything() else None,
        repeated=_run(runs, processes, seconds) | {"flickering": flickering(runs)} if repeat > 1 else None,
        mutation=_read(DOCS / "mutation.json"),
        peers=compared([name for name in subjects if name in DEFECTS], processes) if peers and subjects else None,
    )
    told = wrong(outcome for outcomes in runs.values() for outcome in outcomes)
    told += [f"{subject} flickers: {' | '.join(seen)}" for subject, seen in flickering(runs).items()]
    if not write and steady(found) != steady(committed):
        told.append("docs/proof.json does not say this: look at the difference, and write it anew with --write")
    _write(REPORTS, found, told, runs, seconds)
    if write:
        _place(DOCS, found)
    _end(told, len(runs), seconds)


def _judged(subjects: list[str], repeat: int, processes: int, idle: frozenset[str]) -> dict[str, list[Outcome]]:
    """The outcomes of each subject; the first run is the one that anybody gets who names no seed."""
    courses = [Unshrunk(), *(Unshrunk(seed=seed, shuffled=True) for seed in range(2, repeat + 1))]
    jobs = [Job(subject=subject, course=course) for course in courses for subject in subjects]
    busy, waits = ([job for job in jobs if (job.subject in idle) is waits] for waits in (False, True))
    runs: dict[str, list[Outcome]] = {subject: [] for subject in subjects}
    for number, outcome in enumerate(side_by_side(judged, busy, processes, idle=waits), start=1):
        runs[outcome.subject].append(outcome)
        for sentence in wrong([outcome]):
            print(sentence)
        print(f"{number} of {len(jobs)}: {outcome.subject}, {outcome.seconds:.1f} s", flush=True)
    return runs


def _run(runs: dict[str, list[Outcome]], processes: int, seconds: float) -> Row:
    """What a run was: of which servers, how often each, and how long it took."""
    return {
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "subjects": len(runs),
        "runs": max(map(len, runs.values()), default=0),
        "processes": processes,
        "seconds": round(seconds),
    }


def _committed() -> Facts:
    return _read(DOCS / "proof.json") or {}


def _read(path: Path) -> Facts | None:
    found: Facts | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def _place(folder: Path, found: Facts) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (folder / "proof.json").write_text(text, encoding="utf-8")
    (folder / "proof.md").write_text(summary(found), encoding="utf-8")


def _write(folder: Path, found: Facts, told: list[str], runs: dict[str, list[Outcome]], seconds: float) -> None:
    """The facts, the page, and what differs in every run."""
    _place(folder, found)
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


def _end(told: list[str], subjects: int, seconds: float) -> None:
    others = len(everything()) - subjects
    print(f"{subjects} servers judged in {seconds:.0f} seconds; see {REPORTS.relative_to(ROOT)}/index.html")
    if others:
        print(f"Of {others} others nothing was looked at: what is said of them there stands in docs/proof.json.")
    for sentence in told:
        print(f"wrong: {sentence}", file=sys.stderr)
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
