"""`python -m mockserver` and `startocr-mock`: the command line, with one line for whatever is called wrongly."""

from collections.abc import Sequence
from typing import NoReturn

from mockserver.cli import cli
from spec.console import run


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; without `arguments` it takes those of the process."""
    run(cli, "startocr-mock", arguments)


if __name__ == "__main__":
    main()
