"""What the committed summary of the proof says of a server comes out today: for some of them, others after each commit.

The other tests of the proof compare what is committed with itself; a change of the suite shows nowhere but here, in the
quick form (`test_defects.py`, `test_variants.py`) and in `nox -s proof`, which judges all of them.
"""

import random

import pytest

from tests.proof.commit import commit
from tests.proof.facts import row_of, steady, waiting
from tests.proof.judging import Job, judged
from tests.proof.subjects import everything
from tests.test_proof import COMMITTED

SAMPLE = 24
ROWS = {row["name"]: row for kind in ("defects", "variants") for row in COMMITTED[kind]}


def drawn() -> list[str]:
    """The servers that this commit judges, those left out that wait for minutes."""
    servers = [name for name in everything() if name in ROWS.keys() - waiting(COMMITTED)]
    return sorted(random.Random(commit()).sample(servers, SAMPLE))


@pytest.mark.parametrize("name", drawn())
def test_the_row_of_a_server_says_what_is_found_there(name: str) -> None:
    """Where it does not: see what has changed, and enter it, `python -m tests.proof --only NAME --write`."""
    row = row_of(judged(Job(subject=name)), "")
    assert steady({"defects": [row]}) == steady({"defects": [ROWS[name]]})
