"""The reference server: a StartOCR HTTP API for which the documented rules hold.

`build_server` puts its parts together, `create_app` makes them an ASGI application, `serve_in_thread` runs that.
"""

from mockserver.app import create_app
from mockserver.inprocess import serve_in_thread
from mockserver.server import Server, build_server
from mockserver.settings import Settings

__all__ = ["Server", "Settings", "build_server", "create_app", "serve_in_thread"]
