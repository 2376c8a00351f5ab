"""An answer that a gateway or a connection loses is asked for once more, and may have been charged."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier

import httpx
import pytest

from conformance.outcomes import ConnectionLostError, Unverified
from conformance.profile.profile import Profile, Spend
from conformance.target.submissions import plain_submission
from conformance.target.target import Target
from conformance.wire.client import LONGEST_GATEWAY_WAIT, Client
from conformance.wire.exchange import Request
from spec import load_contract
from tests.conformance.answering import URL, answers, submission


@pytest.mark.parametrize("status", [502, 503, 504])
def test_asks_once_more_where_only_a_gateway_answered(connect: Callable[..., Client], status: int) -> None:
    away = httpx.Response(status, headers={"Retry-After": "0"}, html="<html>away</html>")
    assert connect(answers(away, httpx.Response(200))).send(submission()).status == 200
    assert connect(answers(away, away, httpx.Response(200))).send(submission()).status == status


def test_waits_for_a_gateway_no_longer_than_a_few_seconds(
    connect: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("conformance.wire.client.time.sleep", slept.append)
    away = httpx.Response(503, headers={"Retry-After": "3600"})
    connect(answers(away, httpx.Response(200))).send(submission())
    assert slept == [LONGEST_GATEWAY_WAIT]


def test_asks_only_once_where_the_answer_may_be_the_one_that_was_arranged(connect: Callable[..., Client]) -> None:
    away = httpx.Response(503, headers={"Retry-After": "0"})
    assert connect(answers(away, httpx.Response(200))).send(replace(submission(), once=True)).status == 503


def test_takes_a_documented_error_for_an_answer_though_a_gateway_could_say_so() -> None:
    told = httpx.Response(503, json={"error": "task_creation_failed"})
    client = Client(Spend(), seconds=5, transport=httpx.MockTransport(answers(told)), errors=["task_creation_failed"])
    assert client.send(submission()).status == 503


def test_what_a_gateway_may_have_passed_on_stays_in_the_budget(connect: Callable[..., Client]) -> None:
    away = httpx.Response(502, headers={"Retry-After": "0"})
    client = connect(answers(away, httpx.Response(200), httpx.Response(200)), Spend(pages=2))
    assert client.send(submission()).status == 200
    with pytest.raises(Unverified, match=r"spend\.pages"):
        client.send(submission())


def test_an_answer_that_was_lost_leaves_the_next_one_uncertain(connect: Callable[..., Client]) -> None:
    away = httpx.Response(504, headers={"Retry-After": "0"})
    assert connect(answers(away, httpx.Response(200))).send(submission()).uncertain
    assert connect(answers(httpx.ReadError("reset"), httpx.Response(200))).send(submission()).uncertain
    assert connect(answers(away)).send(replace(submission(), gate=Barrier(1))).uncertain
    assert not connect(answers(httpx.Response(200))).send(submission()).uncertain


def test_nothing_is_uncertain_about_what_costs_nothing(connect: Callable[..., Client]) -> None:
    away = httpx.Response(504, headers={"Retry-After": "0"})
    assert not connect(answers(away, httpx.Response(400))).send(replace(submission(), faulty=True)).uncertain
    assert not connect(answers(away, httpx.Response(200))).send(Request(method="GET", url=URL)).uncertain


@pytest.mark.parametrize(
    ("problem", "told"), [(httpx.ReadTimeout("late"), Unverified), (httpx.ReadError("reset"), ConnectionLostError)]
)
def test_how_long_many_answers_take_together_is_no_failure(
    connect: Callable[..., Client], problem: Exception, told: type[Exception]
) -> None:
    def lose(request: httpx.Request) -> httpx.Response:
        raise problem

    contract = load_contract()
    target = Target(
        contract=contract, profile=Profile(name="slow", base_url="http://target.test"), client=connect(lose)
    )
    plain = plain_submission(contract, "http://target.test", "key", metered=False)
    with pytest.raises(told, match=r"no answer to POST .*: (late|reset)"):
        target.send_together([plain, plain])


def test_a_target_is_steady_as_long_as_few_answers_are_lost(connect: Callable[..., Client]) -> None:
    lossy: list[httpx.Response | Exception] = [httpx.ReadError("reset"), httpx.Response(200)]
    client = connect(answers(*lossy * 4))
    steady = []
    for _ in range(4):
        client.send(submission())
        steady.append(client.is_steady)
    assert steady == [True, True, True, False]


def test_what_a_gateway_answers_in_the_end_gives_no_pages_back(connect: Callable[..., Client]) -> None:
    away = httpx.Response(502, headers={"Retry-After": "0"})
    client = connect(answers(away, away, httpx.Response(200)), Spend(pages=2))
    client.send(submission())
    with pytest.raises(Unverified, match=r"spend\.pages"):
        client.send(submission())
