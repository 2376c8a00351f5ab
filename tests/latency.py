"""A way to a server that takes a while: a TCP proxy that holds back each byte for so long, in either direction."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 64 * 1024


@contextmanager
def far_away(url: str, seconds: float) -> Iterator[str]:
    """The URL of a proxy before that server; a round trip takes `seconds` longer than without it."""
    parts = urlsplit(url)
    proxy = Proxy(parts.hostname or "", parts.port or 80, one_way=seconds / 2)
    thread = threading.Thread(target=asyncio.run, args=(proxy.serve(),), daemon=True)
    thread.start()
    proxy.started.wait()
    try:
        yield f"{parts.scheme}://127.0.0.1:{proxy.port}"
    finally:
        proxy.stop()
        thread.join()


class Proxy:
    """Listens on a free port, once it is `started`."""

    def __init__(self, host: str, port: int, *, one_way: float) -> None:
        self._there = host, port
        self._one_way = one_way
        self.started = threading.Event()

    async def serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        await self._stopped.wait()
        server.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            there_reader, there_writer = await asyncio.open_connection(*self._there)
            try:
                await asyncio.gather(self._carry(reader, there_writer), self._carry(there_reader, writer))
            finally:
                there_writer.close()
        writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what comes to the other side, each chunk that much later; how much is under way has no bound."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(self._deliver(under_way, writer))
        chunk = b"-"
        while chunk:
            chunk = await reader.read(CHUNK)
            under_way.put_nowait((self._loop.time() + self._one_way, chunk))
        await delivering

    async def _deliver(self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(due - self._loop.time())
            if not chunk:
                writer.close()
                return
            writer.write(chunk)
            await writer.drain()
