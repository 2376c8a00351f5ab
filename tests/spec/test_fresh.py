"""The committed openapi.yaml is what the build would write now."""

from spec import Contract, load_contract
from spec.building import dump_openapi
from spec.contract import OPENAPI


def test_is_fresh(contract: Contract) -> None:
    fresh = OPENAPI.read_text(encoding="utf-8") == dump_openapi(contract)
    assert fresh, "spec/openapi.yaml is stale: run python -m spec build and commit the result"


def test_is_loaded_when_no_other_file_is_named(contract: Contract) -> None:
    assert load_contract() == contract
