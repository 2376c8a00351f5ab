"""The suite judges a server that knows nothing of the reference server: it accuses no variant and misses no bug.

A handful of each here, a bug by the section that it belongs to; `python -m tests.independent.study` judges all of them,
by all rules.
"""

import subprocess
from base64 import b64encode
from collections.abc import Iterator

import httpx
import pytest

from conformance.session.course import Course
from conformance.session.selection import Selection
from fixtures import fixture
from spec import load_contract
from tests.independent.node import NODE, SERVER, judged, listed, rules, served

pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node.js 18 or later (the command node)")

VARIANTS = ["lax", "strict", "odd", "no_hooks"]
BUGS = [
    "key_longer_accepted",
    "limit_by_content_length",
    "race_of_ten_milliseconds",
    "refund_twice",
    "foreign_by_end",
    "boxes_outside",
    "pdf_incremental_by_old_tree",
]
FEW = Course(examples=2)
PNG = b64encode(fixture("page.png").content).decode()


def test_the_plain_server_passes_every_rule() -> None:
    report = judged(course=FEW)
    assert rules(report, "passed") == [rule["id"] for rule in report["rules"]]
    assert report["verdict"] == "passed"


@pytest.mark.parametrize("name", VARIANTS)
def test_accuses_no_variant(name: str) -> None:
    report = judged(variants=[name], megabytes=1, course=FEW)
    assert rules(report, "failed") == []
    assert rules(report, "error") == []
    read = {question["id"]: question["reading"] for question in report["questions"]}
    assert read.items() >= listed()["variants"][name]["readings"].items()


@pytest.mark.parametrize("name", BUGS)
def test_blames_the_rule_that_a_bug_breaks(name: str) -> None:
    broken = listed()["bugs"][name]
    known = load_contract().rules
    selection = Selection(sections=tuple({known[rule].section for rule in broken}))
    report = judged(bugs=[name], megabytes=1, course=FEW, selection=selection)
    assert rules(report, "failed") == broken
    assert report["verdict"] == "failed"


def test_every_bug_and_every_variant_says_what_it_is_about() -> None:
    contract = load_contract()
    broken = {rule for bug in listed()["bugs"].values() for rule in bug}
    read = {question for variant in listed()["variants"].values() for question in variant["readings"]}
    assert broken <= contract.rules.keys()
    assert read <= contract.questions.keys()


def test_an_unknown_name_is_one_line() -> None:
    ended = subprocess.run(
        [NODE or "node", str(SERVER), "--bug", "nosuch"], capture_output=True, check=False, text=True
    )
    assert ended.returncode == 2
    assert ended.stderr == "There is no nosuch; --list names all variants and bugs.\n"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """With a key that pays for one page."""
    with served() as profile, httpx.Client(base_url=profile.base_url) as client:
        assert profile.hooks
        account = client.post(f"{profile.hooks.url}/accounts", json={"pages": 1}).json()
        client.headers["Authorization"] = f"Bearer {account['apiKey']}"
        yield client


@pytest.mark.parametrize("provider", [["baidu"], {"baidu": "baidu"}, "toString", None, 1, True])
def test_what_only_looks_like_the_name_of_a_provider_is_unknown(client: httpx.Client, provider: object) -> None:
    refused = client.post("/api/ocr", json={"imageBase64": PNG, "provider": provider})
    assert (refused.status_code, refused.json()["error"]) == (400, "unknown_provider")
    assert client.post("/api/ocr", json={"imageBase64": PNG, "provider": "baidu"}).json()["provider"] == "baidu"


def test_a_task_that_is_named_by_no_encoding_is_not_found(client: httpx.Client) -> None:
    assert client.get("/api/tasks/%ZZ").status_code == 404
    assert client.get("/api/tasks/%ZZ", headers={"Authorization": "Bearer nobody"}).status_code == 401
