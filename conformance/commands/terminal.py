"""Where a command tells its result: standard output, whose reader may leave early."""

import os
import sys
from typing import Any

import click
from rich.console import Console

HARMLESS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}


class Terminal(Console):
    """Prints what it is told as it stands. That nobody reads it, as after `| head -1`, changes no status."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"highlight": False, "emoji": False, "file": sys.stdout, **options})

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, without what would steer the terminal: a server may have sent it."""
        shown = [item.translate(HARMLESS) if isinstance(item, str) else item for item in objects]
        try:
            super().print(*shown, **options)
        except OSError as problem:
            self.on_broken_pipe()
            click.echo(f"the summary cannot be printed: {problem.strerror}", err=True)

    def on_broken_pipe(self) -> None:
        """Be silent from now on; rich itself would end the process."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())
