"""The hooks: what goes wrong with them is nobody's failure of a rule."""

from collections.abc import Iterator

import httpx
import pytest

from conformance.outcomes import ConnectionLostError, TargetError
from conformance.profile.profile import HooksAddress, Spend
from conformance.wire.client import Client
from conformance.wire.hooks import Hooks


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """Hooks whose every connection is closed without an answer."""

    def close(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    client = Client(Spend(), seconds=5, transport=httpx.MockTransport(close))
    yield Hooks(client, HooksAddress(url="http://target.test/hooks"))
    client.close()


def test_a_hook_that_gives_no_answer_is_no_connection_that_the_target_closed(hooks: Hooks) -> None:
    with pytest.raises(TargetError, match=r"the hook POST /accounts gave no answer: see hooks\.url") as caught:
        hooks.create_account(1)
    assert not isinstance(caught.value, ConnectionLostError)
