"""Error responses: the limit of the body. The other errors are refused in the sections that say when."""

from dataclasses import replace

import pytest

from conformance.documents import noise
from conformance.marks import verifies
from conformance.outcomes import ConnectionLostError, Unverified
from conformance.submissions import Submission
from conformance.target import Target
from conformance.verify import Verify, control


def body_of(plain: Submission, size: int) -> Submission:
    """The plain submission with a scan so large that the body has exactly this many bytes."""
    return plain.of(noise(int((size - 1000) * 3 / 4))).filled_to(size)


@pytest.fixture
def small_scan(plain: Submission) -> Submission:
    return body_of(plain, 50_000)


@verifies("limit.accepted")
def test_accepts_the_largest_body(plain: Submission, small_scan: Submission, target: Target, verify: Verify) -> None:
    with control("a small scan is accepted"):
        verify.accepted(target.send(small_scan))
    verify.accepted(target.send(body_of(plain, target.contract.limit.decimal_bytes)))


@verifies("limit.refused")
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_refuses_a_larger_body(
    plain: Submission, small_scan: Submission, target: Target, verify: Verify, chunked: bool
) -> None:
    with control("a small scan is accepted when sent like this"):
        verify.accepted(target.send(replace(small_scan, chunked=chunked)))
    oversized = body_of(plain, target.contract.limit.binary_bytes + 1)
    try:
        answer = target.send(oversized.faulty(chunked=chunked))
    except ConnectionLostError as problem:
        # A server may hang up in the middle of an upload; on the way its answer can be lost.
        raise Unverified(f"the upload was cut off before an answer could be read: {problem}") from problem
    verify.refused(answer, "limit.refused")
