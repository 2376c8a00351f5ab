"""What is wrong about the outcome of a run is told, and so is what differs between several of one server."""

from dataclasses import replace

import pytest

from tests.proof.facts import flickering
from tests.proof.judging import Outcome, wrong_with_defect, wrong_with_variant
from tests.test_proof import A_DEFECT, A_VARIANT, an_outcome


def test_a_defect_is_proved_by_its_rule_and_those_that_fall_with_it() -> None:
    assert wrong_with_defect(A_DEFECT, an_outcome(A_DEFECT.name, "cors.allowed_origin", "cors.preflight")) == []


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        ((), "cors.allowed_origin did not fail"),
        (("cors.allowed_origin",), "cors.preflight was to fail with it"),
        (("cors.allowed_origin", "cors.preflight", "success.flag"), "success.flag fails with it"),
    ],
)
def test_it_tells_what_is_missed_and_what_is_misblamed(failed: tuple[str, ...], told: str) -> None:
    assert told in " ".join(wrong_with_defect(A_DEFECT, an_outcome(A_DEFECT.name, *failed)))


def test_it_tells_a_failure_that_nothing_shows() -> None:
    outcome = an_outcome(A_DEFECT.name, "cors.allowed_origin", "cors.preflight", without_evidence=("cors.preflight",))
    assert "without an exchange" in " ".join(wrong_with_defect(A_DEFECT, outcome))


def test_a_variant_is_accused_of_nothing_and_read_as_it_is() -> None:
    good = an_outcome(A_VARIANT.name, verdict="passed", readings={"success_status": "201"})
    assert wrong_with_variant(A_VARIANT, good) == []
    misread = an_outcome(A_VARIANT.name, verdict="passed", readings={"success_status": "200"})
    assert "was read as 200" in " ".join(wrong_with_variant(A_VARIANT, misread))
    assert "success.flag fails" in " ".join(wrong_with_variant(A_VARIANT, an_outcome(A_VARIANT.name, "success.flag")))


def test_a_reading_that_does_not_come_out_is_told() -> None:
    blind = an_outcome(A_VARIANT.name, verdict="unverified")
    assert "was read as nothing" in " ".join(wrong_with_variant(A_VARIANT, blind))
    excused = replace(A_VARIANT, unseen={"success_status": "nothing is accepted there"})
    assert wrong_with_variant(excused, blind) == []
    seen = an_outcome(A_VARIANT.name, verdict="passed", readings={"success_status": "201"})
    assert "was read as 201" in " ".join(wrong_with_variant(excused, seen))


@pytest.mark.parametrize(
    "other",
    [
        an_outcome("created", "success.flag"),
        an_outcome("created", verdict="passed", readings={"success_status": "201"}),
        an_outcome("created", verdict="passed", unverified=("success.flag",)),
    ],
)
def test_runs_that_differ_flicker(other: Outcome) -> None:
    steady = an_outcome("created", verdict="passed")
    assert flickering({"created": [steady, steady]}) == {}
    assert list(flickering({"created": [steady, other]})) == ["created"]


def test_only_what_differs_is_told_of_what_flickers() -> None:
    steady = an_outcome("created", verdict="passed", readings={"success_status": "201"})
    other = replace(steady, unverified=("success.flag",))
    told = flickering({"created": [steady, other, steady]})["created"]
    assert told == ["nothing else (2 of 3 runs)", "success.flag unverified (1 of 3 runs)"]
