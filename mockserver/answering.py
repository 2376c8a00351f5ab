"""The transport of a connection as one answer knows it. What stands in the answer is not known here."""

from asyncio import Transport
from typing import Any, Protocol

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

# Comes before an answer, and is to be heard at once.
GO_ON = b"HTTP/1.1 100 "


class Answered(Protocol):
    """The connection that the answer goes to."""

    transport: Transport

    def leave(self) -> None: ...

    def on_response_complete(self) -> None: ...


class Answering:
    """Whatever closes it leaves the connection in good order, and the head of the answer waits for its body.

    Uvicorn writes each for itself, and either would be a call of the system, and a packet that wakes the client.
    """

    def __init__(self, connection: Answered) -> None:
        self._connection = connection
        self._head: bytes | None = None
        self.is_closing = connection.transport.is_closing

    def write(self, data: bytes) -> None:
        if self._head is None and not data.startswith(GO_ON):
            self._head = data
        else:
            self._connection.transport.write((self._head or b"") + data)
            self._head = self._head and b""

    def close(self) -> None:
        self._flush()
        self._connection.leave()

    def complete(self) -> None:
        """The answer has come to its end, with a body or without."""
        self._flush()
        self._connection.on_response_complete()

    def _flush(self) -> None:
        if self._head:
            self.write(b"")


def closing_unless_read(app: Any, cycle: RequestResponseCycle) -> Any:
    """The application; a client that was not told to go on may send its body or not, so this is its last request."""

    async def closing(scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if cycle.waiting_for_100_continue:
                cycle.keep_alive = False
            await send(message)

        await app(scope, receive, noting)

    return closing
