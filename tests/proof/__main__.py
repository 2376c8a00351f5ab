"""`python -m tests.proof`, and so `nox -s proof`: judges defects and variants, and writes what came of it."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from spec.console import INTERRUPTED, run, say
from tests.defects.catalogue import DEFECTS
from tests.mutation.committed import COMMITTED, read_summary
from tests.mutation.summary import numbers
from tests.proof.commit import UNKNOWN, commit
from tests.proof.facts import Row, facts, flickering, steady, waiting, wrong
from tests.proof.judging import Job, Outcome, Unshrunk, judged
from tests.proof.peers import compared
from tests.proof.running import side_by_side
from tests.proof.subjects import a_few, everything, matching
from tests.proof.writing import Runs, read, write_facts, write_report

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REPORTS = ROOT / "reports" / "proof"
# Each waits for half of the time.
PROCESSES = 2 * (os.cpu_count() or 1)


@click.command()
@click.option("--only", "patterns", multiple=True, help="Judge what is named like this, or breaks a rule like this.")
@click.option("--few", is_flag=True, help="Judge one defect of each rule, and a few variants.")
@click.option("--again", is_flag=True, help="Judge nothing: write what is known.")
@click.option("--repeat", type=click.IntRange(1), default=1, help="Judge each so many times, shuffled, by other seeds.")
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=PROCESSES,
    show_default=True,
    help="Judge so many at a time; half of it is waiting.",
)
@click.option("--peers", is_flag=True, help="Try Schemathesis alone on the same defects, too.")
@click.option("--write", is_flag=True, help="Write docs/proof.json and docs/proof.md.")
def main(
    patterns: tuple[str, ...], few: bool, again: bool, repeat: int, processes: int, peers: bool, write: bool
) -> None:
    """Prove the suite: it fails every defect at its own rule, and no variant."""
    subjects, made_from = _subjects(patterns, few=few, again=again, idle=repeat == 1 and not peers), commit()
    if write and not again and made_from == UNKNOWN:
        raise click.UsageError("--write needs a checkout of git: docs/proof.json names the commit that was judged.")
    started, before = time.monotonic(), read(DOCS / "proof.json") or {}
    runs: dict[str, list[Outcome]] = {}
    beside, ended = None, 0
    try:
        for outcome in _outcomes(_jobs(subjects, repeat), processes, idle=waiting(before)):
            runs.setdefault(outcome.subject, []).append(outcome)
        beside = compared([name for name in subjects if name in DEFECTS], processes) if peers else None
    except KeyboardInterrupt:
        ended = INTERRUPTED
    except BrokenProcessPool:
        ended = 1  # whatever ended a process of those that judge: of what it judged nothing is known
    seconds = time.monotonic() - started
    told = _told(runs)
    ran = None if ended else _run(runs, made_from, processes, seconds, wrong=len(told))
    found = facts(
        (outcomes[0] for outcomes in runs.values()),
        commit=made_from,
        before=before,
        whole=ran if subjects == everything() else None,
        repeated={**ran, "flickering": flickering(runs)} if ran and repeat > 1 else None,
        mutation=numbers(read_summary()) if COMMITTED.exists() else None,
        peers=beside,
    )
    if not write and steady(found) != steady(before):
        told.append("docs/proof.json does not say this: look at the difference, and write it anew with --write")
    write_report(REPORTS, found, told, runs, seconds)
    if ended:
        reports = REPORTS.relative_to(ROOT)
        say(f"Interrupted: {len(runs)} of {len(subjects)} servers were judged, see {reports}; docs/ is as it was.")
        raise click.exceptions.Exit(ended)
    if write:
        write_facts(DOCS, found)
    _end(told, len(runs), seconds)


def _subjects(patterns: Sequence[str], *, few: bool, again: bool, idle: bool) -> list[str]:
    """What is judged. `idle`: nothing is asked for that only what is judged can tell."""
    if sum([bool(patterns), few, again]) > 1:
        raise click.UsageError("--only, --few and --again are three ways to say what is judged: name one of them.")
    if again and not idle:
        raise click.UsageError("--again judges nothing: it goes with neither --repeat nor --peers.")
    subjects = [] if again else matching(patterns) if patterns else a_few() if few else everything()
    if not subjects and not again:
        raise click.UsageError(f"Nothing is named like {' '.join(patterns)}, and no defect breaks such a rule.")
    return subjects


def _jobs(subjects: Sequence[str], repeat: int) -> list[Job]:
    """The first run is the one that anybody gets who names no seed."""
    courses = [Unshrunk(), *(Unshrunk(seed=seed, shuffled=True) for seed in range(2, repeat + 1))]
    return [Job(subject=subject, course=course) for course in courses for subject in subjects]


def _outcomes(jobs: Sequence[Job], processes: int, idle: frozenset[str]) -> Iterator[Outcome]:
    """What comes of the jobs, as soon as it does; each is told."""
    busy, waits = ([job for job in jobs if (job.subject in idle) is waits] for waits in (False, True))
    with closing(side_by_side(judged, busy, processes, idle=waits)) as outcomes:
        for number, outcome in enumerate(outcomes, start=1):
            for sentence in wrong([outcome]):
                say(sentence)
            say(f"{number} of {len(jobs)}: {outcome.subject}, {outcome.seconds:.1f} s")
            yield outcome


def _run(runs: Runs, made_from: str, processes: int, seconds: float, *, wrong: int) -> Row:
    """What a run was: of which servers, how often each, how long it took, and how much was wrong."""
    return {
        "commit": made_from,
        "date": datetime.now(UTC).date().isoformat(),
        "subjects": len(runs),
        "runs": max(map(len, runs.values()), default=0),
        "processes": processes,
        "seconds": round(seconds),
        "wrong": wrong,
    }


def _told(runs: Runs) -> list[str]:
    """What the suite did wrong in these runs, a sentence each."""
    told = wrong(outcome for outcomes in runs.values() for outcome in outcomes)
    return told + [f"{subject} flickers: {' | '.join(seen)}" for subject, seen in flickering(runs).items()]


def _end(told: Sequence[str], subjects: int, seconds: float) -> None:
    others = len(everything()) - subjects
    say(f"{subjects} servers judged in {seconds:.0f} seconds; see {REPORTS.relative_to(ROOT)}/index.html")
    if others:
        say(f"Of {others} others nothing was looked at: what is said of them there stands in docs/proof.json.")
    for sentence in told:
        print(f"wrong: {sentence}", file=sys.stderr)
    if told:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    run(main, "python -m tests.proof")
