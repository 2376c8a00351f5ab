"""What goes over the wire is timed by kind, in memory that does not grow with the run."""

import hashlib

import pytest

from conformance.report.timing import percentile
from conformance.wire import traffic as module
from conformance.wire.exchange import Answer, Kind, Request
from conformance.wire.traffic import Latency, Traffic, kind_of


def answer(kind: Kind, status: int, seconds: float = 0.5) -> Answer:
    request = Request(method="POST", url="http://target.test/", kind=kind)
    return Answer(request=request, status=status, headers={}, content=b"", seconds=seconds)


@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        ("submission", 202, "accepted submission"),
        ("submission", 401, "refused submission"),
        ("hook", 201, "hook"),
        ("account API", 404, "account API"),
    ],
)
def test_a_time_is_told_under_what_was_asked_for(kind: Kind, status: int, told: str) -> None:
    got = answer(kind, status)
    assert kind_of(got.request, got) == told


def test_times_each_answer() -> None:
    traffic = Traffic()
    for got in (answer("hook", 200, 0.1), answer("hook", 200, 0.3), answer("submission", 200, 0.2)):
        traffic.record(got.request, got, "auth.one")
    assert {kind: (latency.count, latency.longest) for kind, latency in traffic.latency.items()} == {
        "hook": (2, 0.3),
        "accepted submission": (1, 0.2),
    }


def test_keeps_a_fair_sample_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SAMPLE", 1000)
    latency = Latency()
    for number in range(10_000):
        latency.add(float(number))
    assert (latency.count, latency.longest, len(latency.sample)) == (10_000, 9999.0, 1000)
    assert 4000 < percentile(latency.sample, 50) < 6000


@pytest.mark.parametrize(("values", "p95"), [([1.0], 1.0), ([2.0, 1.0], 2.0), (list(map(float, range(1, 101))), 95.0)])
def test_a_percentile_is_one_of_the_values(values: list[float], p95: float) -> None:
    assert percentile(values, 95) == p95


def test_keeps_short_bodies_whole_and_long_ones_by_size_and_digest() -> None:
    traffic = Traffic()
    for size in (500, 501):
        request = Request(method="POST", url="http://target.test/", content=b"x" * size)
        traffic.record(request, None, "auth.one")
    short, long = (exchange.sent.body for exchange in traffic.exchanges)
    assert (short.size, short.content) == (500, b"x" * 500)
    assert (long.size, long.content, long.sha256) == (501, None, hashlib.sha256(b"x" * 501).hexdigest())


def test_an_exchange_without_an_answer_is_kept_and_not_timed() -> None:
    traffic = Traffic()
    traffic.record(Request(method="POST", url="http://target.test/"), None, "auth.one")
    assert [(exchange.rule, exchange.received) for exchange in traffic.exchanges] == [("auth.one", None)]
    assert traffic.latency == {}


@pytest.mark.parametrize(("name", "limit", "kept"), [("MOST_EXCHANGES", 7, 7), ("MOST_BYTES", 1000, 9)])
def test_its_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, name: str, limit: int, kept: int) -> None:
    monkeypatch.setattr(module, name, limit)
    traffic = Traffic()
    for _ in range(20):
        traffic.record(Request(method="POST", url="http://target.test/".ljust(100), content=b"x"), None, "")
    assert (len(traffic.exchanges), traffic.left_out) == (kept, 20 - kept)
