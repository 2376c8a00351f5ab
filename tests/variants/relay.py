"""A relay in front of a server: what becomes of bytes and connections on their way, which no ASGI application can say.

It relays one request for each connection, and closes it behind the answer.
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"
END_OF_LINE = b"\r\n"
NO_LIMIT = 1 << 40
PATIENCE = 5.0


class CutOffError(Exception):
    """The connection is to be closed as it is."""


def whole(answer: bytes) -> list[bytes]:
    return [answer]


@dataclass(frozen=True, kw_only=True)
class Relay:
    """`pieces` makes of a whole answer what is sent, one write for each.

    A request with more than `most` bytes of content is cut off without an answer. Of more than so many `connections`
    at the same time, the last ones are closed at once.
    """

    url: str
    pieces: Callable[[bytes], list[bytes]] = whole
    most: int = NO_LIMIT
    connections: int = NO_LIMIT
    held: set[asyncio.StreamWriter] = field(default_factory=set)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay the request of a connection, and the answer to it."""
        if len(self.held) == self.connections:
            writer.transport.abort()
            return
        self.held.add(writer)
        try:
            for piece in self.pieces(await self._answer(reader)):
                writer.write(piece)
                await writer.drain()
            await _hear_out(reader, writer)
            writer.close()
        except (CutOffError, OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            self.held.remove(writer)

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(END_OF_HEAD)
        parts = urlsplit(self.url)
        from_server, to_server = await asyncio.open_connection(parts.hostname, parts.port)
        to_server.write(head.replace(END_OF_LINE, b"\r\nConnection: close\r\n", 1))
        sending = asyncio.create_task(self._send(head, reader, to_server))
        answering = asyncio.create_task(from_server.read())
        try:
            await asyncio.wait((sending, answering), return_when=asyncio.FIRST_COMPLETED)
            return await answering if answering.done() else await _failure(sending)
        finally:
            sending.cancel()
            answering.cancel()
            await asyncio.gather(sending, answering, return_exceptions=True)
            to_server.close()

    async def _send(self, head: bytes, reader: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
        """Send the content on until the connection is closed."""
        declared = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        sent = 0
        if declared and int(declared[1]) > self.most:
            raise CutOffError
        while chunk := await reader.read(CHUNK):
            sent += len(chunk)
            if sent > self.most:
                raise CutOffError
            to_server.write(chunk)
            await to_server.drain()
        await asyncio.Event().wait()


async def _hear_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read what is still coming: where something is left unread, closing takes the answer back (RFC 9112, 9.6)."""
    writer.write_eof()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while await reader.read(CHUNK):
                pass


async def _failure(task: asyncio.Task[None]) -> bytes:
    await task
    raise CutOffError


@contextmanager
def relayed(relay: Relay) -> Iterator[str]:
    """The URL under which the server is reached through the relay."""
    ready: list[int] = []
    started = threading.Event()

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with await asyncio.start_server(relay.handle, "127.0.0.1", 0) as server:
            ready.append(server.sockets[0].getsockname()[1])
            started.set()
            await relay.stop.wait()

    loops: list[asyncio.AbstractEventLoop] = []
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    started.wait()
    try:
        yield f"http://127.0.0.1:{ready[0]}"
    finally:
        loops[0].call_soon_threadsafe(relay.stop.set)
        thread.join()
