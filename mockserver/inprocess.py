"""A server in a thread of this process, for tests that need a real socket."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from mockserver.app import create_app
from mockserver.connection import Connection
from mockserver.server import Server
from mockserver.serving import bind, url_of, uvicorn_config


@contextmanager
def serve_in_thread(
    server: Server,
    *,
    wrap: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    connection: type[Connection] = Connection,
    port: int = 0,
) -> Iterator[str]:
    """Serve on a port of the loopback interface (0: a free one) and yield the base URL.

    `wrap` may put an application around.
    """
    bound = bind("127.0.0.1", port)
    running = uvicorn.Server(uvicorn_config(wrap(create_app(server)), connection))
    thread = threading.Thread(target=running.run, args=([bound],), daemon=True)
    thread.start()
    try:
        _wait_until_started(running, thread)
        yield url_of(bound)
    finally:
        running.should_exit = True
        thread.join()
        bound.close()


def _wait_until_started(running: uvicorn.Server, thread: threading.Thread) -> None:
    while not running.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start: see the log")
        time.sleep(0.005)
