"""The summary that `docs/mutation.json` keeps of the last whole run, explained again without trying anything.

The source of the mock server has changed since. What counts as explained there and has no entry any more may do so
only if the mutant itself is gone with the code that it changed.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from spec import load_contract
from tests.mutation.explained import Entry, Judged
from tests.mutation.mutants import MODULES, PACKAGE
from tests.mutation.summary import Summary

DOCS = Path(__file__).parents[2] / "docs"
COMMITTED = DOCS / "mutation.json"


def read_summary(path: Path = COMMITTED) -> Summary:
    """The summary that stands there. Raises OSError or msgspec.MsgspecError."""
    return msgspec.json.decode(path.read_bytes(), type=Summary)


def write_summary(found: Summary, path: Path = COMMITTED) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")


def renewed(before: Summary, now: Summary) -> Summary:
    """The summary with what came of the modules that were tried again, in place of what it had of them."""
    modules = now.run.modules
    known = tuple(module for module in MODULES if module in (*before.run.modules, *modules))
    mutants = sorted(
        [*(mutant for mutant in before.mutants if mutant.module not in modules), *now.mutants],
        key=lambda mutant: known.index(mutant.module),
    )
    anew = {**before.run.anew, **dict.fromkeys(modules, now.run.commit)}
    run = replace(before.run, modules=known, generated=len(mutants), anew=anew)
    return replace(before, run=run, mutants=tuple(mutants), stale=now.stale, overused=now.overused)


def explained_again(found: Summary, explained: Sequence[Entry]) -> Summary:
    """The same mutants, those that an entry covers counted as it says."""
    return replace(found, mutants=tuple(_explained_again(mutant, explained) for mutant in found.mutants))


def _explained_again(mutant: Judged, explained: Iterable[Entry]) -> Judged:
    entry = next((entry for entry in explained if mutant.is_unnoticed and entry.covers(mutant)), None)
    return replace(mutant, kind=entry.kind, reason=entry.told) if entry else mutant


def unexplained(found: Summary, explained: Sequence[Entry]) -> list[str]:
    """The mutants that no rule failed on, and that nothing explains any more, though their code is still there."""
    return [
        f"{mutant.where}: {mutant.change}"
        for mutant in found.mutants
        if mutant.kind in ("survived", "equivalent", "question")
        and not any(entry.covers(mutant) for entry in explained)
        and not _is_by_readings(mutant)
        and is_there(mutant)
    ]


def _is_by_readings(mutant: Judged) -> bool:
    """Whether it counts as a question for what the run read, rather than for an entry."""
    questions = load_contract().questions
    pairs = [part.partition(": ") for part in mutant.reason.split("; ")]
    return all(name in questions and reading in questions[name].readings for name, _, reading in pairs)


def is_there(mutant: Judged) -> bool:
    """Whether what a mutant changes still stands where it stood."""
    source = (PACKAGE / f"{mutant.module}.py").read_text(encoding="utf-8")
    line = mutant.change.partition(" → ")[0]
    return any(name == mutant.where and line in " ".join(text.split()) for name, text in _places(mutant.module, source))


def _places(module: str, source: str) -> Iterator[tuple[str, str]]:
    """The module and all that is defined in it, by dotted names, each with its source."""
    left: list[tuple[str, ast.AST]] = [(module, ast.parse(source))]
    while left:
        name, node = left.pop()
        yield name, ast.get_source_segment(source, node) or source
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        left += [(f"{name}.{child.name}", child) for child in ast.iter_child_nodes(node) if isinstance(child, kinds)]
