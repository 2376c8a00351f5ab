"""Bytes over a socket, for what no HTTP library would send, and the answers as they come."""

import json
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One answer; the names of its fields are in lower case."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """Its error code; empty for a success."""
        members: dict[str, Any] = json.loads(self.body)
        return str(members.get("error", ""))


class Wire:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=10)
        self._read = b""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send_slowly(self, pieces: Iterable[bytes], seconds: float) -> int:
        """One piece after the other, until the other side has gone; how many bytes that were."""
        sent = 0
        with suppress(ConnectionError):
            for piece in pieces:
                self._socket.sendall(piece)
                sent += len(piece)
                time.sleep(seconds)
        return sent

    def end(self) -> None:
        """Say no more, and go on listening."""
        self._socket.shutdown(socket.SHUT_WR)

    def hear(self, *, to_head: bool = False) -> Heard:
        """The next answer; one to a HEAD has no body, whatever it says of its length."""
        status_line, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        length = 0 if to_head else int(fields.get("content-length", "0"))
        while len(self._read) < length:
            self._receive()
        body, self._read = self._read[:length], self._read[length:]
        return Heard(status=int(status_line.split(" ")[1]), fields=fields, body=body)

    def is_closed(self) -> bool:
        """Wait until the other side closes or has something to say."""
        try:
            return not self._read and self._socket.recv(1) == b""
        except ConnectionError:
            return True

    def rest(self) -> bytes:
        """Whatever comes until the other side closes."""
        with suppress(ConnectionError):
            while part := self._socket.recv(65536):
                self._read += part
        return self._read

    def _until(self, end: bytes) -> bytes:
        while end not in self._read:
            self._receive()
        found, self._read = self._read.split(end, 1)
        return found + end

    def _receive(self) -> None:
        part = self._socket.recv(65536)
        assert part, f"the connection was closed after {self._read!r}"
        self._read += part
