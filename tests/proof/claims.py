"""What facts have to say for the suite to be proved: each defect is blamed on its own rule, and no variant on any.

They are looked at as they stand; nothing is judged here.
"""

from collections.abc import Iterator

from tests.proof.facts import Facts, Row, changed, lacking
from tests.proof.summary import beside, is_killed

VERDICTS_OF_VARIANTS = ("passed", "unverified")


def unproved(found: Facts) -> list[str]:
    """What these facts do not prove, a sentence each."""
    return [
        *(f"{name}: nothing is known of it" for name in lacking(found)),
        *(f"{name}: its code is not the one that was judged" for name in changed(found)),
        *(sentence for row in found["defects"] for sentence in _of_defect(row)),
        *(sentence for row in found["variants"] for sentence in _of_variant(row)),
    ]


def _of_defect(row: Row) -> Iterator[str]:
    name = row["name"]
    if not is_killed(row):
        yield f"{name}: {row['rule']} did not fail"
    if row["verdict"] != "failed":
        yield f"{name}: the run came out as {row['verdict']}"
    yield from (f"{name}: {rule} fails with it without a reason" for rule, why in beside(row).items() if not why)
    yield from (f"{name}: {rule} was to fail with it" for rule in row["besides"] if rule not in row["failed"])


def _of_variant(row: Row) -> Iterator[str]:
    name = row["name"]
    yield from (f"{name}: {rule} fails" for rule in row["failed"])
    if row["verdict"] not in VERDICTS_OF_VARIANTS:
        yield f"{name}: the run came out as {row['verdict']}"
