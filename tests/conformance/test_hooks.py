"""The hooks: what goes wrong with them is nobody's failure of a rule."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from conformance.outcomes import ConnectionLostError, Nonconformance, TargetError
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


def answering(status: int, body: str) -> Hooks:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, text=body))
    return Hooks(Client(Spend(), seconds=5, transport=transport), HooksAddress(url="http://target.test/hooks"))


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_is_named(status: int) -> None:
    with pytest.raises(TargetError, match=rf"answered {status}: check hooks\.token"):
        answering(status, "{}").groups()


@pytest.mark.parametrize("status", [308, 404])
def test_the_root_may_have_no_slash_at_its_end(status: int) -> None:
    def root(request: httpx.Request) -> httpx.Response:
        slash = request.url.path.endswith("/")
        return httpx.Response(status) if slash else httpx.Response(200, json={"version": 1, "hooks": ["accounts"]})

    client = Client(Spend(), seconds=5, transport=httpx.MockTransport(root))
    assert Hooks(client, HooksAddress(url="http://target.test/hooks")).groups() == {"accounts"}


def test_ids_may_be_numbers_and_keys_may_not() -> None:
    account = answering(201, '{"accountId": 17, "keyId": 4, "apiKey": "sk_of_seventeen"}').create_account(1)
    assert (account.account_id, account.key_id) == ("17", "4")
    with pytest.raises(TargetError, match="a hook answers no text as apiKey"):
        answering(201, '{"accountId": 17, "keyId": 4, "apiKey": true}').create_account(1)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("9.5", Nonconformance),
        ("1e999", Nonconformance),
        ('"9"', TargetError),
        ("null", TargetError),
        ("true", TargetError),
    ],
)
def test_half_a_page_is_a_fault_of_the_target_and_what_is_no_balance_one_of_the_hooks(
    told: str, problem: type[Exception]
) -> None:
    def tell(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=f'{{"accountId": "a", "pages": {told}}}')

    with (
        closing(Client(Spend(), seconds=5, transport=httpx.MockTransport(tell))) as client,
        pytest.raises(problem, match="page"),
    ):
        Hooks(client, HooksAddress(url="http://target.test/hooks")).pages("a")
