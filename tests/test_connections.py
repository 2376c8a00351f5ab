"""Connections are used again: a run opens one for what it sends one after the other, and more where it must."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from conformance.judge import judge
from conformance.profile.profile import HooksAddress
from conformance.session.course import Course
from conformance.session.selection import Selection
from tests.servers import reference, served, small_contract


@dataclass(kw_only=True)
class Door:
    """Counts who comes through on the way to a server."""

    url: str
    connections: int = 0


@contextmanager
def counted(url: str) -> Iterator[Door]:
    parts = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as server:
        door = Door(url=f"http://127.0.0.1:{server.getsockname()[1]}")

        def carry(source: socket.socket, sink: socket.socket) -> None:
            try:
                while chunk := source.recv(65536):
                    sink.sendall(chunk)
            except OSError:
                pass
            for end in (source, sink):
                end.close()

        def serve() -> None:
            while True:
                try:
                    here, _ = server.accept()
                except OSError:
                    return
                door.connections += 1
                there = socket.create_connection((parts.hostname, parts.port))
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=carry, args=(source, sink), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_section_needs_few_connections() -> None:
    selection = Selection(rules=("auth.other_scheme", "auth.unknown_key", "submit.media_type"))
    with served(reference(small_contract())) as profile, counted(profile.base_url) as door:
        through = replace(profile, base_url=door.url, hooks=HooksAddress(url=f"{door.url}/_mock"))
        report = judge(small_contract(), through, selection, course=Course(examples=4)).report
    assert report["verdict"] == "passed"
    assert report["requests"] > 60
    # Two requests of the account API have no key, and so a connection each.
    assert door.connections <= 12, "one for the tests, one for accounts ahead, four to remove them together"
