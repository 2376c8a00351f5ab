"""Servers that are functions, for tests of the client: what they answer, and what is sent to them."""

from collections.abc import Callable

import httpx

from conformance.wire.exchange import Request

URL = "http://target.test/api/ocr"
Handler = Callable[[httpx.Request], httpx.Response]


def answers(*responses: httpx.Response | Exception) -> Handler:
    """A server that gives these answers one after the other."""
    waiting = iter(responses)

    def handle(request: httpx.Request) -> httpx.Response:
        response = next(waiting)
        if isinstance(response, Exception):
            raise response
        return response

    return handle


def submission(pages: int = 1, *, metered: bool = True, chunked: bool = False) -> Request:
    return Request(method="POST", url=URL, content=b"{}", pages=pages, metered=metered, chunked=chunked)
