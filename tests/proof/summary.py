"""Facts → Markdown: `docs/proof.md`, and the same of a run in `reports/proof/`."""

from collections import defaultdict
from collections.abc import Iterable

from spec import load_contract
from tests.proof.facts import Facts, Row, lacking

HEAD = """# The proof of the suite

What the suite catches, what it blames, whom it accuses wrongly. Written by `nox -s proof -- --write` from
[proof.json](proof.json); a test compares both with the catalogues in `tests/defects/` and `tests/variants/`.

A *defect* is the reference server with one realistic bug. The suite has to fail it, at the rule that the bug breaks,
and at no other unless the catalogue says why. A *variant* is a server that conforms and reads an open question another
way, or differs in what nobody documents. The suite must fail nothing there.
"""


def summary(facts: Facts) -> str:
    """The whole page."""
    parts = [HEAD, _numbers(facts), _besides(facts), _defects(facts), _variants(facts), _peers(facts)]
    return "\n".join(part for part in parts if part)


def is_killed(row: Row) -> bool:
    return row["rule"] in row["failed"]


def is_blamed(row: Row) -> bool:
    """Whether what fails is the rule that is broken, and what cannot but fail with it."""
    return set(row["failed"]) == {row["rule"], *row["besides"]}


def _numbers(facts: Facts) -> str:
    defects, variants, left = facts["defects"], facts["variants"], lacking(facts)
    readings = {(name, reading) for row in variants for name, reading in row["readings"].items()}
    alone = sum(not row["besides"] for row in defects)
    rows = [
        ("defects", len(defects)),
        ("killed", sum(map(is_killed, defects))),
        ("blamed on the right rule", sum(map(is_blamed, defects))),
        ("where no other rule fails", alone),
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


def _missed(row: Row) -> str:
    if not is_killed(row):
        return f"`{row['rule']}` does not fail ({row['verdict']})"
    return f"not only `{row['rule']}` fails but {_codes(set(row['failed']) - {row['rule']})}"


def _besides(facts: Facts) -> str:
    rows = [
        (f"`{row['name']}`", f"`{row['rule']}`", f"`{rule}`", reason)
        for row in facts["defects"]
        for rule, reason in row["besides"].items()
    ]
    return f"## What fails besides\n\n{_table(('defect', 'breaks', 'besides', 'since'), rows)}"


def _defects(facts: Facts) -> str:
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in facts["defects"]:
        by_rule[row["rule"]].append(row)
    rows = [
        (f"`{rule}`" if row is rows_of_rule[0] else "", f"`{row['name']}`", row["says"])
        for rule, rows_of_rule in by_rule.items()
        for row in rows_of_rule
    ]
    return f"## Defects\n\n{_table(('rule', 'defect', 'what is wrong'), rows)}"


def _variants(facts: Facts) -> str:
    rows = [
        (
            f"`{row['name']}`",
            row["says"],
            "<br>".join(f"`{name}`: {reading}" for name, reading in row["readings"].items()),
            row["verdict"],
        )
        for row in facts["variants"]
    ]
    return f"## Variants\n\n{_table(('variant', 'what differs', 'readings', 'verdict'), rows)}"


def _peers(facts: Facts) -> str:
    peers = facts["peers"]
    if not peers:
        return ""
    text = (
        f"{peers['tool']} alone, from `spec/openapi.yaml`, on {peers['tried']} of these defects ({peers['date']}, "
        f"commit `{peers['commit']}`): it catches {len(peers['caught'])}, in {peers['seconds']:.0f} seconds a server, "
        f"and spends {peers['pages']} pages on each. Left out: {peers['left_out']}.\n\n"
        f"Caught: {_codes(peers['caught'])}."
    )
    return f"## Beside it\n\n{text}\n"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")
