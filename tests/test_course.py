"""The course of a run: the same seed sends the same requests, another seed others, and no order changes a verdict."""

import gc
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from unittest.mock import patch

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conformance.judge import judge
from conformance.report.schema import comparable
from conformance.report.view import Report
from conformance.session import undisturbed
from conformance.session.course import Course
from conformance.session.selection import Selection
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.wire.exchange import Answer
from mockserver.server import Server, build_server
from mockserver.settings import Settings
from tests.defects.catalogue import DEFECTS
from tests.servers import ORIGIN, reference, served, small_contract

Sent = tuple[tuple[tuple[bytes, bytes], ...], str]
SendTogether = Callable[[Target, Iterable[Submission]], list[Answer]]


@dataclass(kw_only=True)
class Recorder:
    """Notes the headers and the digest of the body of each submission, in the order in which they came."""

    sent: list[Sent] = field(default_factory=list)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            is_submission = scope["type"] == "http" and scope["path"] == "/api/ocr"
            await app(scope, self._recording(scope, receive) if is_submission else receive, send)

        return recorded

    def _recording(self, scope: Scope, receive: Receive) -> Receive:
        digest, place = hashlib.sha256(), len(self.sent)
        headers = tuple((name, value) for name, value in scope["headers"] if name != b"host")
        self.sent.append((headers, ""))

        async def next_message() -> Message:
            message = await receive()
            digest.update(message.get("body", b""))
            self.sent[place] = (headers, digest.hexdigest())
            return message

        return next_message

    def sorting(self, send_together: SendTogether) -> SendTogether:
        """The same; what it sends at one moment comes in any order, and is noted in one."""

        def sorted_in_the_end(target: Target, submissions: Iterable[Submission]) -> list[Answer]:
            start = len(self.sent)
            answers = send_together(target, submissions)
            self.sent[start:] = sorted(self.sent[start:])
            return answers

        return sorted_in_the_end


def judged(course: Course) -> tuple[list[Sent], Report]:
    """What a run sends to a new server whose keys are the same each time, and its report."""
    contract, recorder = small_contract(), Recorder()
    server = build_server(Settings(allowed_origins=(ORIGIN,), seed=1), contract)
    together = recorder.sorting(Target.send_together)
    with served(server, recorder.wrap) as profile, patch.object(Target, "send_together", together):
        report = judge(contract, profile, course=course).report
    return recorder.sent, report


COURSE = Course(seed=3, examples=2)


@pytest.fixture(scope="module")
def usual() -> tuple[list[Sent], Report]:
    return judged(COURSE)


def test_the_same_seed_sends_the_same_requests(usual: tuple[list[Sent], Report]) -> None:
    sent, _ = usual
    assert len(sent) > 200
    assert judged(COURSE)[0] == sent


def test_another_seed_draws_other_inputs(usual: tuple[list[Sent], Report]) -> None:
    sent, report = judged(replace(COURSE, seed=4))
    assert {body for _, body in sent} - {body for _, body in usual[0]}
    assert report["course"] == {"seed": 4, "examples": 2, "shuffled": False, "processes": 1}


def test_another_order_finds_out_the_same(usual: tuple[list[Sent], Report]) -> None:
    sent, report = judged(replace(COURSE, shuffled=True))
    assert [headers for headers, _ in sent[:20]] != [headers for headers, _ in usual[0][:20]]
    assert comparable(report) == comparable(usual[1])


def test_each_run_draws_as_many_inputs_as_its_course_says() -> None:
    requests = [_requests(examples) for examples in (2, 5, 2)]
    assert requests[0] + 3 <= requests[1]
    assert requests[2] == requests[0]


def _requests(examples: int) -> int:
    selection = Selection(rules=("body.pdf_file",))
    with served(reference(small_contract())) as profile:
        requests: int = judge(small_contract(), profile, selection, course=Course(examples=examples)).report["requests"]
    return requests


def test_prints_nothing_of_what_it_draws_and_runs(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor that it stopped looking for a simpler example, which takes too long here."""
    monkeypatch.setattr(undisturbed, "SHRINKING_SECONDS", 0)
    defect, only = DEFECTS["media_type_not_looked_at"], Selection(rules=("submit.media_type",))
    with served(defect.change(reference(small_contract())), defect.wrap) as profile:
        assert judge(small_contract(), profile, only).report["verdict"] == "failed"
    assert capfd.readouterr() == ("", "")


def test_stops_at_the_first_rule_that_fails() -> None:
    contract = small_contract()
    with_two = DEFECTS["nothing_deducted"].change(DEFECTS["missing_key_is_invalid"].change(reference(contract)))
    with served(with_two) as profile:
        report = judge(contract, profile, course=Course(stop_at_first=True)).report
    assert [rule["verdict"] for rule in report["rules"]].count("failed") == 1
    assert report["verdict"] == "failed"
    assert report["faults"] == []


@pytest.mark.parametrize("tidy", [True, False])
def test_accounts_that_a_run_created_are_deleted_in_the_end(tidy: bool) -> None:
    server, only = reference(small_contract()), Selection(rules=("auth.key_accepted",))
    before = _accounts(server)
    with served(server) as profile:
        judge(small_contract(), profile, only, course=Course(tidy=tidy))
        assert (_accounts(server) == before) is tidy


def test_a_run_leaves_the_garbage_collector_as_it_was() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    judged(replace(COURSE, stop_at_first=True))
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def _accounts(server: Server) -> set[str]:
    return {row["id"] for row in server.store.rows("SELECT id FROM accounts")}
