"""`python -m conformance` and `startocr-conformance`: the command line, with one line for whatever is wrong."""

from collections.abc import Sequence
from typing import NoReturn

from conformance.cli import cli
from spec.console import run


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; without `arguments` it takes those of the process."""
    run(cli, "startocr-conformance", arguments)


if __name__ == "__main__":
    main()
