"""The suite fails nothing where a server conforms, however it reads the open questions: for a few of the variants.

`nox -s proof` does the same for all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from conformance.target.documents import document
from mockserver.recognition import Page
from spec import load_contract
from tests.defects.catalogue import DEFECTS
from tests.proof.judging import Job, judged, wrong_with_variant
from tests.proof.subjects import FEW_VARIANTS
from tests.servers import reference, served, small_contract
from tests.variants.catalogue import VARIANTS

# Readings that no variant has, and why.
WITHOUT_VARIANT = {
    ("required_field_code", "other"): "the one field that is required has a code of its own",
    ("key_management", "api"): "a call that nothing documents is never sent, so a server that has one is the same here",
}


@pytest.mark.parametrize("name", FEW_VARIANTS)
def test_fails_no_rule(name: str) -> None:
    assert wrong_with_variant(VARIANTS[name], judged(Job(subject=name))) == []


def test_every_reading_has_a_variant() -> None:
    """The readings of the reference server are those of the variant that differs in nothing."""
    lacking = {
        (question.id, reading)
        for question in load_contract().questions.values()
        for reading in question.readings
        if reading != question.mock
    }
    lacking -= {pair for variant in VARIANTS.values() for pair in variant.readings.items()}
    assert lacking == set(WITHOUT_VARIANT)


def test_no_variant_reads_what_is_no_reading() -> None:
    questions = load_contract().questions
    pairs = {pair for variant in VARIANTS.values() for pair in variant.readings.items()}
    assert {(name, reading) for name, reading in pairs if reading not in questions[name].readings} == set()


def test_defects_and_variants_have_different_names() -> None:
    assert DEFECTS.keys() & VARIANTS.keys() == set()


class Blind:
    """An engine that recognises nothing."""

    async def recognise(self, content: bytes, *, pages: int) -> tuple[Page, ...]:
        raise ValueError("it sees nothing")


@contextmanager
def client(name: str) -> Iterator[httpx.Client]:
    """Somebody who submits to this variant, where every recognition fails, with the key that every server knows."""
    server = replace(VARIANTS[name].change(reference(small_contract())), engine=Blind())
    headers = {"Authorization": "Bearer sk_test_works"}
    with served(server) as profile, httpx.Client(base_url=profile.base_url, headers=headers) as http:
        yield http


@pytest.mark.parametrize(("name", "accepts"), [("reference", False), ("excess_padding_in_base64", True)])
def test_excess_padding_is_read_as_the_variant_says(name: str, accepts: bool) -> None:
    with client(name) as http:
        answer = http.post("/api/ocr", json={"imageBase64": f"{document('page.png').base64}="})
    assert answer.is_success == accepts


@pytest.mark.parametrize(("name", "cost"), [("reference", 1), ("failed_recognition_refunded", 0)])
def test_a_failed_recognition_costs_what_the_variant_says(name: str, cost: int) -> None:
    with client(name) as http:
        before = http.get("/api/account").json()["pages"]
        answer = http.post("/api/ocr", json={"imageBase64": document("page.png").base64, "provider": "baidu"})
        assert http.get(f"/api/tasks/{answer.json()['taskId']}").json()["status"] == "failed"
        assert before - http.get("/api/account").json()["pages"] == cost
