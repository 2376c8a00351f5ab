"""Facts → Markdown: `docs/proof.md`, and the same of a run in `reports/proof/`."""

from collections import Counter
from collections.abc import Iterable

from spec import load_contract
from tests.proof.facts import Facts, Row, changed, lacking

HEAD = """# The proof of the suite

What the suite catches, what it blames, whom it accuses wrongly. Written by `nox -s proof -- --write` from
[proof.json](proof.json). The tests of the product compare both with the catalogues in `tests/defects/` and
`tests/variants/`, with the code of each server, and with the tests of the suite that killed it; and they judge some of
the servers anew, others after each commit. All are judged over HTTP, with `strict`, with a limit of one megabyte.

A *defect* is the reference server with one realistic bug. The suite has to fail it, at the rule that the bug breaks,
and at no other unless the catalogue says why. A *variant* is a server that conforms and reads an open question another
way, or differs in what nobody documents. The suite must fail nothing there.
"""


def summary(facts: Facts) -> str:
    """The whole page."""
    parts = [_numbers(facts), _measured(facts), _matrix(facts), _besides(facts), _defects(facts), _variants(facts)]
    return "\n".join(part for part in [HEAD, *parts, _peers(facts)] if part)


def is_killed(row: Row) -> bool:
    return row["rule"] in row["failed"]


def is_blamed(row: Row) -> bool:
    """Whether what fails is the rule that is broken, and what cannot but fail with it."""
    return set(row["failed"]) == {row["rule"], *row["besides"]}


def beside(row: Row) -> dict[str, str]:
    """What failed besides the rule that is broken, and the reason of the catalogue, which may have none."""
    return {rule: row["besides"].get(rule, "") for rule in row["failed"] if rule != row["rule"]}


def measured(facts: Facts) -> list[str]:
    """What is known of the runs themselves, a sentence each."""
    return [
        *_commits(facts),
        *_outdated(facts),
        *_whole(facts["whole"]),
        *_repeated(facts["repeated"]),
        *_mutation(facts["mutation"]),
    ]


def peers(row: Row) -> str:
    """What a peer made of the defects."""
    return (
        f"{row['tool']} alone, from `spec/openapi.yaml`, on {row['tried']} of these defects ({row['date']}, commit "
        f"`{row['commit']}`): it catches {len(row['caught'])}, cannot do its work on {len(row['errors'])}, is not done "
        f"in time on {len(row['timeouts'])}; it takes {row['seconds']:.0f} seconds for a server, and spends "
        f"{row['pages']:.0f} pages on it. Left out: {row['left_out']}."
    )


def _commits(facts: Facts) -> list[str]:
    commits = Counter(row["commit"] for row in [*facts["defects"], *facts["variants"]])
    named = [f"{number} on commit `{commit}`" for commit, number in commits.most_common()]
    return [f"Servers as they were judged last: {', '.join(named)}."] if commits else []


def _outdated(facts: Facts) -> list[str]:
    return [f"`{name}` was judged before its code changed: what it says is out of date." for name in changed(facts)]


def _whole(run: Row | None) -> list[str]:
    if run is None:
        return ["How long all of them take together was not measured."]
    found = f"found {run['wrong']} things wrong" if run["wrong"] else "found nothing wrong"
    return [f"The last run of all servers that there were, {run['subjects']}, {found}: {_ran(run)}."]


def _ran(run: Row) -> str:
    return (
        f"commit `{run['commit']}`, {run['date']}, in {run['seconds']} seconds, {run['processes']} at a time, "
        f"each judged {'once' if run['runs'] == 1 else str(run['runs']) + ' times'}"
    )


def _repeated(run: Row | None) -> list[str]:
    if run is None:
        return ["Whether anything flickers was not looked at."]
    found = f"Flicker over shuffled runs of {run['subjects']} servers ({_ran(run)})"
    seen = [f"`{name}`: {' | '.join(dict.fromkeys(told))}" for name, told in run["flickering"].items()]
    return [f"{found}: {'none' if not seen else str(len(seen)) + ' of them'}.", *seen]


def _mutation(run: Row | None) -> list[str]:
    if run is None:
        return ["The score of generated mutants stands in `docs/mutation.md`."]
    again = (f"; `{module}` again on `{commit}`" for module, commit in run["anew"].items())
    return [
        f"Generated mutants (`docs/mutation.md`, commit `{run['commit']}`{''.join(again)}): {run['killed']} of "
        f"{run['due']} that count are killed, {run['killed'] / max(run['due'], 1):.1%}."
    ]


