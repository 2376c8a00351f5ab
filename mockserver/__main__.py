"""`python -m mockserver` and `startocr-mock`: the command line, with one line for whatever is called wrongly."""

import sys
from collections.abc import Sequence

import click

from mockserver.cli import cli
from mockserver.options import Misuse


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; without `arguments` it takes those of the process."""
    try:
        sys.exit(cli.main(arguments, prog_name="startocr-mock", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.UsageError as problem:
        Misuse(f"{problem.format_message()} See startocr-mock serve --help.").show()
        sys.exit(Misuse.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)


if __name__ == "__main__":
    main()
