"""A target that is far away: how many round trips a run waits for, and that what can go on meanwhile does."""

import threading
import time
from dataclasses import replace

import pytest

from conformance.judge import judge
from conformance.profile.profile import HooksAddress
from conformance.session.course import Course
from conformance.session.selection import Selection
from conformance.wire.exchange import Answer, Request
from conformance.wire.traffic import Traffic
from tests.latency import far_away
from tests.servers import reference, served, small_contract

AWAY = 0.02
TWO_MINUTES_OF_A_TENTH = 1200
FOR_THE_REST = 100  # Ten seconds for all that is no waiting.


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of the requests that the run itself waited for, one after the other."""
    kinds: list[str] = []
    record = Traffic.record

    def noting(self: Traffic, request: Request, answer: Answer | None, rule: str) -> None:
        if threading.current_thread() is threading.main_thread():
            kinds.append(request.kind)
        record(self, request, answer, rule)

    monkeypatch.setattr(Traffic, "record", noting)
    return kinds


def test_a_tenth_of_a_second_away_a_run_takes_less_than_two_minutes(waited: list[str]) -> None:
    with served(reference(small_contract())) as profile:
        report = judge(small_contract(), profile).report
    assert report["verdict"] == "passed"
    assert 500 < len(waited) <= TWO_MINUTES_OF_A_TENTH - FOR_THE_REST
    assert len(waited) < report["requests"] * 0.8, "accounts are created ahead and removed together"


def test_a_section_takes_its_round_trips_and_little_more(waited: list[str]) -> None:
    selection, course = Selection(sections=("authentication",)), Course(examples=2)
    with served(reference(small_contract())) as near, far_away(near.base_url, AWAY) as url:
        far = replace(near, base_url=url, hooks=HooksAddress(url=f"{url}/_mock"))
        began = time.monotonic()
        report = judge(small_contract(), far, selection, course=course).report
        seconds = time.monotonic() - began
    assert report["verdict"] == "passed"
    assert report["timing"]["latency"]["hook"]["median"] >= AWAY
    assert seconds >= len(waited) * AWAY
