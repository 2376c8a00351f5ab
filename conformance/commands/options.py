"""The options that several commands take, and what becomes of them: a profile, a contract, a selection.

A group of options is one argument of the command: `make` gets their values and returns it.
"""

import inspect
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from conformance.commands.ending import told_in_one_line
from conformance.profile.profile import Profile, profile_from_file, profile_from_url
from conformance.session.capabilities import CAPABILITIES
from conformance.session.course import Course
from conformance.session.selection import Selection
from spec import Contract, load_contract
from spec.console import wrong
from spec.contract import OPENAPI

FILE = click.Path(path_type=Path)
MOST_PROCESSES = 64
PREFIX = "STARTOCR_CONFORMANCE"

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]


def option(name: str, *declared: str, **attributes: Any) -> Decorator:
    """An option that is an environment variable, too."""
    return click.option(f"--{name}", *declared, envvar=f"{PREFIX}_{name.replace('-', '_').upper()}", **attributes)


def becomes(argument: str, make: Callable[..., Any], *options: Decorator) -> Decorator:
    """These options become one argument of a command."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def wrapped(**values: Any) -> Any:
            own = {name: values.pop(name) for name in inspect.signature(make).parameters}
            with told_in_one_line():
                values[argument] = make(**own)
            return command(**values)

        decorated: Command = wrapped
        for add in reversed(options):
            decorated = add(decorated)
        return decorated

    return decorate


def _profile(target: Path | None, base_url: str | None) -> Profile:
    """From the one that is given; of two, from that on the command line, before one of the environment."""
    if target is not None and base_url is not None:
        said = [name for name in ("target", "base_url") if _is_on_the_command_line(name)]
        target, base_url = target if said == ["target"] else None, base_url if said == ["base_url"] else None
    if target is None and base_url is None:
        raise click.UsageError("say what to judge: either --target FILE or --base-url URL.")
    return profile_from_file(target) if target is not None else profile_from_url(base_url or "")


def _is_on_the_command_line(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def _selection(rules: tuple[str, ...], sections: tuple[str, ...]) -> Selection:
    return Selection(rules=_split("rules", rules), sections=_split("sections", sections))


def _split(option: str, values: tuple[str, ...]) -> tuple[str, ...]:
    parts = tuple(part.strip() for value in values for part in value.split(","))
    if not all(parts):
        raise wrong(option, "holds an empty name: write names with commas between them, or leave it out")
    return parts


def _course(seed: int, examples: int, shuffle: bool, processes: int) -> Course:
    return Course(seed=seed, examples=examples, shuffled=shuffle, processes=processes)


class Processes(click.ParamType[int]):
    """A number of processes, or `auto` for as many as there are processors to run them."""

    name = "number"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> int:
        if value == "auto":
            return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        if not str(value).isdecimal() or not 1 <= int(value) <= MOST_PROCESSES:
            self.fail(f"{value!r} is neither auto nor a number from 1 to {MOST_PROCESSES}", parameter, context)
        return int(value)


def _contract(spec: Path) -> Contract:
    """The contract of a file. It may promise more than the built-in one, but the suite judges by every rule of that."""
    contract = load_contract(spec)
    if spec != OPENAPI:
        _refuse_what_lacks_something(contract, spec)
        _refuse_unknown_needs(contract, spec)
    return contract


def _refuse_what_lacks_something(contract: Contract, spec: Path) -> None:
    ours = load_contract()
    for kind, known, given in (
        ("rule", ours.rules, contract.rules),
        ("question", ours.questions, contract.questions),
    ):
        lacking = [name for name in known if name not in given]
        if lacking:
            raise wrong("spec", f"{spec}: there is no {kind} {lacking[0]}, and the suite judges by it")


def _refuse_unknown_needs(contract: Contract, spec: Path) -> None:
    for rule in contract.rules.values():
        unknown = [need for need in rule.needs if need not in CAPABILITIES]
        if unknown:
            known = ", ".join(CAPABILITIES)
            raise wrong("spec", f"{spec}: {rule.id} needs {unknown[0]!r}, which is none of: {known}")


with_profile = becomes(
    "profile",
    _profile,
    option("target", type=FILE, help="The target profile, a YAML file."),
    option("base-url", help="A deployment without a profile; STARTOCR_API_KEY is its key."),
)

with_selection = becomes(
    "selection",
    _selection,
    option("rules", multiple=True, help="Judge only these rules, e.g. 'auth.*,billing.*'."),
    option(
        "section",
        "sections",
        multiple=True,
        help="Judge only this section of the documentation, e.g. authentication.",
    ),
)

with_course = becomes(
    "course",
    _course,
    option(
        "seed",
        type=click.IntRange(min=0),
        default=Course.seed,
        show_default=True,
        help="Draw generated inputs from it: the same seed sends the same requests.",
    ),
    option(
        "examples",
        type=click.IntRange(min=1),
        default=Course.examples,
        show_default=True,
        help="Draw so many inputs for each generated test.",
    ),
    option("shuffle", is_flag=True, help="Run the tests in an order drawn from the seed."),
    option(
        "processes",
        "-n",
        type=Processes(),
        default=1,
        show_default=True,
        help="Run the tests in so many processes, or auto; where hooks offer accounts.",
    ),
)

with_contract = becomes(
    "contract",
    _contract,
    option("spec", type=FILE, default=OPENAPI, help="Another OpenAPI document of this project."),
)
