"""The terminal shows what a server sent, and is not steered by it."""

import io
from pathlib import Path

from conformance.commands.terminal import Terminal
from conformance.report.terminal import print_summary
from tests.conformance.report.reports import a_report, a_rule


def test_shows_no_control_character_of_a_server() -> None:
    file = io.StringIO()
    Terminal(file=file, soft_wrap=True).print("got 400 \x1b[2J\x9b1m\x07 done\nand :warning: more", markup=False)
    assert file.getvalue() == "got 400 \ufffd[2J\ufffd1m\ufffd done\nand :warning: more\n"


def test_an_error_that_was_never_seen_is_told_of_a_run_that_ended() -> None:
    unseen = {"errors": [{"status": 402, "code": "insufficient_pages", "seen": 0}]}
    for faults, told in (([], True), (["the run was interrupted"], False)):
        file = io.StringIO()
        print_summary(
            Terminal(file=file, soft_wrap=True),
            a_report(a_rule("auth.one"), faults=faults) | unseen,
            Path("report.json"),
        )
        assert ("never seen where it was due 402 insufficient_pages" in file.getvalue()) is told
