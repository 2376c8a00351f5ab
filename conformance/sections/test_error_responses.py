"""Error responses: the limit of the body, and what holds of every error.

When each of them is due stands in the other sections.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.outcomes import Nonconformance, Unverified
from conformance.sections.refusals import GOVERNED, refusal_of
from conformance.session.marks import costs, is_control, verifies
from conformance.strategies.pdfs import PdfShape, pdf
from conformance.strategies.schema import schema_bodies
from conformance.target.accounts import Accounts
from conformance.target.documents import document, noise
from conformance.target.submissions import Submission, bearer
from conformance.target.target import Target
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer
from spec import Contract


def body_of(plain: Submission, size: int) -> Submission:
    """The plain submission with a scan so large that the body has exactly this many bytes."""
    return plain.of(noise(int((size - 1000) * 3 / 4))).filled_to(size)


def in_data_uri(plain: Submission, size: int) -> Submission:
    """The same with the scan in a data URI."""
    whole = body_of(plain, size)
    text = f"data:image/png;base64,{whole.members['imageBase64']}"
    return replace(whole.with_members(imageBase64=text), content=None).filled_to(size)


# So long a name takes 180 bytes.
WIDE_NAME = "領" * 60


def in_fewer_characters(plain: Submission, size: int) -> Submission:
    """A PDF and white space, with fewer characters than bytes, as there are where a name is written without escapes."""
    members = {**plain.of(document("one-page.pdf")).members, "filename": f"{WIDE_NAME}.pdf"}
    return replace(plain, content=json.dumps(members, ensure_ascii=False).encode().ljust(size))


def of_pdf(plain: Submission, size: int) -> Submission:
    """A PDF with a picture so large that the body has exactly this many bytes."""
    return plain.of(pdf(PdfShape(pages=1, images=1, side=int((size * 0.7) ** 0.5)))).filled_to(size)


def to_another_provider(plain: Submission, contract: Contract) -> Submission:
    """The same to a provider that is not the default one, if there is one."""
    default = contract.default_provider.name
    return plain.with_members(provider=next((name for name in contract.providers if name != default), default))


@pytest.fixture
def small_scan(plain: Submission) -> Submission:
    return body_of(plain, 50_000)


@verifies("limit.accepted")
@costs(requests=3, pages=3)
def test_accepts_the_largest_body(plain: Submission, small_scan: Submission, target: Target, verify: Verify) -> None:
    largest = target.contract.limit.decimal_bytes
    answer = target.send(body_of(plain, largest))
    if not answer.is_success:
        for size in ("small", "half as large"):
            with control(f"a {size} scan is accepted"):
                verify.accepted(target.send(small_scan if size == "small" else body_of(plain, largest // 2)))
    verify.accepted(answer)


# The forms in which a limit of its own may apply, by the size of the body, nearly all of which is the file.
FORMS: dict[str, Callable[[Submission, Contract, int], Submission]] = {
    "data URI in chunks to another provider": lambda plain, contract, size: replace(
        in_data_uri(to_another_provider(plain, contract), size), chunked=True
    ),
    "PDF": lambda plain, contract, size: of_pdf(plain, size),
}


@verifies("limit.accepted")
@costs(requests=2, pages=2)
@pytest.mark.parametrize("form", FORMS)
def test_accepts_the_largest(plain: Submission, target: Target, verify: Verify, form: str) -> None:
    answer = target.send(FORMS[form](plain, target.contract, target.contract.limit.decimal_bytes))
    if not answer.is_success:
        with control("a small body of this form is accepted"):
            verify.accepted(target.send(FORMS[form](plain, target.contract, 50_000)))
    verify.spared(answer, "limit.refused")


@is_control
@verifies("limit.accepted")
@costs(requests=1, pages=1)
def test_a_small_body_is_not_too_large(plain: Submission, target: Target, verify: Verify) -> None:
    verify.spared(target.send(plain), "limit.refused")


@verifies("limit.refused")
@costs(requests=3, pages=1)
@pytest.mark.parametrize("in_chunks", [False, True], ids=["with its length", "in chunks"])
def test_refuses_a_larger_body(plain: Submission, target: Target, verify: Verify, in_chunks: bool) -> None:
    def scan(size: int) -> Submission:
        return replace(in_data_uri(plain, size), chunked=True) if in_chunks else body_of(plain, size)

    with control("a small scan is accepted when sent like this"):
        verify.accepted(target.send(scan(50_000)))
    verify.refused(refusal_of(scan(target.contract.limit.binary_bytes + 1).faulty(), target), "limit.refused")


@verifies("limit.refused")
@costs(requests=3, pages=1)
def test_counts_the_bytes_whatever_they_are(plain: Submission, target: Target, verify: Verify) -> None:
    other = to_another_provider(plain, target.contract)
    oversized = in_fewer_characters(other, target.contract.limit.binary_bytes + 1)
    answer = refusal_of(oversized.faulty(), target)
    if not verify.is_refusal(answer, "limit.refused"):
        with control("a small body is accepted when written like this"):
            verify.accepted(target.send(in_fewer_characters(other, 50_000)))
    verify.refused(answer, "limit.refused")


@pytest.fixture(scope="session")
def bodies(contract: Contract) -> st.SearchStrategy[bytes]:
    """Whatever a schema-driven client sends."""
    return schema_bodies(contract)


# What no rule names a code for: whichever it is, its status is documented.
ODD: dict[str, Callable[[Submission], Submission]] = {
    # In JavaScript, an object inherits a member of this name.
    "an unknown provider": lambda plain: plain.with_members(provider="constructor"),
    "no JSON": lambda plain: replace(plain, content=b'{"imageBase64": '),
    "an empty image": lambda plain: plain.with_members(imageBase64=""),
    "a null image": lambda plain: plain.with_members(imageBase64=None),
    "no string as the image": lambda plain: plain.with_members(imageBase64={"data": "bm8gaW1hZ2U="}),
    "a list in place of an object": lambda plain: replace(plain, content=b"[]"),
    "null in place of an object": lambda plain: replace(plain, content=b"null"),
    "a text in place of an object": lambda plain: replace(plain, content=b'"imageBase64"'),
    "an empty body": lambda plain: replace(plain, content=b""),
    "a body that is not UTF-8": lambda plain: replace(plain, content=plain.body.replace(b".png", b"\xff.png")),
    "no string as the provider": lambda plain: plain.with_members(provider=["paddle", {}]),
    "no string as the file name": lambda plain: plain.with_members(filename=42),
    "a file of no known kind": lambda plain: plain.with_members(imageBase64="bm8gaW1hZ2U=").without("filename"),
    "a file that is not what its name says": lambda plain: plain.with_members(imageBase64="bm8gaW1hZ2U="),
    "half a character in the file name": lambda plain: plain.with_members(filename="\ud83d.png"),
    "control characters in the file name": lambda plain: plain.with_members(filename="page\0\r\n.png"),
    "a letter outside ASCII in the key": lambda plain: plain.faulty(authorization="Bearer never-issued-é"),
    "an unknown member": lambda plain: plain.with_members(undocumented={"deep": [{"deeper": '"'}]}),
    "a thousand lists in one another": lambda plain: replace(plain, content=b"[" * 1000 + b"]" * 1000),
}


@verifies("http.client_error", "errors.status")
@costs(requests=6, pages=2)
@pytest.mark.parametrize("oddity", ODD)
def test_tells_what_is_odd(plain: Submission, target: Target, verify: Verify, oddity: str) -> None:
    with target.running.judging("http.client_error"):
        answer = is_no_fault_of_the_server(target.send_or_be_cut_off(ODD[oddity](plain)), plain, target, verify)
    with target.running.judging("errors.status"):
        _pairs_code_and_status(answer, target, verify)


@verifies("errors.status")
@costs(requests=3, pages=1, each=True)
@given(data=st.data())
def test_gives_each_code_the_status_of_its_row(
    plain: Submission, target: Target, verify: Verify, bodies: st.SearchStrategy[bytes], data: st.DataObject
) -> None:
    with control("whatever is sent is answered"):
        answer = target.send(replace(plain, content=data.draw(bodies)))
    _pairs_code_and_status(answer, target, verify)


def _pairs_code_and_status(answer: Answer, target: Target, verify: Verify) -> None:
    for code in verify.named(answer).values():
        verify.equal(answer.status, target.contract.errors[code].status, f"with the code {code}, status", answer)


@pytest.fixture
def keyed(plain: Submission, accounts: Accounts, contract: Contract) -> list[Submission]:
    """The plain submission with a valid key, without one, with an unknown one, and with one that has no pages left."""
    unknown = bearer(contract, "never-issued-0123456789")
    keyed = [plain, plain.faulty(authorization=None), plain.faulty(authorization=unknown)]
    with suppress(Unverified):  # A profile may name no such key: the others show what they can.
        keyed.append(accounts.exhausted().plain.faulty())
    return keyed


@verifies("http.client_error")
@costs(requests=5, pages=2, each=True)
@given(data=st.data())
def test_takes_no_request_for_a_fault_of_its_own(
    keyed: list[Submission], target: Target, verify: Verify, bodies: st.SearchStrategy[bytes], data: st.DataObject
) -> None:
    content, other = data.draw(bodies), data.draw(st.sampled_from(keyed[1:]))
    for plain in (keyed[0], other):
        answer = target.send_or_be_cut_off(replace(plain, content=content))
        is_no_fault_of_the_server(answer, plain, target, verify)


def is_no_fault_of_the_server(answer: Answer | None, plain: Submission, target: Target, verify: Verify) -> Answer:
    """The answer to an odd request, which was taken for a fault of the client; None says that there was none."""
    if answer is None or answer.status >= 500:
        with control("the plain submission, and the faults that other rules name, are no fault of the server"):
            for fault in (lambda plain: plain, *GOVERNED):
                _no_server_error(target.send(fault(plain)), verify)
    return _no_server_error(answer, verify)


def _no_server_error(answer: Answer | None, verify: Verify) -> Answer:
    if answer is None:
        got = "a connection that was closed without an answer"
        raise Nonconformance(expected="success or a 4xx status", got=got)
    is_fine = answer.is_success or 400 <= answer.status <= 499
    verify.holds(is_fine, expected="success or a 4xx status", got=answer.summary, answer=answer)
    return answer
