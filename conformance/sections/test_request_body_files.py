"""Request body: the file, as Base64 or in a data URI, an image or a PDF."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.outcomes import Unverified
from conformance.session.marks import costs, is_control, verifies
from conformance.strategies.images import KINDS, ImageKind, image, images, kind_named
from conformance.strategies.pdfs import PdfShape, pdf, pdfs
from conformance.strategies.submissions import broken_in
from conformance.target.control import blamed_field
from conformance.target.documents import Document, document, noise, png_with_padding
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer
from spec import Provider

UNDECODABLE: dict[str, Callable[[str], str]] = {
    # Without it, the file is what it was.
    "a foreign character in a data URI": lambda text: f"data:image/png;base64,{text[:100]}*{text[100:]}",
    "a foreign character in the middle": lambda text: f"{text[:100]}*{text[101:]}",
    # Not even ASCII, as a decoder of bytes presupposes; without it, the text can be decoded.
    "a letter outside ASCII in the middle": lambda text: f"{text[:100]}Ł{text[100:]}",
    # An expression that looks at lines finds one that is Base64, and a length that is a multiple of four.
    "a foreign line after the padding": lambda text: f"{png_with_padding(2).base64}\n***",
    # Six bits are no byte, so no reading of an absent padding decodes it.
    "a character too many": lambda text: f"{png_with_padding(0).base64}A",
    "a foreign character far behind": lambda text: f"{noise(300_000).base64[:-9]}*{noise(300_000).base64[-8:]}",
    "a data URI without a comma": lambda text: f"data:image/png;base64{text}",
}

# The fixtures are of version 1.4.
EDITIONS = {
    "1.0": PdfShape(pages=2, version="1.0"),
    "1.3": PdfShape(pages=2, version="1.3"),
    "1.5 with compressed objects": PdfShape(pages=2, version="1.5", compressed=True),
    "1.7": PdfShape(pages=2, version="1.7", images=2, side=400),
    "2.0 with compressed objects": PdfShape(pages=2, version="2.0", compressed=True),
}


@verifies("body.invalid_image")
@costs(requests=1)
@pytest.mark.parametrize("fault", UNDECODABLE)
def test_refuses_what_cannot_be_decoded(plain: Submission, target: Target, verify: Verify, fault: str) -> None:
    broken = UNDECODABLE[fault](str(plain.members["imageBase64"]))
    answer = target.send(plain.with_members(imageBase64=broken).faulty())
    _is_not_too_large(answer, verify)
    verify.refused(answer, "body.invalid_image")


@verifies("body.invalid_image")
@costs(requests=1, each=True)
@given(data=st.data())
def test_refuses_whatever_cannot_be_decoded(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    submission = data.draw(broken_in("body.invalid_image", plain, target.contract))
    verify.refused(target.send(submission), "body.invalid_image")


@verifies("body.invalid_image")
@costs(requests=2, pages=1)
def test_refuses_what_cannot_be_decoded_with(
    plain: Submission, target: Target, verify: Verify, provider: Provider
) -> None:
    file = document("one-page.pdf" if provider == target.contract.default_provider else "page.png")
    chosen = plain.of(file).with_members(provider=provider.name)
    answer = target.send(chosen.with_members(imageBase64="%%%%").faulty())
    if not verify.is_refusal(answer, "body.invalid_image"):
        with control("such a file is accepted with this provider"):
            verify.accepted(target.send(chosen))
    verify.refused(answer, "body.invalid_image")


@is_control
@verifies("body.base64")
@costs(requests=4, pages=4)
def test_accepts_plain_base64(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    if not answer.is_success and blamed_field(target, plain):
        raise Unverified(f"the submission was refused for another field: {answer.summary}")
    if not answer.is_success and target.send(plain.of(_photograph())).is_success:
        raise Unverified(f"the submission was refused for its kind of image: {answer.summary}")
    verify.spared(answer, "body.required_field", "body.invalid_image")


def _photograph() -> Document:
    """An image of another kind than the plain page, whose Base64 ends with as much padding."""
    padding, kind = document("page.png").padding, kind_named("colour JPEG")
    return next(file for number in count() if (file := image(kind, number=number)).padding == padding)


# The plain page has none.
@verifies("body.base64")
@costs(requests=1, pages=1)
@pytest.mark.parametrize("padding", [1, 2])
def test_accepts_each_padding(plain: Submission, target: Target, verify: Verify, padding: int) -> None:
    verify.accepted(target.send(plain.of(png_with_padding(padding))))


@verifies("body.base64")
@costs(requests=2, pages=2)
def test_accepts_a_long_base64(plain: Submission, target: Target, verify: Verify) -> None:
    long = plain.of(noise(target.contract.limit.decimal_bytes // 4))
    answer = target.send(long)
    if not answer.is_success:
        with control("as large a body is accepted where the Base64 is short"):
            verify.accepted(target.send(plain.filled_to(len(long.body))))
    verify.accepted(answer)


@verifies("body.data_uri")
@costs(requests=2, pages=2)
@pytest.mark.parametrize("name", ["page.png", "page.jpg"])
def test_accepts_a_data_uri(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    _accepts_in_a_data_uri(document(name), plain, target, verify)


@verifies("body.data_uri")
@costs(requests=2, pages=2)
def test_accepts_a_data_uri_of_a_further_type_that_it_takes(plain: Submission, target: Target, verify: Verify) -> None:
    file = document("page.webp")
    answer = target.send(plain.of(file).with_members(imageBase64=file.data_uri))
    if not answer.is_success and not target.send(plain.of(file)).is_success:
        raise Unverified("WebP is not taken")
    verify.accepted(answer)


@verifies("body.data_uri")
@costs(requests=2, pages=2)
def test_accepts_a_long_data_uri(plain: Submission, target: Target, verify: Verify) -> None:
    _accepts_in_a_data_uri(noise(target.contract.limit.decimal_bytes // 4), plain, target, verify)


@verifies("body.data_uri")
@costs(requests=2, pages=2, each=True)
@given(file=images())
def test_accepts_any_image_in_a_data_uri(plain: Submission, target: Target, verify: Verify, file: Document) -> None:
    _accepts_in_a_data_uri(file, plain, target, verify)


def _accepts_in_a_data_uri(file: Document, plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain.of(file).with_members(imageBase64=file.data_uri))
    if not answer.is_success:
        with control("the same file is accepted as plain Base64"):
            verify.accepted(target.send(plain.of(file)))
    verify.accepted(answer)


@is_control
@verifies("body.image_file")
@costs(requests=2, pages=2)
def test_accepts_the_plain_image(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain)
    if not answer.is_success:
        with control("an image of another kind is accepted"):
            verify.accepted(target.send(plain.of(_photograph())))
    verify.accepted(answer)


@verifies("body.image_file")
@costs(requests=3, pages=3)
def test_accepts_a_photograph(plain: Submission, target: Target, verify: Verify) -> None:
    _accepts_the_file(document("page.jpg"), plain, target, verify)


@verifies("body.image_file")
@costs(requests=3, pages=3)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_accepts_a(plain: Submission, target: Target, verify: Verify, kind: ImageKind) -> None:
    _accepts_the_file(image(kind), plain, target, verify)


@verifies("body.image_file")
@costs(requests=3, pages=3, each=True)
@given(file=images())
def test_accepts_any_image(plain: Submission, target: Target, verify: Verify, file: Document) -> None:
    _accepts_the_file(file, plain, target, verify)


def _accepts_the_file(file: Document, plain: Submission, target: Target, verify: Verify) -> None:
    """The file is accepted, or it is not for itself that it is refused."""
    answer = target.send(plain.of(file))
    if not answer.is_success:
        _is_not_too_large(answer, verify)
        with control("a page whose Base64 has as much padding is accepted"):
            verify.accepted(target.send(plain.of(png_with_padding(file.padding))))
        if target.send(plain.of(file).without("filename")).is_success:
            raise Unverified("the file is refused for its name, and accepted without one")
    verify.accepted(answer)


@verifies("body.pdf_file")
@costs(requests=3, pages=4)
@pytest.mark.parametrize("name", ["one-page.pdf", "scanned.pdf"])
def test_accepts_a_pdf(plain: Submission, target: Target, verify: Verify, provider: Provider, name: str) -> None:
    _accepts_the_file(document(name), plain.with_members(provider=provider.name), target, verify)


@verifies("body.pdf_file")
@costs(requests=3, pages=41)
def test_accepts_a_pdf_of_many_pages(plain: Submission, target: Target, verify: Verify) -> None:
    _accepts_the_file(document("twenty-pages.pdf"), plain, target, verify)


@verifies("body.pdf_file")
@costs(requests=3, pages=5)
@pytest.mark.parametrize("edition", EDITIONS)
def test_accepts_a_pdf_of_version(plain: Submission, target: Target, verify: Verify, edition: str) -> None:
    _accepts_the_file(pdf(EDITIONS[edition]), plain, target, verify)


@verifies("body.pdf_file")
@costs(requests=2, pages=2)
def test_accepts_a_pdf_without_a_name(plain: Submission, target: Target, verify: Verify) -> None:
    file = document("one-page.pdf")
    with control("an image whose Base64 has as much padding is accepted without a name"):
        verify.accepted(target.send(plain.of(png_with_padding(file.padding)).without("filename")))
    verify.accepted(target.send(plain.of(file).without("filename")))


@verifies("body.pdf_file")
@costs(requests=3, pages=11, each=True)
@given(file=pdfs())
def test_accepts_any_pdf(plain: Submission, target: Target, verify: Verify, file: Document) -> None:
    _accepts_the_file(file, plain, target, verify)


def _is_not_too_large(answer: Answer, verify: Verify) -> None:
    with control("a body of this size is within the limit"):
        verify.holds(not verify.is_refusal(answer, "limit.refused"), expected="another answer", got=answer.summary)
