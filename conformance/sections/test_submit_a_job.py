"""Submit a job: the endpoint and the media type of its body."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.outcomes import Unverified
from conformance.session.marks import costs, is_control, verifies
from conformance.strategies.headers import spellings_of
from conformance.strategies.submissions import Combination, broken_in, combinations
from conformance.strategies.texts import json_spellings
from conformance.target.control import blamed_field
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.verdicts.verify import Verify, control
from spec import Provider

# A plain text is sent to each provider.
OTHER_MEDIA_TYPES = [
    "",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/json-seq",
    "application/problem+json",
    "text/json",
]


@is_control
@verifies("submit.endpoint")
@costs(requests=3, pages=3)
def test_accepts_the_plain_submission(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    if not answer.is_success and (verify.codes(answer) or blamed_field(target, plain)):
        raise Unverified(f"the submission breaks another rule there: {answer.summary}")
    verify.accepted(answer)


@verifies("submit.endpoint")
@costs(requests=1, pages=1)
def test_accepts_json_with_escapes(plain: Submission, target: Target, verify: Verify) -> None:
    escaped = plain.body.decode().replace("/", r"\/").replace("A", r"\u0041")
    verify.accepted(target.send(replace(plain, content=escaped.encode())))


# Browsers write letters as they are, in UTF-8 (RFC 8259 section 8.1).
@verifies("submit.endpoint")
@costs(requests=2, pages=2)
def test_accepts_json_with_letters_as_they_are(plain: Submission, target: Target, verify: Verify) -> None:
    named = plain.with_members(filename="Müller 領収書.png")
    answer = target.send(replace(named, content=json.dumps(named.members, ensure_ascii=False).encode()))
    if not answer.is_success:
        with control("the same letters are accepted as escapes"):
            verify.accepted(target.send(named))
    verify.accepted(answer)


@verifies("submit.endpoint")
@costs(requests=1, pages=1, each=True)
@given(data=st.data())
def test_accepts_json_however_it_is_written(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    verify.accepted(target.send(replace(plain, content=data.draw(json_spellings(plain.members)))))


@verifies("body.data_uri", "body.pdf_file", "body.image_file")
@costs(requests=7, pages=23, each=True)
@given(data=st.data())
def test_accepts_what_is_valid_in_every_part(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    combination = data.draw(combinations(plain, target.contract))
    answer = target.send(combination.whole)
    rule = _form(combination) if answer.is_success else _broken_by(combination, target, verify)
    with target.running.judging(rule):
        verify.accepted(answer)


def _form(combination: Combination) -> str:
    of_file = "body.image_file" if combination.is_image else "body.pdf_file"
    return "body.data_uri" if str(combination.whole.members["imageBase64"]).startswith("data:") else of_file


def _broken_by(combination: Combination, target: Target, verify: Verify) -> str:
    """The rule that a refused combination breaks. Raises Unverified if a part of it is refused alone."""
    for part in combination.parts:
        with control("each of its parts is accepted alone"):
            verify.accepted(target.send(part))
    written_plainly = replace(combination.whole, content=None)
    if target.send(written_plainly).is_success:
        raise Unverified("the submission is refused for how its JSON is written, which another rule judges")
    text = str(combination.whole.members["imageBase64"]).rpartition(",")[2]
    in_base64 = replace(combination, whole=written_plainly.with_members(imageBase64=text))
    return _form(combination if target.send(in_base64.whole).is_success else in_base64)


@is_control
@verifies("submit.media_type")
@costs(requests=1, pages=1)
def test_takes_json_for_json(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    if not answer.is_success and target.contract.refusal("submit.media_type").code not in verify.codes(answer).values():
        raise Unverified(f"the submission was refused for another reason: {answer.summary}")
    verify.accepted(answer)


@verifies("submit.media_type")
@costs(requests=1)
@pytest.mark.parametrize("media_type", OTHER_MEDIA_TYPES)
def test_refuses_another_media_type(plain: Submission, target: Target, verify: Verify, media_type: str) -> None:
    verify.refused(target.send(plain.faulty(content_type=media_type)), "submit.media_type")


@verifies("submit.media_type")
@costs(requests=2, pages=1)
def test_refuses_another_media_type_with(plain: Submission, target: Target, verify: Verify, provider: Provider) -> None:
    chosen = plain.with_members(provider=provider.name)
    answer = target.send(chosen.faulty(content_type="text/plain"))
    if not verify.is_refusal(answer, "submit.media_type"):
        with control("JSON is accepted with this provider"):
            verify.accepted(target.send(chosen))
    verify.refused(answer, "submit.media_type")


@verifies("submit.media_type")
@costs(requests=1, each=True)
@given(data=st.data())
def test_refuses_any_other_media_type(plain: Submission, target: Target, verify: Verify, data: st.DataObject) -> None:
    submission = data.draw(broken_in("submit.media_type", plain, target.contract))
    verify.refused(target.send(submission), "submit.media_type")


@verifies("submit.media_type")
@costs(requests=1)
def test_refuses_a_body_without_a_media_type(plain: Submission, target: Target, verify: Verify) -> None:
    verify.refused(target.send(plain.faulty(content_type=None)), "submit.media_type")


@verifies("http.media_type_spelling")
@costs(requests=1, pages=1, each=True)
@given(data=st.data())
def test_accepts_any_spelling_of_the_media_type(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    spelled = data.draw(spellings_of(target.contract.endpoint.media_type))
    verify.accepted(target.send(replace(plain, content_type=spelled)))


@verifies("http.media_type_spelling")
@costs(requests=1, pages=1)
@pytest.mark.parametrize("spelling", ["{}; charset=utf-8", "{};charset=UTF-8", '{}; charset="utf-8"', "upper case"])
def test_accepts_the_media_type_however_spelled(
    plain: Submission, target: Target, verify: Verify, spelling: str
) -> None:
    media_type = target.contract.endpoint.media_type
    spelled = media_type.upper() if spelling == "upper case" else spelling.format(media_type)
    verify.accepted(target.send(replace(plain, content_type=spelled)))


# Content means nothing with them, and a server, or what stands before it, may refuse them for having some (RFC 9110
# section 9.3).
WITHOUT_CONTENT = {"GET", "HEAD", "DELETE", "OPTIONS"}


@verifies("http.method_not_allowed")
@costs(requests=1)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_refuses_another_method(plain: Submission, target: Target, verify: Verify, method: str) -> None:
    answer = target.send(plain.faulty(method=method, content=b"" if method in WITHOUT_CONTENT else None))
    is_fault = answer.status >= 500 and answer.status != 501
    # What comes without content may ask for a page that is shown there.
    is_taken = answer.is_success and method not in WITHOUT_CONTENT
    verify.holds(not is_fault and not is_taken, expected="a refusal", got=answer.summary, answer=answer)
    if answer.status != 405:  # Another status may refuse it as well (RFC 9110 section 9.1).
        return
    allowed = [name.strip() for name in answer.headers.get("allow", "").split(",")]
    verify.holds(plain.method in allowed, expected=f"Allow with {plain.method}", got=allowed, answer=answer)
