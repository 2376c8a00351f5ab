"""Request body: the three fields, which of them may be left out, and what they may hold."""

from collections.abc import Callable

import pytest

from conformance.control import blamed_field
from conformance.documents import document, png_with_padding
from conformance.marks import is_control, verifies
from conformance.outcomes import Unverified
from conformance.submissions import Submission
from conformance.target import Target
from conformance.verify import Verify, control
from spec import Field, Provider

UNDECODABLE: dict[str, Callable[[str], str]] = {
    "no Base64 at all": lambda text: "%%%%",
    "no Base64 in a data URI": lambda text: "data:image/png;base64,%%%%",
    "a foreign character in the middle": lambda text: f"{text[:100]}*{text[101:]}",
}

FILE_NAMES = ["page.png", "page 1 of 2.png", "Rechnung Müller.png", "счёт.png", "領収書.png", "فاتورة.png", "📄.png"]


@verifies("body.required_field")
def test_refuses_a_body_without(plain: Submission, target: Target, verify: Verify, required_field: Field) -> None:
    verify.refused_as(target.send(plain.without(required_field.name).faulty()), target.contract.lacking(required_field))


@verifies("body.invalid_image")
@pytest.mark.parametrize("fault", UNDECODABLE)
def test_refuses_what_cannot_be_decoded(plain: Submission, target: Target, verify: Verify, fault: str) -> None:
    broken = UNDECODABLE[fault](str(plain.members["imageBase64"]))
    verify.refused(target.send(plain.with_members(imageBase64=broken).faulty()), "body.invalid_image")


@is_control
@verifies("body.base64")
def test_accepts_plain_base64(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    if not answer.is_success and blamed_field(target, plain):
        raise Unverified(f"the submission was refused for another field: {answer.summary}")
    verify.spared(answer, "body.required_field", "body.invalid_image")


@verifies("body.base64")
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_accepts_each_padding(plain: Submission, target: Target, verify: Verify, padding: int) -> None:
    verify.accepted(target.send(plain.of(png_with_padding(padding))))


@verifies("body.data_uri")
@pytest.mark.parametrize("name", ["page.png", "page.jpg"])
def test_accepts_a_data_uri(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    file = document(name)
    with control("the same file is accepted as plain Base64"):
        verify.accepted(target.send(plain.of(file)))
    verify.accepted(target.send(plain.of(file).with_members(imageBase64=file.data_uri)))


@verifies("body.image_file")
@pytest.mark.parametrize("name", ["page.png", "page.jpg"])
def test_accepts_an_image(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    verify.accepted(target.send(plain.of(document(name))))


@verifies("body.pdf_file")
@pytest.mark.parametrize("name", ["one-page.pdf", "scanned.pdf"])
def test_accepts_a_pdf(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    verify.accepted(target.send(plain.of(document(name))))


@is_control
@verifies("body.filename")
def test_accepts_the_plain_file_name(plain: Submission, target: Target, verify: Verify) -> None:
    _blames_the_field("filename", plain, target, verify)


@is_control
@verifies("body.provider")
def test_accepts_the_default_provider_by_name(plain: Submission, target: Target, verify: Verify) -> None:
    _blames_the_field("provider", plain, target, verify)


def _blames_the_field(name: str, plain: Submission, target: Target, verify: Verify) -> None:
    """The plain submission is accepted, or it is not for this member that it is refused."""
    answer = target.send(plain)
    if not answer.is_success and blamed_field(target, plain) != name:
        raise Unverified(f"the submission was refused for another reason: {answer.summary}")
    verify.accepted(answer)


@verifies("body.filename")
@pytest.mark.parametrize("name", FILE_NAMES)
def test_accepts_a_file_name(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    verify.accepted(target.send(plain.with_members(filename=name)))


@verifies("body.optional_field")
def test_accepts_a_body_without(plain: Submission, target: Target, verify: Verify, optional_field: Field) -> None:
    verify.accepted(target.send(plain.without(optional_field.name)))


@verifies("body.provider")
def test_accepts(plain: Submission, target: Target, verify: Verify, provider: Provider) -> None:
    verify.accepted(target.send(plain.with_members(provider=provider.name)))


@verifies("body.default_provider")
def test_takes_the_default_provider(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain.without("provider"))
    with control("a submission without a provider is accepted"):
        verify.accepted(answer)
    named = answer.object().get("provider")
    if named not in target.contract.providers:
        raise Unverified(f"the answer names no provider: {answer.summary}")
    verify.equal(named, target.contract.default_provider.name, "provider", answer)
