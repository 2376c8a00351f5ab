"""The suite fails nothing where a server conforms, however it reads the open questions: for a few of the variants.

`nox -s proof` does the same for all of them.
"""

import pytest

from spec import load_contract
from tests.defects.catalogue import DEFECTS
from tests.proof.judging import Job, judged, wrong_with_variant
from tests.proof.subjects import FEW_VARIANTS
from tests.variants.catalogue import VARIANTS

# Readings that no variant has, and why.
WITHOUT_VARIANT: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize("name", FEW_VARIANTS)
def test_fails_no_rule(name: str) -> None:
    assert wrong_with_variant(VARIANTS[name], judged(Job(subject=name))) == []


def test_every_reading_has_a_variant() -> None:
    """The readings of the reference server are those of the variant that differs in nothing."""
    lacking = {
        (question.id, reading)
        for question in load_contract().questions.values()
        for reading in question.readings
        if reading != question.mock and question.unseen is None
    }
    lacking -= {pair for variant in VARIANTS.values() for pair in variant.readings.items()}
    assert lacking == set(WITHOUT_VARIANT)


def test_no_variant_reads_what_is_no_reading() -> None:
    questions = load_contract().questions
    pairs = {pair for variant in VARIANTS.values() for pair in variant.readings.items()}
    assert {(name, reading) for name, reading in pairs if reading not in questions[name].readings} == set()


def test_defects_and_variants_have_different_names() -> None:
    assert DEFECTS.keys() & VARIANTS.keys() == set()
