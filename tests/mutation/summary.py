"""The numbers of a run of the mutants, and the page that says them. Nothing is found out here.

`docs/mutation.json` is a summary as JSON, `docs/mutation.md` the page that is made of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.mutation.explained import Entry, Judged, Kind, about, judged, overused, stale, unnoticed
from tests.mutation.records import Run, Session

GOAL = 0.95
KINDS: tuple[Kind, ...] = (
    "killed",
    "survived",
    "unverified",
    "error",
    "timeout",
    "equivalent",
    "question",
    "incompetent",
)
MISSED: tuple[Kind, ...] = ("survived", "unverified", "error", "timeout")
HEADINGS: Mapping[Kind, str] = {
    "survived": "Survivors: no rule failed",
    "unverified": "No rule failed, but some could not be looked at any more",
    "error": "The suite could not say whose fault it is",
    "timeout": "Not done in time",
    "question": "Only an open question is read otherwise",
    "equivalent": "No client could tell the difference, or none by what is documented",
    "incompetent": "No server came up that could be judged",
}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """All mutants with what they count as, and the explanations that explain none of them, or more than they may."""

    run: Run
    mutants: tuple[Judged, ...]
    stale: tuple[str, ...]
    overused: tuple[str, ...]

    @property
    def score(self) -> float:
        return score(mutant.kind for mutant in self.mutants)

    @property
    def is_whole(self) -> bool:
        """Whether every mutant of the modules was tried."""
        return len(self.mutants) == self.run.generated

    @property
    def is_good(self) -> bool:
        return self.score >= GOAL and not self.stale and not self.overused


def summary(session: Session, explained: list[Entry]) -> Summary:
    mutants = tuple(judged(record, explained, session.readings) for record in session.records)
    tried = about(explained, session.run.modules) if session.is_whole else []
    missed = unnoticed(session.records)
    return Summary(
        run=session.run,
        mutants=mutants,
        stale=tuple(stale(tried, missed)),
        overused=tuple(overused(explained, missed)),
    )


def numbers(found: Summary) -> dict[str, str | int | Mapping[str, str]]:
    """What others quote: the commit, the modules that were tried again since, each with the commit on which, how many
    mutants count, and how many of these were killed."""
    counts = Counter(mutant.kind for mutant in found.mutants)
    due = counts["killed"] + sum(counts[kind] for kind in MISSED)
    run = found.run
    return {"commit": run.commit, "anew": run.anew, "tool": run.tool, "killed": counts["killed"], "due": due}


def score(kinds: Iterable[Kind]) -> float:
    """The part that was killed of what should have been: whatever is not equivalent, a question or incompetent."""
    counts = Counter(kinds)
    due = counts["killed"] + sum(counts[kind] for kind in MISSED)
    return counts["killed"] / due if due else 0.0


def markdown(found: Summary) -> str:
    """The page, which the session writes."""
    listed = [line for kind in KINDS[1:] for line in _listed(found, kind)]
    return "\n".join([*_head(found), *_table(found), "", *listed, *_stale(found), *_overused(found)])


def _head(found: Summary) -> list[str]:
    run, tried = found.run, len(found.mutants)
    which = f"all {tried} mutants" if found.is_whole else f"{tried} of {run.generated} mutants, drawn by chance"
    return [
        "# Generated mutants",
        "",
        "Small changes to the source of the mock server, each judged by the conformance suite alone: over HTTP, with",
        "`strict`, with a limit of one megabyte. A mutant is killed when a rule fails; one whose hooks break with the",
        "API is judged by the test keys. `nox -s mutation` writes this; `tests/mutation/` says which modules and",
        "changes these are, and `explained.yaml` there what does not count.",
        "",
        f"Made from commit {run.commit} with {run.tool}: {which}, {run.workers} at a time, "
        f"in {run.seconds:.0f} seconds.",
        *(f"Tried again since: `{module}` on commit {commit}." for module, commit in run.anew.items()),
        "",
        f"**Score: {found.score:.1%}** of the mutants that come up, are not equivalent, and concern more than an open",
        f"question. The goal is {GOAL:.0%}.",
        "",
    ]


def _table(found: Summary) -> list[str]:
    modules = dict.fromkeys(mutant.module for mutant in found.mutants)
    rows = [_row(name, [mutant for mutant in found.mutants if mutant.module == name]) for name in modules]
    head = ["| module | " + " | ".join(KINDS) + " | score |", "|---" * (len(KINDS) + 2) + "|"]
    return [*head, *rows, _row("all", found.mutants)]


def _row(name: str, mutants: Iterable[Judged]) -> str:
    kinds = [mutant.kind for mutant in mutants]
    counts = Counter(kinds)
    return f"| {name} | " + " | ".join(str(counts[kind]) for kind in KINDS) + f" | {score(kinds):.0%} |"


def _listed(found: Summary, kind: Kind) -> list[str]:
    those = [mutant for mutant in found.mutants if mutant.kind == kind]
    if not those:
        return []
    lines = [f"- `{mutant.where}` ``{mutant.change}``{_because(mutant)}" for mutant in those]
    return [f"## {HEADINGS[kind]}", "", *lines, ""]


def _because(mutant: Judged) -> str:
    text = " ".join(mutant.reason.split())
    return f"  \n  {text[:200]}{'…' if len(text) > 200 else ''}" if text else ""


def _stale(found: Summary) -> list[str]:
    if not found.stale:
        return []
    return ["## Explanations that explain no mutant any more", "", *(f"- {name}" for name in found.stale), ""]


def _overused(found: Summary) -> list[str]:
    if not found.overused:
        return []
    return [
        "## Explanations that explain more mutants than they may",
        "",
        *(f"- {name}" for name in found.overused),
        "",
    ]
