"""Arguments of tests that take each value of the contract in turn: a new provider or field is tested by itself."""

from collections.abc import Callable, Sequence
from typing import Any

from conformance.target.crossings import crossings
from spec import Contract

PARAMETERS: dict[str, Callable[[Contract], Sequence[Any]]] = {
    "required_field": lambda contract: contract.required_fields,
    "optional_field": lambda contract: contract.optional_fields,
    "crossing": crossings,
    "provider": lambda contract: list(contract.providers.values()),
    "other_provider": lambda contract: [p for p in contract.providers.values() if p != contract.default_provider],
    "queued_provider": lambda contract: [p for p in contract.providers.values() if p.mode == "queued"],
    "synchronous_provider": lambda contract: [p for p in contract.providers.values() if p.mode == "synchronous"],
    "positions_provider": lambda contract: [p for p in contract.providers.values() if p.word_positions],
}
