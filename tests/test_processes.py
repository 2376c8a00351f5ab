"""Several processes find out the same as one, keep the same secrets and the same limits, and end when they should."""

import json
import multiprocessing
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conformance.judge import Judgement, judge
from conformance.profile.profile import Keys, Profile, Spend
from conformance.report.schema import comparable
from conformance.report.write import write
from conformance.session.course import Course
from conformance.session.declared import Declared
from conformance.session.progress import Progress
from conformance.session.selection import Selection
from conformance.target.documents import document
from conformance.verdicts.checks import Verdict
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract

REMOVAL = re.compile(r"DELETE /_mock/accounts/[^/]+")
TWO = Course(examples=2, processes=2)


@dataclass
class Heard(Progress):
    """What a run tells of how it gets on, and what is done when it tells of a test."""

    begun: int = 0
    ended_tests: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self, tests: object) -> None:
        self.begun += 1

    def ended(self, test: Declared, verdict: Verdict) -> None:
        self.ended_tests.append(test.name)

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


@dataclass
class Watched:
    """Notes the keys that the hooks gave away, and how many accounts there are."""

    keys: list[str] = field(default_factory=list)
    accounts: int = 0

    def wrap(self, app: ASGIApp) -> ASGIApp:
        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def note(message: Message) -> None:
                body = message.get("body", b"")
                if b"apiKey" in body:
                    self.keys.append(json.loads(body)["apiKey"])
                    self.accounts += scope["path"] == "/_mock/accounts"
                await send(message)

            self.accounts -= scope["type"] == "http" and bool(REMOVAL.fullmatch(f"{scope['method']} {scope['path']}"))
            await app(scope, receive, note)

        return watched


def judged(profile: Profile, course: Course, **options: object) -> Judgement:
    return judge(small_contract(), profile, course=course, strict=True, **options)  # type: ignore[arg-type]


@dataclass(kw_only=True)
class Compared:
    """A run in one process, and one in two against the same server, which breaks a rule."""

    one: Judgement
    two: Judgement
    heard: Heard
    watched: Watched


@pytest.fixture(scope="module")
def compared() -> Compared:
    heard, watched = Heard(), Watched()
    with served(DEFECTS["revoked_key_accepted"].change(reference(small_contract())), watched.wrap) as profile:
        one = judged(profile, replace(TWO, processes=1))
        two = judged(profile, TWO, progress=heard)
    return Compared(one=one, two=two, heard=heard, watched=watched)


def test_two_find_out_what_one_does(compared: Compared) -> None:
    one, two = compared.one.report, compared.two.report
    assert (one["verdict"], two["verdict"], two["course"]["processes"]) == ("failed", "failed", 2)
    assert comparable(two) == comparable(one)
    for rule, same in zip(two["rules"], one["rules"], strict=True):
        assert (rule["evidence"] is None) == (same["evidence"] is None), rule["id"]


def accepted(judgement: Judgement) -> int:
    """How many submissions the target took."""
    entries = json.loads(judgement.traffic)["log"]["entries"]
    posted = [entry for entry in entries if entry["request"]["method"] == "POST"]
    submitted = [entry for entry in posted if entry["request"]["url"].endswith("/api/ocr")]
    return sum(200 <= entry["response"]["status"] <= 299 for entry in submitted)


def test_everything_that_was_sent_is_added_up(compared: Compared) -> None:
    report = compared.two.report
    # Each process sees for itself that a plain submission is paid, that it is while it waits, and that a PDF is; and if
    # the other one revoked the first key, or stored the first result, it looks back at one of its own.
    looks = accepted(compared.two) - accepted(compared.one)
    assert 0 <= looks <= 5
    pages = report["pagesSpent"] - compared.one.report["pagesSpent"]
    assert pages in (looks, looks + document("three-pages.pdf").pages - 1)
    assert len(json.loads(compared.two.traffic)["log"]["entries"]) == report["requests"]
    assert sum(times["count"] for times in report["timing"]["latency"].values()) == report["requests"]


def test_progress_is_told_of_each_test_once(compared: Compared) -> None:
    assert compared.heard.begun == 1
    tests = {test["name"] for rule in compared.two.report["rules"] for test in rule["tests"]}
    assert tests <= set(compared.heard.ended_tests)
    assert len(compared.heard.ended_tests) == len(set(compared.heard.ended_tests))


def test_no_output_holds_a_key_that_another_process_made(compared: Compared, tmp_path: Path) -> None:
    folder = write(tmp_path, compared.two.report, compared.two.beside).parent
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in folder.rglob("*") if file.is_file()]
    assert len(compared.watched.keys) > 100
    assert [key for key in compared.watched.keys if any(key in text for text in texts)] == []


def test_all_accounts_are_removed(compared: Compared) -> None:
    assert compared.watched.accounts == 0


def test_with_keys_only_there_is_one_process_and_that_is_said() -> None:
    heard = Heard()
    server = reference(small_contract())
    with served(server) as profile:
        keyed = replace(profile, hooks=None, keys=Keys(valid=server.open_account(100).api_key))
        judged(keyed, TWO, selection=Selection(rules=("auth.missing_key",)), progress=heard)
    assert heard.notes == ["All tests share the account of keys.valid, so they run in one process."]


def test_together_they_spend_no_more_than_one_may() -> None:
    share = Spend(pages=7, requests_per_second=20).share(2)
    assert (share.pages, share.requests_per_second) == (3, 10)
    assert Spend().share(2) == Spend()


class Killing(Heard):
    """Kills one of the processes in the middle of its tests: the other one may be so late that it had none yet."""

    def ended(self, test: Declared, verdict: Verdict) -> None:
        super().ended(test, verdict)
        if len(self.ended_tests) == 30:
            next(child for child in multiprocessing.active_children() if has_a_connection(child.pid)).kill()


def has_a_connection(pid: int | None) -> bool:
    """Whether a process has a socket, as Linux tells."""
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # It was closed meanwhile.
            if descriptor.readlink().name.startswith("socket:"):
                return True
    return False


def test_one_that_dies_is_told_and_nothing_that_it_had_is_claimed() -> None:
    with served(reference(small_contract())) as profile:
        report = judged(profile, TWO, progress=Killing(), selection=Selection(sections=("authentication",))).report
    assert report["faults"] == ["a process of the suite ended early, with status -9"]
    assert report["verdict"] == "error"
    lost = [test for rule in report["rules"] for test in rule["tests"] if test["verdict"] == "error"]
    assert {test["reason"] for test in lost} == {"the run broke before it ended"}
