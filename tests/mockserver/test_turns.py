"""The accounts are served in turn, each in the order in which it came."""

from mockserver.turns import Turns


def test_the_accounts_come_in_turn() -> None:
    turns: Turns[str] = Turns()
    for thing in ("a1", "a2", "a3", "b1", "c1", "b2"):
        turns.put(thing[0], thing)
    assert [turns.take() for _ in range(6)] == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_whoever_comes_later_waits_for_one_turn_of_each() -> None:
    turns: Turns[str] = Turns()
    for thing in ("a1", "a2", "a3"):
        turns.put("a", thing)
    assert turns.take() == "a1"
    turns.put("b", "b1")
    assert turns.take_all() == ["a2", "a3", "b1"]
    assert turns.take_all() == []
