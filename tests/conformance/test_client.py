"""The client counts, waits, reconnects and keeps to the budget; it judges nothing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import httpx
import pytest

from conformance.outcomes import ConnectionLostError, Unverified
from conformance.profile.profile import Spend
from conformance.wire.client import WAITS_WHEN_LIMITED, Client
from conformance.wire.exchange import Request
from conformance.wire.patience import Patience
from tests.conformance.answering import URL, answers, submission


def recorded(connect: Callable[..., Client]) -> tuple[Client, list[httpx.Headers]]:
    """A client, and the headers of what it sends."""
    seen: list[httpx.Headers] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200)

    return connect(handle), seen


def test_counts_requests_and_pages(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.Response(200), httpx.Response(402), httpx.Response(202)))
    for pages in (3, 1, 2):
        client.send(submission(pages))
    assert (client.requests, client.pages_spent) == (3, 5)


def test_says_who_it_is_and_which_rule_it_looks_at(connect: Callable[..., Client]) -> None:
    client, seen = recorded(connect)
    client.send(submission(), rule="auth.revoked_key")
    assert seen[0]["user-agent"] == "startocr-conformance/0.1.0 (auth.revoked_key)"


def test_sends_chunks_without_a_length(connect: Callable[..., Client]) -> None:
    client, seen = recorded(connect)
    client.send(submission(chunked=True))
    assert seen[0]["transfer-encoding"] == "chunked"
    assert "content-length" not in seen[0]


def test_waits_out_429(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200)))
    assert client.send(submission()).status == 200
    assert client.limited


def test_waits_a_little_longer_each_time_where_it_is_told_to_wait_for_no_second(
    connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    limited = httpx.Response(429, headers={"Retry-After": "0"})
    connect(answers(limited, limited, limited, httpx.Response(200))).send(submission())
    assert 0 < waits[0] < waits[1] < waits[2] < 1


def test_the_last_wait_is_for_a_last_attempt(connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    limited = [httpx.Response(429)] * WAITS_WHEN_LIMITED
    assert connect(answers(*limited, httpx.Response(200))).send(submission()).status == 200
    assert sum(waits) > 60  # A usual span of a limit.
    with pytest.raises(Unverified, match="still limits the rate"):
        connect(answers(*limited, httpx.Response(429))).send(submission())


@pytest.mark.parametrize("status", [408, 502, 503, 504, 520, 524])
def test_asks_again_where_only_a_gateway_answered(
    connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    assert connect(answers(httpx.Response(status), httpx.Response(200))).send(submission()).status == 200


def test_what_is_sent_together_is_not_sent_alone_again(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.RemoteProtocolError("Server disconnected"), httpx.Response(200)))
    with pytest.raises(ConnectionLostError):
        client.send(replace(submission(), gate=Barrier(1)))


def test_reconnects_once_when_the_connection_was_closed(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.RemoteProtocolError("Server disconnected"), httpx.Response(200)))
    assert client.send(submission()).status == 200


def test_gives_up_when_the_connection_is_closed_again(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.ReadError("reset"), httpx.ReadError("reset")))
    with pytest.raises(ConnectionLostError, match=r"no answer to POST .*: reset"):
        client.send(submission())


def test_waits_less_for_what_several_of_a_kind_did_not_get(connect: Callable[..., Client]) -> None:
    waits: list[float] = []

    def never(request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"]["read"])
        raise httpx.ReadTimeout("timed out")

    client, faulty = connect(never), replace(submission(), faulty=True)
    for request in (*[faulty] * 3, submission()):
        with pytest.raises(ConnectionLostError):
            client.send(request)
    assert waits == [5, 5, 1, 5]


def test_waits_for_many_times_what_an_answer_took() -> None:
    patience, slow, large = Patience(30), submission(), replace(submission(), content=b" " * 200_000)
    patience.answered(slow, 0.2)
    assert patience.seconds(slow) == 30
    for request in [slow, large] * 2:
        patience.unanswered(request)
    assert (patience.seconds(slow), patience.seconds(large)) == (2, 1)
    patience.answered(slow, 5)
    assert patience.seconds(slow) == 30


def test_does_not_try_again_where_nobody_listens(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.ConnectError("refused"), httpx.Response(200)))
    with pytest.raises(ConnectionLostError):
        client.send(submission())


def test_never_sends_more_pages_than_may_be_spent(connect: Callable[..., Client]) -> None:
    client = connect(lambda request: httpx.Response(200), Spend(pages=3))
    client.send(submission(3))
    with pytest.raises(Unverified, match=r"spend\.pages"):
        client.send(submission(1))
    assert client.requests == 1


def test_a_refusal_gives_its_pages_back_to_the_budget(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.Response(400), httpx.Response(200)), Spend(pages=1))
    client.send(submission(1))
    assert client.send(submission(1)).status == 200


def test_what_must_be_refused_is_sent_without_a_budget(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.Response(401), httpx.Response(200), httpx.Response(200)), Spend(pages=1))
    faulty = replace(submission(1), faulty=True)
    client.send(faulty)
    client.send(faulty)
    assert client.pages_spent == 1
    with pytest.raises(Unverified):
        client.send(submission(1))


def test_a_lost_answer_may_have_been_charged(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.ConnectTimeout("late"), httpx.Response(200)), Spend(pages=1))
    with pytest.raises(ConnectionLostError):
        client.send(submission(1))
    with pytest.raises(Unverified):
        client.send(submission(1))


def test_waiting_out_a_limit_costs_no_page_twice(connect: Callable[..., Client]) -> None:
    limited = httpx.Response(429, headers={"Retry-After": "0"})
    client = connect(answers(limited, limited, httpx.Response(200), httpx.Response(200)), Spend(pages=3))
    client.send(submission(2))
    assert client.pages_spent == 2
    client.send(submission(1))
    with pytest.raises(Unverified):
        client.send(submission(1))


def test_what_is_sent_again_is_paid_for_twice_at_worst(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.ReadError("reset"), httpx.Response(200), httpx.Response(200)), Spend(pages=3))
    client.send(submission(1))
    client.send(submission(1))
    with pytest.raises(Unverified):
        client.send(submission(1))


def test_nothing_is_sent_again_that_the_budget_does_not_have(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.ReadError("reset"), httpx.Response(200)), Spend(pages=1))
    with pytest.raises(Unverified):
        client.send(submission(1))
    assert client.requests == 1


def test_together_no_more_is_sent_than_may_be_spent(connect: Callable[..., Client]) -> None:
    client = connect(lambda request: httpx.Response(200), Spend(pages=5))

    def accepted(number: int) -> bool:
        try:
            return client.send(submission(1)).is_success
        except Unverified:
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(accepted, range(40))) == 5
    assert (client.requests, client.pages_spent) == (5, 5)


def test_pages_of_test_accounts_are_not_metered(connect: Callable[..., Client]) -> None:
    client = connect(lambda request: httpx.Response(200), Spend(pages=0))
    assert client.send(submission(1, metered=False)).status == 200


class Clock:
    """Time that passes only while somebody sleeps."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now

    perf_counter = monotonic

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_keeps_to_the_rate(connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    clock, starts = Clock(), []

    def answer(_: httpx.Request) -> httpx.Response:
        starts.append(clock.now)
        return httpx.Response(200)

    client = connect(answer, Spend(requests_per_second=50))
    monkeypatch.setattr("conformance.wire.client.time", clock)
    for _ in range(4):
        client.send(submission())
    assert starts == pytest.approx([100.0, 100.02, 100.04, 100.06])
    assert client.next_start_in() == pytest.approx(0.02)


@pytest.mark.parametrize("problem", [httpx.DecodingError("gzip"), httpx.InvalidURL("host"), UnicodeError("idna")])
def test_an_answer_that_cannot_be_read_is_none(connect: Callable[..., Client], problem: Exception) -> None:
    with pytest.raises(ConnectionLostError, match="no answer to POST"):
        connect(answers(problem)).send(submission())


def test_tells_who_listens_each_answer_and_that_none_came() -> None:
    heard: list[tuple[int | None, str]] = []
    client = Client(
        Spend(),
        seconds=5,
        transport=httpx.MockTransport(answers(httpx.ReadError("reset"), httpx.Response(202))),
        listen=lambda request, answer, rule: heard.append((answer.status if answer else None, rule)),
    )
    client.send(submission(), rule="auth.one")
    client.close()
    assert heard == [(None, "auth.one"), (202, "auth.one")]


def test_keeps_no_cookie_for_the_next_request(connect: Callable[..., Client]) -> None:
    seen: list[str | None] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers={"Set-Cookie": "session=1"})

    client = connect(handle)
    client.send(Request(method="GET", url=URL))
    client.send(Request(method="GET", url=URL))
    assert seen == [None, None]


def test_follows_no_redirect(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.Response(302, headers={"Location": URL}), httpx.Response(200)))
    assert client.send(Request(method="GET", url=URL)).status == 302


def test_joins_what_a_header_says_more_than_once(connect: Callable[..., Client]) -> None:
    client = connect(answers(httpx.Response(200, headers=[("Allow", "POST"), ("allow", "OPTIONS")])))
    assert client.send(Request(method="GET", url=URL)).headers["allow"] == "POST, OPTIONS"