def _numbers(facts: Facts) -> str:
    defects, variants, left = facts["defects"], facts["variants"], lacking(facts)
    readings = {(name, reading) for row in variants for name, reading in row["readings"].items()}
    rows = [
        ("defects", len(defects)),
        ("killed", sum(map(is_killed, defects))),
        ("blamed on the right rule", sum(map(is_blamed, defects))),
        ("where no other rule failed", sum(set(row["failed"]) <= {row["rule"]} for row in defects)),
        ("where another failed without a reason", sum(not all(beside(row).values()) for row in defects)),
        ("rules with a defect", f"{len({row['rule'] for row in defects})} of {len(load_contract().rules)}"),
        ("variants", len(variants)),
        ("other readings of open questions", len(readings)),
        ("variants with a rule that fails", sum(bool(row["failed"]) for row in variants)),
    ]
    table = _table(("what", "number"), rows)
    missed = [f"- `{row['name']}`: {_missed(row)}" for row in defects if not is_blamed(row)]
    accused = [f"- `{row['name']}`: {_codes(row['failed'])} fails" for row in variants if row["failed"]]
    notes = [*([f"Not judged yet, and in none of these numbers: {_codes(left)}.\n"] if left else [])]
    if missed or accused:
        notes += ["What the suite does wrong today:\n", *missed, *accused, ""]
    return "\n".join(["## Numbers\n", table, *notes])


def _measured(facts: Facts) -> str:
    return "\n".join(["## Runs\n", *(f"- {sentence}" for sentence in measured(facts)), ""])


def _missed(row: Row) -> str:
    if not is_killed(row):
        return f"`{row['rule']}` does not fail ({row['verdict']})"
    others, silent = beside(row), row["besides"].keys() - set(row["failed"])
    told = [f"not only `{row['rule']}` fails but {_codes(others)}"] if others else []
    return "; ".join([*told, *([f"{_codes(silent)} does not fail with it"] if silent else [])])


def _matrix(facts: Facts) -> str:
    """The rules, what their defects came to, and the defects of other rules at which they failed besides."""
    of_rule: dict[str, list[Row]] = {rule: [] for rule in load_contract().rules}
    for row in facts["defects"]:
        of_rule[row["rule"]].append(row)
    rows = [
        (
            f"`{rule}`",
            f"{sum(map(is_killed, those))} of {len(those)}",
            _codes(row["name"] for row in those if is_killed(row)),
            _codes(row["name"] for row in facts["defects"] if rule in beside(row)),
        )
        for rule, those in of_rule.items()
    ]
    head = ("rule", "killed", "its defects at which it failed", "defects of other rules at which it failed")
    return f"## Kill matrix\n\n{_table(head, rows)}"


def _besides(facts: Facts) -> str:
    rows = [
        (f"`{row['name']}`", f"`{row['rule']}`", f"`{rule}`", reason or "**no reason is known**")
        for row in facts["defects"]
        for rule, reason in beside(row).items()
    ]
    return f"## What failed besides\n\n{_table(('defect', 'breaks', 'failed besides', 'since'), rows)}"


def _defects(facts: Facts) -> str:
    rows = [
        (f"`{row['name']}`", row["says"], f"`{row['rule']}`", _codes(row["failed"]), _seconds(row))
        for row in facts["defects"]
    ]
    return f"## Defects\n\n{_table(('defect', 'what is wrong', 'breaks', 'failed', 'seconds'), rows)}"


def _variants(facts: Facts) -> str:
    rows = [
        (
            f"`{row['name']}`",
            row["says"],
            "<br>".join(f"`{name}`: {reading}" for name, reading in row["readings"].items()),
            row["verdict"],
            _seconds(row),
        )
        for row in facts["variants"]
    ]
    return f"## Variants\n\n{_table(('variant', 'what differs', 'readings', 'verdict', 'seconds'), rows)}"


def _seconds(row: Row) -> object:
    return "" if row["seconds"] is None else row["seconds"]


def _peers(facts: Facts) -> str:
    if not facts["peers"]:
        return ""
    return f"## Beside it\n\n{peers(facts['peers'])}\n\nCaught: {_codes(facts['peers']['caught'])}.\n"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")
