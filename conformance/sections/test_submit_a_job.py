"""Submit a job: the endpoint and the media type of its body."""

from dataclasses import replace

import pytest

from conformance.control import blamed_field
from conformance.marks import is_control, verifies
from conformance.outcomes import Unverified
from conformance.submissions import Submission
from conformance.target import Target
from conformance.verify import Verify

OTHER_MEDIA_TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/json-seq",
    "text/json",
]


@is_control
@verifies("submit.endpoint")
def test_accepts_the_plain_submission(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    if not answer.is_success and (verify.codes(answer) or blamed_field(target, plain)):
        raise Unverified(f"the submission breaks another rule there: {answer.summary}")
    verify.accepted(answer)


@verifies("submit.media_type")
@pytest.mark.parametrize("media_type", OTHER_MEDIA_TYPES)
def test_refuses_another_media_type(plain: Submission, target: Target, verify: Verify, media_type: str) -> None:
    verify.refused(target.send(plain.faulty(content_type=media_type)), "submit.media_type")


@verifies("submit.media_type")
def test_refuses_a_body_without_a_media_type(plain: Submission, target: Target, verify: Verify) -> None:
    verify.refused(target.send(plain.faulty(content_type=None)), "submit.media_type")


@verifies("http.media_type_spelling")
@pytest.mark.parametrize("spelling", ["{}; charset=utf-8", "{};charset=UTF-8", "upper case"])
def test_accepts_the_media_type_however_spelled(
    plain: Submission, target: Target, verify: Verify, spelling: str
) -> None:
    media_type = target.contract.endpoint.media_type
    spelled = media_type.upper() if spelling == "upper case" else spelling.format(media_type)
    verify.accepted(target.send(replace(plain, content_type=spelled)))


@verifies("http.method_not_allowed")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_refuses_another_method(plain: Submission, target: Target, verify: Verify, method: str) -> None:
    answer = target.send(plain.faulty(method=method))
    verify.equal(answer.status, 405, "status", answer)
    allowed = [name.strip() for name in answer.headers.get("allow", "").split(",")]
    verify.holds(plain.method in allowed, expected=f"Allow with {plain.method}", got=allowed, answer=answer)
