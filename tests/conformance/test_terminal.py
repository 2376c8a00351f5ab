"""The terminal shows what a server sent, and is not steered by it."""

import io

from conformance.commands.terminal import Terminal


def test_shows_no_control_character_of_a_server() -> None:
    file = io.StringIO()
    Terminal(file=file, soft_wrap=True).print("got 400 \x1b[2J\x9b1m\x07 done\nand :warning: more", markup=False)
    assert file.getvalue() == "got 400 \ufffd[2J\ufffd1m\ufffd done\nand :warning: more\n"
