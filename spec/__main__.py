"""`python -m spec build`: write `openapi.yaml` from the two documents, or check that it is fresh."""

from pathlib import Path

import click

from spec.building import build_openapi, dump_openapi
from spec.console import run, say
from spec.contract import OPENAPI
from spec.examples import contradictions
from spec.page import DocumentError
from spec.reading import DOCUMENTATION, QUESTIONS, read_contract

NAME = "python -m spec"
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Build the OpenAPI document from the documentation."""


@cli.command()
@click.option("--documentation", type=FILE, default=DOCUMENTATION, help="What is documented.")
@click.option("--questions", type=FILE, default=QUESTIONS, help="What the documentation leaves open.")
@click.option("--output", type=FILE, default=OPENAPI, help="The OpenAPI document.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the output is not what would be written.")
def build(documentation: Path, questions: Path, output: Path, check: bool) -> None:
    """Write openapi.yaml, or with --check say whether it is fresh."""
    content = built(documentation, questions).encode()
    try:
        if not check:
            output.write_bytes(content)
        elif not output.is_file() or output.read_bytes() != content:
            raise click.ClickException(f"{output} is stale: run python -m spec build and commit the result")
    except OSError as problem:
        doing = "read" if check else "written"
        raise click.ClickException(f"{output} cannot be {doing}: {problem.strerror}") from problem
    say(f"{output} is {'fresh' if check else 'built'}")


def built(documentation: Path, questions: Path) -> str:
    """The text of the OpenAPI document. Raises ClickException where the documents or the examples are wrong."""
    try:
        contract = read_contract(documentation, questions)
    except DocumentError as problem:
        raise click.ClickException(str(problem)) from problem
    wrong = contradictions(build_openapi(contract))
    if wrong:
        raise click.ClickException("; ".join(wrong))
    return dump_openapi(contract)


if __name__ == "__main__":
    run(cli, NAME)
