"""The command line: `startocr-mock serve`. Reads options, says what is wrong with them, and serves."""

import errno
import ipaddress
import socket
from pathlib import Path
from typing import Any

import click

from mockserver import options
from mockserver.decisions import decisions
from mockserver.logs import write_to_stderr
from mockserver.running import prepare, run
from mockserver.server import OpenedAccount, Server
from mockserver.serving import bind
from mockserver.settings import Settings
from mockserver.store import StoreUnavailable
from spec import Contract, SpecError, load_contract
from spec.console import wrong
from spec.contract import OPENAPI
from spec.model import NEEDED_QUESTIONS
from spec.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(__version__, message="startocr-mock %(version)s")
def cli() -> None:
    """A reference server for the StartOCR HTTP API."""


@cli.command()
@click.option("--host", envvar="STARTOCR_MOCK_HOST", show_envvar=True, default="127.0.0.1", help="Where to listen.")
@click.option(
    "--port",
    envvar="STARTOCR_MOCK_PORT",
    show_envvar=True,
    type=options.port,
    default="8000",
    help="0 takes a free port.",
)
@click.option(
    "--allowed-origin",
    "allowed_origins",
    envvar="STARTOCR_MOCK_ALLOWED_ORIGIN",
    show_envvar=True,
    type=options.origin,
    multiple=True,
    help="An origin whose pages may read the answers; may be repeated (in the environment: separated by spaces).",
)
@click.option(
    "--spec",
    envvar="STARTOCR_MOCK_SPEC",
    show_envvar=True,
    type=click.Path(path_type=Path),
    default=OPENAPI,
    show_default="the built-in openapi.yaml",
    help="The OpenAPI document to serve, as built by python -m spec build.",
)
@click.option(
    "--database",
    envvar="STARTOCR_MOCK_DATABASE",
    show_envvar=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    show_default="memory, gone when the server ends",
    help="Keep everything in this file; it is made if there is none.",
)
@click.option(
    "--workers",
    envvar="STARTOCR_MOCK_WORKERS",
    show_envvar=True,
    type=options.workers,
    metavar="N",
    default="1",
    help="How many processes serve; more than one share the --database.",
)
@click.option(
    "--seed",
    envvar="STARTOCR_MOCK_SEED",
    show_envvar=True,
    type=options.seed,
    metavar="N",
    show_default="none: nobody can guess them",
    help="Make the same keys and ids of tasks in every run.",
)
@click.option(
    "--ready",
    envvar="STARTOCR_MOCK_READY",
    show_envvar=True,
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to say that the server is ready.",
)
@click.option(
    "--hooks-token",
    envvar="STARTOCR_MOCK_HOOKS_TOKEN",
    show_envvar=True,
    type=options.token,
    metavar="TOKEN",
    help="What the hooks ask for as a Bearer token; needed unless the host is a loopback one.",
)
def serve(spec: Path, ready: str, hooks_token: str | None, **chosen: Any) -> None:
    """Serve the API, the account API and, under /_mock, the hooks."""
    write_to_stderr()
    settings = Settings(hooks_token=hooks_token, **chosen)
    if not settings.hooks_token and not is_loopback(settings.host):
        raise wrong(
            "host",
            f"{settings.host!r} can be reached by others, and the hooks create accounts: "
            "protect them with --hooks-token",
        )
    if settings.workers > 1 and settings.database is None:
        raise wrong("workers", f"{settings.workers} processes need a --database to share")
    contract = read_spec(spec)
    bound = listen(settings.host, settings.port)
    server, account = open_server(settings, contract)
    run(server, account, bound, ready=ready)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_spec(path: Path) -> Contract:
    """The contract of that file, which has all that the server decides by."""
    try:
        contract = load_contract(path)
        decisions(contract)
    except SpecError as problem:
        raise wrong("spec", str(problem)) from problem
    except LookupError as problem:
        raise wrong("spec", f"{path}: {problem}, and the server decides by it") from problem
    for name in NEEDED_QUESTIONS:
        if name not in contract.questions:
            raise wrong("spec", f"{path}: there is no question {name}, and the server is built on its answer")
    return contract


def open_server(settings: Settings, contract: Contract) -> tuple[Server, OpenedAccount]:
    try:
        return prepare(settings, contract)
    except StoreUnavailable as problem:
        raise wrong("database", f"{settings.database} {problem}") from problem


def listen(host: str, port: int) -> socket.socket:
    try:
        return bind(host, port)
    except (socket.gaierror, UnicodeError) as problem:
        raise wrong("host", f"{host!r} is no host of this machine") from problem
    except PermissionError as problem:
        raise wrong("port", f"{port} needs more rights: choose one from 1024 on") from problem
    except OSError as problem:
        raise _not_bound(host, port, problem) from problem


def _not_bound(host: str, port: int, problem: OSError) -> click.BadParameter:
    if problem.errno == errno.EADDRINUSE:
        return wrong("port", f"{port} on {host} is in use: choose another, or 0 for a free one")
    return wrong("host", f"{host!r} is no address of this machine")
