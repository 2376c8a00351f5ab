"""The suite fails on each defective server, at the rule that the defect breaks, and at no other."""

import pytest

from conformance.judge import judge
from tests.defects.catalogue import DEFECTS
from tests.servers import reference, served, small_contract


@pytest.mark.parametrize("name", DEFECTS)
def test_blames_the_rule_that_is_broken(name: str) -> None:
    defect = DEFECTS[name]
    contract = small_contract()
    with served(defect.change(reference(contract)), defect.wrap) as profile:
        report = judge(contract, profile, strict=True).report
    failed = [rule for rule in report["rules"] if rule["verdict"] == "failed"]
    assert {rule["id"] for rule in failed} == {defect.rule, *defect.besides}
    assert [rule["id"] for rule in failed if not rule["evidence"]] == []
    assert report["verdict"] == "failed"


def test_each_defect_says_what_it_is() -> None:
    assert [name for name, defect in DEFECTS.items() if not (defect.change.__doc__ or defect.wrap.__doc__)] == []
