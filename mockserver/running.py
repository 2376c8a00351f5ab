"""A server in the foreground: it says when it is ready, and ends with status 0 when it is told to."""

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

import click
import uvicorn

from mockserver import exclusive
from mockserver.app import create_app
from mockserver.examining import examine
from mockserver.ready import Ready
from mockserver.server import OpenedAccount, Server, build_server
from mockserver.serving import url_of, uvicorn_config
from mockserver.settings import Settings
from mockserver.store import StoreUnavailable
from mockserver.supervisor import Supervisor
from spec import Contract
from spec.console import say

logger = logging.getLogger(__name__)


class AnnouncingServer(uvicorn.Server):
    """Calls a function as soon as requests are served, and ends if it raises: `unheard` is what it raised."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self.unheard: click.ClickException | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        try:
            self._announce()
        except click.ClickException as problem:
            self.unheard, self.should_exit = problem, True


def prepare(settings: Settings, contract: Contract) -> tuple[Server, OpenedAccount]:
    """A server that may be run, and an account for its user. Raises StoreUnavailable if the database is not usable."""
    if settings.database:
        examine(settings.database)
        exclusive.take(settings.database)
    server = build_server(settings, contract)
    server.store.check()
    # Whoever was processing these is gone.
    server.tasks.take_up_again()
    return server, server.open_account(settings.ready_pages)


def run(server: Server, account: OpenedAccount, bound: socket.socket, *, ready: str) -> None:
    """Serve on a bound socket until SIGTERM or SIGINT."""
    facts = Ready(url=url_of(bound), api_key=account.api_key, pages=account.pages, contract=server.contract)

    def announce() -> None:
        say(facts.as_json() if ready == "json" else facts.as_text())

    if server.settings.workers > 1:
        run_workers(server, bound, announce)
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal again once it has shut down; that is when this handler gets it.
        signal.signal(number, _exit)
    running = AnnouncingServer(uvicorn_config(create_app(server)), announce)
    running.run([bound])
    if running.unheard:
        raise running.unheard


def run_workers(server: Server, bound: socket.socket, announce: Callable[[], None]) -> None:
    """Serve from several processes, each with a connection of its own to the database."""
    settings, contract = server.settings, server.contract
    server.store.close()

    def work(number: int, ready: Callable[[], None]) -> None:
        worker = replacement(settings, contract, number)
        try:
            AnnouncingServer(uvicorn_config(create_app(worker)), ready).run([bound])
        finally:
            worker.store.close()

    if not Supervisor(settings.workers, work, bound).run(announce):
        raise click.ClickException("a worker could not start: see the log")


def replacement(settings: Settings, contract: Contract, number: int) -> Server:
    """A server that takes up what an earlier one with this number left; ends the process if it cannot."""
    try:
        worker = build_server(settings, contract, worker=number)
        worker.tasks.take_up_again(number)
    except StoreUnavailable as problem:
        logger.error("worker %d cannot start: the database %s", number, problem)  # noqa: TRY400 - no fault of the program
        raise SystemExit(1) from problem
    return worker


def _exit(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
