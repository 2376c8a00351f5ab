"""How a run gets on is told by section: in bars on a terminal, in lines elsewhere, and not at all to the quiet."""

import io

import pytest
from rich.console import Console

from conformance.commands.progress import shown
from conformance.session.declared import Declared
from spec import load_contract


def a_test(place: int, *subjects: str) -> Declared:
    return Declared(
        name=f"test_{place}",
        subjects=subjects,
        is_question=False,
        is_control=False,
        is_generated=False,
        looks_back=False,
        requests=1,
        pages=0,
        place=place,
    )


TESTS = [
    a_test(0, "auth.missing_key"),
    a_test(1, "auth.unknown_key"),
    a_test(2, "auth.revoked_key", "billing.refund"),
    a_test(3, "billing.refund"),
    a_test(4, "megabyte"),
]


def told(console: Console, *, quiet: bool = False) -> str:
    assert isinstance(console.file, io.StringIO)
    with shown(console, load_contract(), quiet=quiet) as progress:
        progress.begin(TESTS)
        for test in TESTS:
            progress.ended(test, "failed" if test.place == 1 else "passed")
        progress.note("by the way")
    return console.file.getvalue()


def test_elsewhere_a_section_is_a_line_once_all_its_tests_have_ended() -> None:
    assert told(Console(file=io.StringIO())).splitlines() == [
        "Authentication: 2 tests, 1 passed, 1 failed",
        "Across the sections: 1 test, 1 passed",
        "Billing: 1 test, 1 passed",
        "Open questions: 1 test, 1 passed",
        "by the way",
        "",
    ]


def test_on_a_terminal_a_section_is_a_bar() -> None:
    text = told(Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None))
    for part in ("Authentication", "Billing", "2/2", "1 passed, 1 failed", "by the way"):
        assert part in text


@pytest.mark.parametrize("is_terminal", [True, False])
def test_the_quiet_are_told_nothing(is_terminal: bool) -> None:
    assert told(Console(file=io.StringIO(), force_terminal=is_terminal), quiet=True) == ""
