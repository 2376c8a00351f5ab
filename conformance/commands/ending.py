"""How a command ends when it cannot do its work: one line that says why, and the status that belongs to it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import click

from conformance.mistakes import NotJudgedError
from conformance.redaction import Redactor
from conformance.report import status
from spec import SpecError


class NotJudged(click.ClickException):
    """Nothing was judged: one line says why."""

    exit_code = status.NOT_JUDGED


class Broken(click.ClickException):
    """The suite itself broke, or was interrupted."""

    exit_code = status.BROKEN


def end_as_by_ctrl_c() -> None:
    """Take SIGTERM for Ctrl-C: whoever ends a run gets the report of what was seen."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@contextmanager
def told_in_one_line(redactor: Redactor | None = None) -> Iterator[None]:
    """Whatever goes wrong inside ends the command with one line, without the secrets that the redactor knows."""
    redact = (redactor or Redactor()).text
    try:
        yield
    except (NotJudgedError, SpecError) as problem:
        raise NotJudged(redact(str(problem))) from None
    except click.ClickException:
        raise
    except KeyboardInterrupt as problem:
        raise Broken("the run was interrupted, and nothing was written") from problem
    except Exception as problem:
        told = redact(f"{type(problem).__name__}: {problem}")
        raise Broken(f"the suite itself broke, please report it: {told}") from None
