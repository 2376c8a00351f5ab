"""A hook that does not work as its interface says is told in one sentence, and nobody else is to blame."""

import httpx
import pytest

from conformance.client import Client
from conformance.hooks import Hooks
from conformance.outcomes import TargetError
from conformance.profile import HooksAddress, Spend


@pytest.mark.parametrize("api_key", ["sk_secret\n", "sk_secret ü", "sk_secret and"])
def test_refuses_a_key_that_no_header_can_carry(api_key: str) -> None:
    answer = httpx.Response(201, json={"accountId": "a", "keyId": "k", "apiKey": api_key, "pages": 1})
    client = Client(Spend(), seconds=5, transport=httpx.MockTransport(lambda request: answer))
    hooks = Hooks(client, HooksAddress(url="http://target.test"))
    with pytest.raises(TargetError, match="the apiKey that a hook answers holds a character") as caught:
        hooks.create_account(1)
    assert "secret" not in str(caught.value)
    with pytest.raises(TargetError, match="the apiKey that a hook answers"):
        hooks.create_key("a")
