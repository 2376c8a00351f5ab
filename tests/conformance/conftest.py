"""Clients of servers that are functions."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from conformance.profile.profile import Spend
from conformance.wire.client import Client
from tests.conformance.answering import Handler


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    """Makes clients of a server that is a function."""
    clients: list[Client] = []

    def make(handler: Handler, spend: Spend | None = None) -> Client:
        clients.append(Client(spend or Spend(), seconds=5, transport=httpx.MockTransport(handler)))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
