"""traffic.har is what HAR 1.2 asks for, has every exchange, and no secret."""

import json
from datetime import datetime
from typing import Any

from conformance.judge import judge
from conformance.redaction import Redactor
from conformance.report.har import har
from conformance.session.selection import Selection
from conformance.wire.exchange import Answer, Request
from conformance.wire.traffic import Traffic
from tests.servers import reference, served, small_contract

SECRET = "sk_canary_0123456789"

# What HAR 1.2 (the W3C's historical draft) has as mandatory.
MANDATORY = {
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {
        "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize",
    },
    "response": {
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize",
        "bodySize",
    },
    "content": {"size", "mimeType"},
    "timings": {"send", "wait", "receive"},
    "postData": {"mimeType", "text"},
}  # fmt: skip


def exchange(
    *, request: bytes = b"{}", response: bytes | None = b"{}", status: int = 200, **headers: str
) -> tuple[Request, Answer | None]:
    sent = Request(
        method="POST",
        url=f"http://target.test/api/ocr?key={SECRET}",
        headers={"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"},
        content=request,
    )
    if response is None:
        return sent, None
    told = {"content-type": "application/json", **headers}
    return sent, Answer(request=sent, status=status, headers=told, content=response, seconds=0.25)


def log(*exchanges: tuple[Request, Answer | None]) -> dict[str, Any]:
    traffic, redactor = Traffic(), Redactor()
    for request, answer in exchanges:
        traffic.record(request, answer, "auth.one")
    redactor.add(SECRET, "$STARTOCR_API_KEY")  # Known only afterwards, as with a key that the hooks make.
    text = har(traffic, redactor).decode()
    assert SECRET not in text
    return dict(json.loads(text)["log"])


def is_whole(entry: dict[str, Any]) -> bool:
    request, response = entry["request"], entry["response"]
    parts = {"entry": entry, "request": request, "response": response, "content": response["content"]}
    parts |= {"timings": entry["timings"], "postData": request.get("postData", {"mimeType": "", "text": ""})}
    assert datetime.fromisoformat(entry["startedDateTime"]).tzinfo
    return all(MANDATORY[name] <= part.keys() for name, part in parts.items())


def test_tells_an_exchange_without_its_secrets() -> None:
    (entry,) = log(exchange(response=b'{"key": "%s"}' % SECRET.encode(), status=401, location=f"/?k={SECRET}"))[
        "entries"
    ]
    assert is_whole(entry)
    assert (entry["comment"], entry["time"]) == ("auth.one", 250.0)
    request, response = entry["request"], entry["response"]
    assert request["url"] == "http://target.test/api/ocr?key=$STARTOCR_API_KEY"
    assert request["queryString"] == [{"name": "key", "value": "$STARTOCR_API_KEY"}]
    assert {"name": "Authorization", "value": "Bearer $STARTOCR_API_KEY"} in request["headers"]
    assert (response["status"], response["statusText"]) == (401, "Unauthorized")
    assert response["content"]["text"] == '{"key": "$STARTOCR_API_KEY"}'
    assert response["redirectURL"] == "/?k=$STARTOCR_API_KEY"


def test_long_bodies_are_told_by_size_and_digest() -> None:
    (entry,) = log(exchange(request=b"x" * 9000, response=b"y" * 8000))["entries"]
    assert is_whole(entry)
    assert entry["request"]["bodySize"] == 9000
    assert entry["request"]["postData"]["text"] == ""
    assert entry["request"]["postData"]["comment"].startswith("9000 bytes, sha256 ")
    assert "text" not in entry["response"]["content"]
    assert entry["response"]["content"]["comment"].startswith("8000 bytes, sha256 ")


def test_an_exchange_without_an_answer_has_status_0() -> None:
    (entry,) = log(exchange(response=None))["entries"]
    assert is_whole(entry)
    assert (entry["response"]["status"], entry["response"]["comment"]) == (0, "no answer came")


def test_an_answer_that_is_no_text_and_a_status_that_nobody_knows() -> None:
    (entry,) = log(exchange(response=b"\xff\x00\x1b", status=299))["entries"]
    assert (entry["response"]["statusText"], entry["response"]["content"]["text"]) == ("", "\ufffd\x00\x1b")


def test_says_how_many_were_left_out() -> None:
    traffic = Traffic()
    assert "left out" not in har(traffic, Redactor()).decode()
    traffic.left_out = 12
    assert json.loads(har(traffic, Redactor()))["log"]["comment"].endswith(" 12 further exchanges are left out.")


def test_a_run_has_every_exchange_in_order() -> None:
    with served(reference(small_contract())) as profile:
        judgement = judge(small_contract(), profile, Selection(rules=("auth.*",)))
    entries = json.loads(judgement.beside["traffic.har"])["log"]["entries"]
    assert all(is_whole(entry) for entry in entries)
    assert len(entries) == judgement.report["requests"]
    assert [entry["startedDateTime"] for entry in entries] == sorted(entry["startedDateTime"] for entry in entries)
    assert {rule["id"] for rule in judgement.report["rules"]} <= {entry.get("comment") for entry in entries}
