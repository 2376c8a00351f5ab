"""The suite fails where a server is defective, at the rule that the defect breaks: for one defect of each rule.

Only the section of that rule is judged. `nox -s proof` judges all rules, of all defects.
"""

import pytest

from spec import load_contract
from tests.defects.catalogue import DEFECTS
from tests.proof.judging import judged, quick, wrong_with_defect
from tests.proof.subjects import one_of_each_rule


@pytest.mark.parametrize("name", one_of_each_rule())
def test_blames_the_rule_that_is_broken(name: str) -> None:
    assert wrong_with_defect(DEFECTS[name], judged(quick(name))) == []


def test_every_rule_is_broken_by_a_defect() -> None:
    assert set(load_contract().rules) - {defect.rule for defect in DEFECTS.values()} == set()


def test_no_defect_breaks_what_is_not_documented() -> None:
    blamed = {rule for defect in DEFECTS.values() for rule in defect.blamed}
    assert blamed - set(load_contract().rules) == set()


def test_what_fails_besides_has_a_reason() -> None:
    lacking = [name for name, defect in DEFECTS.items() if not all(map(str.strip, defect.besides.values()))]
    assert lacking == []
