"""Servers are judged side by side: as many as there are, in processes that end, those that wait beside the others."""

import time
from pathlib import Path

from tests.proof.running import side_by_side


def test_more_servers_are_judged_than_a_process_serves() -> None:
    assert sorted(side_by_side(abs, range(-5, 0), 1, each=2)) == [1, 2, 3, 4, 5]


def test_what_mostly_waits_is_judged_beside_the_others(tmp_path: Path) -> None:
    meeting = [(tmp_path / "one", tmp_path / "other"), (tmp_path / "other", tmp_path / "one")]
    assert list(side_by_side(_meet, meeting[:1], 1, idle=meeting[1:])) == [True, True]


def _meet(places: tuple[Path, Path]) -> bool:
    """Whether two that come to these places, the one here and the other there, are there at the same time."""
    here, there = places
    here.touch()
    deadline = time.monotonic() + 20
    while not there.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return there.exists()
