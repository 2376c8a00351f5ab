"""How a command of the project ends: with its work done, or with one line that says what is wrong. Never a traceback.

A command raises `click.ClickException`; the line names the command, and the option or the variable of the environment
that a wrong value came from.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click
from click.core import ParameterSource

INTERRUPTED = 130


def run(command: click.Command, name: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command under that name and exit; without `arguments` it takes those of the process."""
    _open_streams()
    sys.exit(_status(command, name, sys.argv[1:] if arguments is None else arguments))


def say(text: str) -> None:
    """Print a line at once. Raises ClickException if nobody can read it."""
    try:
        print(text, flush=True)
    except OSError as problem:
        raise _unheard(problem) from problem


def wrong(option: str, problem: str) -> click.BadParameter:
    """The complaint about the value of an option of the command that runs."""
    context = click.get_current_context()
    parameter = next(parameter for parameter in context.command.params if parameter.name == option)
    return click.BadParameter(problem, ctx=context, param=parameter)


def _status(command: click.Command, name: str, arguments: Sequence[str]) -> int:
    try:
        with command.make_context(name, list(arguments)) as context:
            command.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        return problem.exit_code
    except click.ClickException as problem:
        return _complain(name, problem)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as problem:
        # Help is printed by click itself.
        return _complain(name, _unheard(problem))
    return 0


def _complain(name: str, problem: click.ClickException) -> int:
    print(f"{name}: {_line(problem)}", file=sys.stderr)
    return problem.exit_code


def _line(problem: click.ClickException) -> str:
    match problem:
        case click.BadParameter(ctx=click.Context() as context, param=click.Parameter() as parameter):
            text = f"{_place(context, parameter)}: {problem.message}"
        case click.UsageError(ctx=click.Context() as context):
            text = f"{problem.format_message()} See {context.command_path} --help."
        case _:
            text = problem.format_message()
    return " ".join(text.split())


def _place(context: click.Context, parameter: click.Parameter) -> str:
    """Where the value of an option came from."""
    from_environment = context.get_parameter_source(parameter.name or "") is ParameterSource.ENVIRONMENT
    return str(parameter.envvar) if from_environment else parameter.opts[-1]


def _unheard(problem: OSError) -> click.ClickException:
    # What is still in the buffer is not to fail once more when the process ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return click.ClickException(f"what it says cannot be printed: {problem.strerror}")


def _open_streams() -> None:
    """Whoever closed a stream does not want to hear; what the encoding of the terminal lacks is escaped."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the process ends
    sys.stderr = sys.stderr or sys.stdout
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
