"""`python -m tests.mutation`: try the mutants and write `reports/mutation/`, after a whole run `docs/mutation.md`."""

import random
import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import track

from spec.console import run, say, wrong
from tests.mutation.committed import COMMITTED, explained_again, read_summary, renewed, write_summary
from tests.mutation.explained import Entry, Named, about, entries, stale
from tests.mutation.mutants import MODULES, Mutant, mutants
from tests.mutation.records import Record, Run, Session
from tests.mutation.summary import Summary, markdown, summary
from tests.mutation.trial import Outcome
from tests.mutation.trials import reference, trials

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports" / "mutation"


@click.command()
@click.option("--modules", default=",".join(MODULES), show_default=True, help="Which modules of the mock server.")
@click.option("--sample", type=click.IntRange(1), help="Try only that many mutants, drawn from them all.")
@click.option("--seed", default=1, show_default=True, help="What the sample is drawn from.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="How many are tried at a time.")
@click.option("--limit", type=click.FloatRange(1), default=120, show_default=True, help="Seconds for one of them.")
@click.option("--anew", is_flag=True, help="Put what comes of these modules into docs/mutation.json.")
@click.option("--again", is_flag=True, help="Try nothing: explain the mutants of docs/mutation.json again.")
def main(modules: str, sample: int | None, seed: int, workers: int, limit: float, anew: bool, again: bool) -> None:
    """Change the mock server a little, again and again, and see whether the conformance suite fails on it."""
    if again and (sample or modules != ",".join(MODULES)):
        raise click.UsageError("--again tries nothing: it goes with neither --modules nor --sample.")
    if anew and (again or sample):
        raise click.UsageError("--anew tries all of the modules: it goes with neither --again nor --sample.")
    explained = _explained()
    before = _committed() if again or anew else None
    if again and before:
        summed = explained_again(before, explained)
    else:
        found = _found(modules)
        hold_to_what_there_is(explained, found)
        chosen = random.Random(seed).sample(found, min(sample, len(found))) if sample else found
        session = _tried(chosen, found, workers=workers, limit=limit)
        REPORTS.mkdir(parents=True, exist_ok=True)
        session.write(REPORTS / "trials.json")
        summed = summary(session, explained)
    if anew and before:
        summed = explained_again(renewed(before, summed), explained)
    _write(summed)
    say(f"{summed.score:.1%} of {len(summed.mutants)} mutants killed, as far as they count: see {REPORTS}/summary.md")
    for name in summed.stale:
        say(f"explained, but not unnoticed: {name}")
    for name in summed.overused:
        say(f"explains more than it may: {name}")
    if not summed.is_good:
        raise click.exceptions.Exit(1)


def _found(modules: str) -> list[Mutant]:
    names = modules.split(",")
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        raise wrong("modules", f"{', '.join(unknown)}: none of {', '.join(MODULES)}")
    return [mutant for name in MODULES if name in names for mutant in mutants(name)]


def hold_to_what_there_is(explained: Sequence[Entry], found: Sequence[Named]) -> None:
    """Explanations that have no mutant are told before anything is tried: it takes a while. Raises ClickException."""
    gone = stale(about(explained, {mutant.where.partition(".")[0] for mutant in found}), found)
    if gone:
        raise click.ClickException(f"explained.yaml names what is no mutant (any more): {'; '.join(gone)}")


def _tried(chosen: Sequence[Mutant], found: Sequence[Mutant], *, workers: int, limit: float) -> Session:
    started, unchanged = time.monotonic(), reference(limit)
    if unchanged.ending != "survived":
        raise click.ClickException(f"the reference itself does not pass ({unchanged.ending}): {unchanged.reason}")
    done = track(
        trials(chosen, workers=workers, seconds=limit), "mutants", total=len(chosen), console=Console(stderr=True)
    )
    records = tuple(_record(mutant, outcome) for mutant, outcome in done)
    run = Run(
        commit=_commit(),
        tool=f"cosmic-ray {version('cosmic-ray')}",
        modules=tuple(dict.fromkeys(mutant.module for mutant in found)),
        generated=len(found),
        workers=workers,
        seconds=round(time.monotonic() - started, 1),
    )
    return Session(run=run, readings=unchanged.readings, records=records)


def _record(mutant: Mutant, outcome: Outcome) -> Record:
    return Record(
        where=mutant.where,
        change=mutant.change,
        operator=mutant.operator,
        ending=outcome.ending,
        reason=outcome.reason,
        readings=outcome.readings,
        seconds=outcome.seconds,
    )


def _explained() -> list[Entry]:
    try:
        return entries()
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem


def _committed() -> Summary:
    try:
        return read_summary()
    except (OSError, msgspec.MsgspecError) as problem:
        raise click.ClickException(
            f"{COMMITTED.name} cannot be read ({problem}): run without --again and --anew first"
        ) from problem


def _write(found: Summary) -> None:
    """The page of a complete run stands in `docs/`, too, beside the facts that it is made of."""
    page = markdown(found)
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / "summary.md").write_text(page, encoding="utf-8")
    if found.run.modules == MODULES and found.is_whole:
        COMMITTED.with_suffix(".md").write_text(page, encoding="utf-8")
        write_summary(found)


def _commit() -> str:
    """The commit that is checked out, and whether what is judged, or judges, differs from it."""
    folders = ["spec", "mockserver", "conformance", "fixtures"]
    commit = _git("rev-parse", "--short=12", "HEAD") or "unknown"
    return f"{commit} with changes" if _git("status", "--porcelain", "--", *folders) else commit


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


if __name__ == "__main__":
    run(main, "python -m tests.mutation")
