"""A server in the foreground: it says when it is ready, and ends with status 0 when it is told to."""

import json
import os
import shlex
import signal
import socket
import sys
from dataclasses import dataclass, field
from types import FrameType

import click
import uvicorn

from mockserver.app import create_app
from mockserver.cors import CONTROL_PLANE
from mockserver.server import build_server
from mockserver.serving import url_of, uvicorn_config
from mockserver.settings import Settings
from spec import Contract


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What a user needs for the first request."""

    url: str
    api_key: str = field(repr=False)
    pages: int
    contract: Contract

    @property
    def hooks(self) -> str:
        return self.url + CONTROL_PLANE

    def as_json(self) -> str:
        return json.dumps({"url": self.url, "hooks": self.hooks, "apiKey": self.api_key, "pid": os.getpid()})

    def as_text(self) -> str:
        return "\n".join(
            (
                f"Serving {self.contract.title} at {self.url}",
                f"API key with {self.pages} pages: {self.api_key}",
                f"Hooks: {self.hooks}",
                "Try it:",
                f"  {self.curl()}",
            )
        )

    def curl(self) -> str:
        """A command for the shell that submits the documented example."""
        endpoint = self.contract.endpoint
        command = (
            "curl",
            "--request",
            endpoint.method,
            self.url + endpoint.path,
            "--header",
            f"{endpoint.auth_header}: {endpoint.auth_scheme} {self.api_key}",
            "--header",
            f"Content-Type: {endpoint.media_type}",
            "--data",
            json.dumps(self.contract.request_example),
        )
        return shlex.join(command)


class AnnouncingServer(uvicorn.Server):
    """Prints a text as soon as requests are served."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        click.echo(self._announcement)
        sys.stdout.flush()


def run(settings: Settings, contract: Contract, bound: socket.socket, *, ready: str) -> None:
    """Serve on a bound socket until SIGTERM or SIGINT."""
    server = build_server(settings, contract)
    account = server.open_account(settings.ready_pages)
    facts = Ready(url=url_of(bound), api_key=account.api_key, pages=account.pages, contract=contract)
    announcement = facts.as_json() if ready == "json" else facts.as_text()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Uvicorn raises the signal again once it has shut down; that is when this handler gets it.
        signal.signal(number, _exit)
    AnnouncingServer(uvicorn_config(create_app(server)), announcement).run([bound])


def _exit(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
