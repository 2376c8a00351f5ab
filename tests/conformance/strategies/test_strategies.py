"""What the strategies draw is what they say: files that other readers count alike, submissions broken in one thing."""

import base64
import binascii
import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from conformance.strategies.headers import other_media_types, other_schemes, spellings_of
from conformance.strategies.images import KINDS, ImageKind, image, images, kind_named
from conformance.strategies.keys import ALMOST_THE_KEY, is_the_same, resembling
from conformance.strategies.pdfs import PdfShape, every_shape, pdf
from conformance.strategies.schema import schema_bodies
from conformance.strategies.submissions import FAULTS, broken_in, combinations
from conformance.strategies.texts import BASE64_LIKE, broken_base64, file_names, json_spellings, no_base64
from conformance.target.documents import Document
from conformance.target.submissions import Submission, plain_submission
from spec import load_contract

quickly = settings(deadline=None, max_examples=25, database=None, suppress_health_check=list(HealthCheck))

CONTRACT = load_contract()
PLAIN = plain_submission(CONTRACT, "http://target.test", "sk_0123456789abcdef", metered=False)


@pytest.mark.parametrize("shape", [shape for pages in (1, 2, 5, 9, 101) for shape in every_shape(pages)], ids=str)
def test_pypdf_counts_the_pages_that_a_shape_says(shape: PdfShape) -> None:
    assert len(PdfReader(BytesIO(pdf(shape).content), strict=True).pages) == shape.pages


def test_the_images_of_a_pdf_are_as_large_as_its_shape_says() -> None:
    page = PdfReader(BytesIO(pdf(PdfShape(pages=1, images=2, side=40)).content), strict=True).pages[0]
    assert [image.image.size for image in page.images if image.image] == [(40, 40), (40, 40)]


def test_a_pdf_says_its_version() -> None:
    shapes = [PdfShape(pages=1, version=version) for version in ("1.0", "1.7", "2.0")]
    assert [PdfReader(BytesIO(pdf(shape).content)).pdf_header for shape in shapes] == [
        "%PDF-1.0",
        "%PDF-1.7",
        "%PDF-2.0",
    ]


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo comes with Debian's poppler-utils")
@pytest.mark.parametrize("shape", list(every_shape(7)), ids=str)
def test_poppler_counts_them_alike_and_complains_of_nothing(shape: PdfShape, tmp_path: Path) -> None:
    file = tmp_path / "pages.pdf"
    file.write_bytes(pdf(shape).content)
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True, timeout=20)  # noqa: S607
    assert "Pages:           7\n" in told.stdout
    assert told.stderr == ""


@quickly
@given(file=images())
def test_images_are_whole_and_of_their_kind(file: Document) -> None:
    with Image.open(BytesIO(file.content)) as image:
        image.load()
        assert image.get_format_mimetype() == file.media_type
        assert min(image.size) >= 64


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_image_is_what_its_kind_says(kind: ImageKind) -> None:
    content = image(kind).content
    with Image.open(BytesIO(content)) as read:
        read.load()
        assert (read.mode, read.size) == (kind.mode, kind.size)
        assert read.info.get("interlace", 0) == kind.interlaced
    is_jfif = kind.media_type == "image/jpeg" and kind.name not in (
        "JPEG of a telephone",
        "JPEG in the colours of print",
    )
    assert (b"JFIF" in content) == is_jfif
    assert (content[6:10] == b"Exif") == (kind.name == "JPEG of a telephone")


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (9, 2), (64, 33)], ids=str)
def test_an_interlaced_image_shows_what_another_one_does(size: tuple[int, int]) -> None:
    shown = []
    for name in ("grey PNG", "interlaced PNG"):
        with Image.open(BytesIO(image(kind_named(name), size).content)) as read:
            shown.append(read.tobytes())
    assert shown[0] == shown[1]


@quickly
@given(data=st.data())
def test_json_spellings_say_the_same(data: st.DataObject) -> None:
    assert json.loads(data.draw(json_spellings(PLAIN.members))) == PLAIN.members


@quickly
@given(name=file_names("png"))
def test_file_names_can_be_written_and_lead_nowhere(name: str) -> None:
    assert name.encode()
    assert not {"/", "\\", "\0"} & set(name)
    assert name.endswith(".png")


@quickly
@given(text=no_base64())
def test_no_base64_has_no_character_of_it(text: str) -> None:
    assert not BASE64_LIKE & set(text)


@quickly
@given(data=st.data())
def test_broken_base64_cannot_be_decoded_by_a_strict_reader(data: st.DataObject) -> None:
    broken = data.draw(broken_base64("iVBORw0KGgo="))
    with pytest.raises(binascii.Error):
        base64.b64decode(broken, validate=True)


UUID_KEY = "550e8400-e29b-41d4-a716-446655440000"
JWT_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.B1ByzvmPsZkBWCGMlGxyhFpfrRQTVoyqFnFwcvJ7RTA"


def test_a_key_in_another_spelling_is_no_other_key() -> None:
    same = {name for name, change in ALMOST_THE_KEY.items() if is_the_same(change(UUID_KEY), UUID_KEY)}
    assert same == {"without its punctuation", "in other letter case"}
    same = {name for name, change in ALMOST_THE_KEY.items() if is_the_same(change(JWT_KEY), JWT_KEY)}
    assert same == {"another last character"}
    key = "sk_0123456789abcdef"
    assert not any(is_the_same(change(key), key) for change in ALMOST_THE_KEY.values())


@quickly
@given(key=resembling("sk_0123456789abcdef"))
def test_a_key_that_resembles_one_is_another(key: str) -> None:
    assert key not in ("", "sk_0123456789abcdef")
    assert key.isascii()


@quickly
@given(scheme=other_schemes("Bearer"), media_type=other_media_types(), spelled=spellings_of("application/json"))
def test_other_headers_are_other_ones_and_spellings_are_not(scheme: str, media_type: str, spelled: str) -> None:
    assert scheme.lower() != "bearer"
    assert media_type.partition(";")[0].strip().lower() != "application/json"
    assert spelled.partition(";")[0].strip().lower() == "application/json"


@quickly
@pytest.mark.parametrize("rule", FAULTS)
@given(data=st.data())
def test_a_broken_submission_differs_from_the_plain_one_in_one_thing(rule: str, data: st.DataObject) -> None:
    broken = data.draw(broken_in(rule, PLAIN, CONTRACT))
    assert broken.is_faulty
    parts = ("authorization", "content_type", "imageBase64")
    assert sum(_part(broken, part) != _part(PLAIN, part) for part in parts) == 1


def _part(submission: Submission, part: str) -> object:
    return submission.members.get(part) if part == "imageBase64" else getattr(submission, part)


@quickly
@given(data=st.data())
def test_a_valid_submission_has_what_is_required(data: st.DataObject) -> None:
    combination = data.draw(combinations(PLAIN, CONTRACT))
    for submission in (combination.whole, *combination.parts):
        members = json.loads(submission.body)
        assert set(members) >= {field.name for field in CONTRACT.required_fields}
        assert members.get("provider", None) in (None, *CONTRACT.providers)
        assert not submission.is_faulty


def test_schemathesis_makes_bodies_from_the_schema_and_against_it() -> None:
    seen: list[bytes] = []

    @quickly
    @given(body=schema_bodies(CONTRACT))
    def draw(body: bytes) -> None:
        seen.append(body)

    draw()
    with_image = [body for body in seen if b'"imageBase64"' in body]
    assert 0 < len(with_image) < len(seen)
