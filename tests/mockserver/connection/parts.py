"""What the requests and connections of these tests are put together from."""

from mockserver import Server
from mockserver.connection import Connection
from mockserver.patience import Patience
from mockserver.server import OpenedAccount

LIMIT = 10 * 1024 * 1024
PAGES = 1000
ALLOWED = b"https://app.example.com"
ONE_MB = b" " * 2**20

# What is to be replaced in the head of a submission, by what becomes of its connection.
ENDINGS = {
    "keeps the connection": (b"", b""),
    "closes the connection": (b"Host: mock.test\r\n", b"Host: mock.test\r\nConnection: close\r\n"),
    "speaks HTTP/1.0": (b"HTTP/1.1", b"HTTP/1.0"),
    "asks for 100 and does not wait": (b"Host: mock.test\r\n", b"Host: mock.test\r\nExpect: 100-continue\r\n"),
}


class Hurried(Connection):
    """Loses its patience soon enough for a test."""

    patience = Patience(
        idle_seconds=0.4,
        head_seconds=0.4,
        request_seconds=0.8,
        drain_seconds=0.8,
        tick_seconds=0.05,
    )


class Frugal(Connection):
    patience = Patience(drain_bytes=4 * 2**20)


def spent(server: Server, account: OpenedAccount) -> int:
    return PAGES - server.ledger.balance(account.account_id)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)
