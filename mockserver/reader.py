"""A process that reads documents for the server, so that none of them can slow it, fill it or end it."""

import json
import socket
import subprocess
import sys
import time
from typing import Any

from mockserver import pdf_worker
from mockserver.pdf_worker import ANSWER, READY, REQUEST

START_SECONDS = 30.0


class ReaderUnavailable(Exception):  # noqa: N818 - a state of the machine, which may pass
    """No process can be started now: the system has no memory, no process or no file descriptor left."""


class ReaderLost(Exception):  # noqa: N818 - says what became of it
    """The process ended, or was killed since it took too long."""


class ReaderTooSlow(ReaderLost):
    """It had not answered in time."""


class Reader:
    """One process, and the socket through which it is asked one thing at a time. Raises ReaderUnavailable."""

    def __init__(self, *, seconds: float, memory: int) -> None:
        self._seconds = seconds
        try:
            self._socket, theirs = socket.socketpair()
        except OSError as problem:
            raise ReaderUnavailable(problem.strerror) from problem
        try:
            with theirs:
                self._process = _started(theirs, seconds=seconds, memory=memory)
        except OSError as problem:
            self._socket.close()
            raise ReaderUnavailable(problem.strerror) from problem

    def is_ready(self) -> bool:
        """Wait until it can take a document; False if it has ended instead."""
        self._socket.settimeout(START_SECONDS)
        try:
            # What it said may be from long ago.
            return self._socket.recv(1) == READY and self._process.poll() is None
        except OSError:
            return False

    def ask(self, question: bytes, content: bytes) -> dict[str, Any]:
        """Its answer. Raises ReaderLost if there is none, and ReaderTooSlow if there is none in time: then kill it."""
        deadline = time.monotonic() + self._seconds
        try:
            self._socket.settimeout(self._seconds)
            self._socket.sendall(REQUEST.pack(question, len(content)))
            self._socket.sendall(content)
            [length] = ANSWER.unpack(self._receive(ANSWER.size, deadline))
            answer: dict[str, Any] = json.loads(self._receive(length, deadline))
        except TimeoutError as problem:
            raise ReaderTooSlow from problem
        except OSError as problem:
            raise ReaderLost from problem
        return answer

    def kill(self) -> None:
        """End the process and wait until it has gone; who is asking it, in another thread, then loses it."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Kill it, and give back what was held for it."""
        self.kill()
        self._socket.close()

    def _receive(self, length: int, deadline: float) -> bytearray:
        received = bytearray()
        while len(received) < length:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            part = self._socket.recv(min(length - len(received), 1 << 20))
            if not part:
                raise ConnectionResetError
            received += part
        return received


def _started(theirs: socket.socket, *, seconds: float, memory: int) -> "subprocess.Popen[bytes]":
    # -P: the folder of the script, which is this one, has modules called like those of the standard library.
    command = [sys.executable, "-P", pdf_worker.__file__, str(seconds), str(memory)]
    # In a session of its own, since Ctrl-C is for the server.
    return subprocess.Popen(  # noqa: S603 - nothing in it comes from a client
        command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True
    )
