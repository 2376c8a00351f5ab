"""The committed summary of the proof says what the catalogues say, and only what was judged."""

import json

import pytest

from conformance.verdicts.checks import Verdict
from tests.defects.catalogue import DEFECTS
from tests.proof.__main__ import DOCS
from tests.proof.facts import facts, flickering, lacking
from tests.proof.judging import Outcome, wrong_with_defect, wrong_with_variant
from tests.proof.page import page
from tests.proof.summary import summary
from tests.variants.catalogue import VARIANTS

COMMITTED = json.loads((DOCS / "proof.json").read_text(encoding="utf-8"))
A_DEFECT, A_VARIANT = DEFECTS["no_origin_allowed"], VARIANTS["created"]


def an_outcome(subject: str, *failed: str, verdict: Verdict = "failed", **more: object) -> Outcome:
    facts = {"errors": {}, "readings": {}, **more}
    return Outcome(subject=subject, verdict=verdict, failed=dict.fromkeys(failed, "it differs"), **facts)  # type: ignore[arg-type]


def test_the_committed_summary_is_of_these_catalogues() -> None:
    """Where it is not: judge what has changed, `python -m tests.proof --only NAME --write`."""
    assert facts([], before=COMMITTED) == COMMITTED


def test_the_committed_page_is_written_from_the_committed_facts() -> None:
    assert (DOCS / "proof.md").read_text(encoding="utf-8") == summary(COMMITTED)


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


def test_runs_that_differ_flicker() -> None:
    steady, other = an_outcome("created", verdict="passed"), an_outcome("created", "success.flag")
    assert flickering({"created": [steady, steady]}) == {}
    assert list(flickering({"created": [steady, other]})) == ["created"]


def test_what_was_not_judged_is_said_to_be_so() -> None:
    none = facts([])
    assert set(lacking(none)) == DEFECTS.keys() | VARIANTS.keys()
    assert "Not judged yet" in summary(none)


def test_the_page_shows_every_defect() -> None:
    shown = page(COMMITTED, ["something was wrong"], 1.0)
    assert [row["name"] for row in COMMITTED["defects"] if row["name"] not in shown] == []
    assert "something was wrong" in shown
