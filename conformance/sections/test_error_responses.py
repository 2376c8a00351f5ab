"""Error responses: the limit of the body. The other errors are refused in the sections that say when."""

from dataclasses import replace

import pytest

from conformance.documents import noise
from conformance.exchange import Answer
from conformance.marks import costs, verifies
from conformance.outcomes import Unverified
from conformance.submissions import Submission
from conformance.target import Target
from conformance.verify import Verify, control

# A server that decides by the length has answered when the content begins so many seconds after the head.
HEAD_START = 0.5


def body_of(plain: Submission, size: int) -> Submission:
    """The plain submission with a scan so large that the body has exactly this many bytes."""
    return plain.of(noise(int((size - 1000) * 3 / 4))).filled_to(size)


@pytest.fixture
def small_scan(plain: Submission) -> Submission:
    return body_of(plain, 50_000)


def refusal_of(oversized: Submission, target: Target) -> Answer:
    """The answer to a body that is too large. A server may hang up in the middle of it, and its answer may be lost."""
    answer = target.send_or_be_cut_off(oversized)
    if answer is None and not oversized.chunked:
        # Before the first byte of the content nothing can be lost.
        answer = target.send_or_be_cut_off(replace(oversized, alone=True, pause=HEAD_START))
    if answer is None:
        raise Unverified("the upload was cut off before an answer could be read")
    return answer


@verifies("limit.accepted")
@costs(requests=2, pages=2)
def test_accepts_the_largest_body(plain: Submission, small_scan: Submission, target: Target, verify: Verify) -> None:
    with control("a small scan is accepted"):
        verify.accepted(target.send(small_scan))
    verify.accepted(target.send(body_of(plain, target.contract.limit.decimal_bytes)))


@verifies("limit.refused")
@costs(requests=3, pages=1)
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_refuses_a_larger_body(
    plain: Submission, small_scan: Submission, target: Target, verify: Verify, chunked: bool
) -> None:
    with control("a small scan is accepted when sent like this"):
        verify.accepted(target.send(replace(small_scan, chunked=chunked)))
    oversized = body_of(plain, target.contract.limit.binary_bytes + 1)
    verify.refused(refusal_of(oversized.faulty(chunked=chunked), target), "limit.refused")
