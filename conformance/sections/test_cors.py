"""CORS: which pages of other domains a browser lets read the answers."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from conformance.exchange import Answer, Request
from conformance.marks import is_control, verifies
from conformance.outcomes import Unverified
from conformance.submissions import Submission
from conformance.target import Target
from conformance.verify import Verify, control

FOREIGN = {
    "another domain": "{scheme}://foreign.example",
    "a domain that begins like it": "{scheme}://{host}.foreign.example",
    "a domain that ends like it": "{scheme}://foreign{host}",
    "no domain": "null",
}

NEEDED_HEADERS = ("authorization", "content-type")


@pytest.fixture
def allowed_origin(target: Target) -> str:
    """The origin that the profile says is allowed."""
    return target.profile.allowed_origin or ""


@verifies("cors.allowed_origin")
def test_lets_an_allowed_page_read(plain: Submission, target: Target, verify: Verify, allowed_origin: str) -> None:
    _lets_read(verify.accepted(target.send(replace(plain, origin=allowed_origin))), allowed_origin, verify)


@verifies("cors.foreign_origin")
@pytest.mark.parametrize("likeness", FOREIGN)
def test_lets_no_other_page_read(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str, likeness: str
) -> None:
    parts = urlsplit(allowed_origin)
    foreign = FOREIGN[likeness].format(scheme=parts.scheme, host=parts.netloc)
    answer = target.send(replace(plain, origin=foreign))
    verify.holds(
        not _admits(answer, foreign),
        expected=f"no Access-Control-Allow-Origin for {foreign}",
        got=_admitted(answer),
        answer=answer,
    )


@verifies("cors.foreign_origin")
def test_lets_no_other_page_read_a_refusal(plain: Submission, target: Target, verify: Verify) -> None:
    foreign = "https://foreign.example"
    answer = target.send(plain.without("imageBase64").faulty(origin=foreign))
    expected = f"no Access-Control-Allow-Origin for {foreign}"
    verify.holds(not _admits(answer, foreign), expected=expected, got=_admitted(answer), answer=answer)


@verifies("cors.refusal_readable")
def test_lets_an_allowed_page_read_a_refusal(
    plain: Submission, target: Target, verify: Verify, allowed_origin: str
) -> None:
    page = replace(plain, origin=allowed_origin)
    with control("the page may read that a submission was accepted"):
        _lets_read(target.send(page), allowed_origin, verify)
    answer = target.send(page.without("imageBase64").faulty())
    with control("a body without a required field is refused"):
        verify.refused(answer, "body.required_field")
    _lets_read(answer, allowed_origin, verify)


@is_control
@verifies("cors.server_to_server")
def test_needs_no_origin(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    origin = target.profile.allowed_origin
    if answer.is_success:
        return
    if origin is None or not target.send(replace(plain, origin=origin)).is_success:
        raise Unverified(f"the submission was refused for another reason: {answer.summary}")
    verify.accepted(answer)


@verifies("cors.preflight")
def test_grants_the_preflight(plain: Submission, target: Target, verify: Verify, allowed_origin: str) -> None:
    answer = target.send(_preflight(plain, allowed_origin))
    verify.holds(answer.is_success, expected="a success status (2xx)", got=answer.summary, answer=answer)
    _lets_read(answer, allowed_origin, verify)
    granted = [name.strip().lower() for name in answer.headers.get("access-control-allow-headers", "").split(",")]
    for name in NEEDED_HEADERS:
        # A wildcard grants every header but Authorization (Fetch Standard, section 4.8).
        is_granted = name in granted or (name != "authorization" and "*" in granted)
        verify.holds(is_granted, expected=f"Access-Control-Allow-Headers with {name}", got=granted, answer=answer)


def _lets_read(answer: Answer, origin: str, verify: Verify) -> None:
    admitted = _admitted(answer)
    expected = f"Access-Control-Allow-Origin: {origin}"
    verify.holds(_admits(answer, origin), expected=expected, got=admitted or "no such header", answer=answer)


def _preflight(plain: Submission, origin: str) -> Request:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": plain.method,
        "Access-Control-Request-Headers": ",".join(NEEDED_HEADERS),
    }
    return Request(method="OPTIONS", url=plain.url, headers=headers, kind="preflight")


def _admitted(answer: Answer) -> str:
    return answer.headers.get("access-control-allow-origin", "")


def _admits(answer: Answer, origin: str) -> bool:
    """Whether a browser lets a page of this origin read the answer (Fetch Standard, section 4.9)."""
    return _admitted(answer) in ("*", origin)
