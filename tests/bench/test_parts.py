"""Where the time goes: which part the server is at, how its time is divided, and what is said of a missed goal."""

import sys
import time
from typing import Any

import pytest

from bench.parts import shares
from bench.reasons import reasons
from bench.sampled import HTTP, PARTS, Samples, part
from mockserver import json_text


def test_what_is_called_by_a_part_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []

    def is_whole(*_: object) -> bool:
        found.append(part(sys._getframe()))
        return True

    monkeypatch.setattr(json_text, "_is_whole", is_whole)
    json_text.parse_json(b"{}")
    assert found == ["JSON"]


def test_what_belongs_to_no_part_is_http() -> None:
    assert part(sys._getframe()) == HTTP
    assert part(None) == HTTP


def test_what_is_waited_for_counts_for_nothing() -> None:
    samples = Samples()
    time.sleep(0.3)
    samples.take(0, None)
    assert samples.seconds[HTTP] < 0.1
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    samples.take(0, None)
    assert 0.2 <= samples.seconds[HTTP] < 0.4


def test_the_parts_together_are_the_whole() -> None:
    parts = shares(200.0, {HTTP: 1.0, "JSON": 3.0})
    assert parts.keys() == {HTTP, *PARTS}
    assert (parts[HTTP], parts["JSON"], sum(parts.values())) == (50.0, 150.0, 200.0)


@pytest.fixture
def results() -> dict[str, Any]:
    turn = {"yardstick": {"cpu_us": 50.0}, "startocr-mock": {"cpu_us": 200.0}}
    fast = {"yardstick": {"cpu_us": 50.0}, "startocr-mock": {"cpu_us": 60.0}}
    return {
        "requests": {"1 KB": turn, "100 KB": fast, "9.9 MB": fast},
        "parts": {"1 KB": {HTTP: 60.0, "JSON": 100.0, "Base64": 40.0}},
        "memory": {
            "in_flight": {"peak_bodies": 1.2, "alone_bodies": 2.0},
            "uploads": {"uploads": 1000, "growth": 1.05, "resident_mb": [40.0] * 11},
        },
        "start": {"startocr-mock": {"ready_ms": 300.0, "cpu_seconds": 0.2}},
    }


def test_a_missed_goal_has_its_reason_in_numbers(results: dict[str, Any]) -> None:
    [reason] = reasons(results)
    assert reason.startswith("1 KB: 2.2 times the yardstick are 110 µs, and the server took 200. ")
    assert reason.endswith("HTTP takes 60 of 200 µs; the most of the others: JSON 100, Base64 40.")


def test_so_has_one_about_memory(results: dict[str, Any]) -> None:
    results["memory"]["in_flight"]["peak_bodies"] = 1.4
    results["memory"]["uploads"].update(growth=1.2, resident_mb=[40.0] * 10 + [49.0])
    assert "has its peak at 2.00 bodies" in reasons(results)[-2]
    assert reasons(results)[-1].startswith("1000 uploads: 10.0 KB more at rest for each")


def test_a_refusal_has_its_limit_and_its_reason(results: dict[str, Any]) -> None:
    results["requests"]["415"] = results["requests"]["1 KB"]
    results["parts"]["415"] = results["parts"]["1 KB"]
    assert reasons(results)[-1].startswith("415: 1.3 times the yardstick are 65 µs, and the server took 200. ")


def test_a_late_start_is_told_apart_from_a_long_one(results: dict[str, Any]) -> None:
    results["start"]["startocr-mock"]["ready_ms"] = 900.0
    assert reasons(results)[-1].startswith("The start: of 900 ms it computes for 200; ")
