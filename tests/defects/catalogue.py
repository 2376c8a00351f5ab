"""All defects by name; importing their modules declares them."""

from tests.defects import (
    authentication,
    billing,
    charges,
    cors,
    error_responses,
    failed_creations,
    files,
    forms,
    json_answers,
    keys,
    kinds,
    later,
    leaks,
    limits,
    mixing,
    names,
    odd_charges,
    page_counts,
    positions,
    providers,
    refunds,
    request_body,
    revocations,
    sizes,
    stumbles,
    submit_a_job,
    success_response,
    tasks,
)
from tests.defects.breaking import DEFECTS as DECLARED
from tests.defects.breaking import Defect

MODULES = (
    authentication,
    keys,
    revocations,
    leaks,
    submit_a_job,
    request_body,
    files,
    names,
    kinds,
    success_response,
    tasks,
    json_answers,
    error_responses,
    limits,
    providers,
    positions,
    page_counts,
    billing,
    refunds,
    charges,
    odd_charges,
    cors,
    forms,
    sizes,
    mixing,
    stumbles,
    failed_creations,
    later,
)

_PLACES = {module.__name__: place for place, module in enumerate(MODULES)}

# In the order of the modules above, and in these as they stand there.
DEFECTS: dict[str, Defect] = {
    defect.name: defect
    for defect in sorted(DECLARED.values(), key=lambda defect: _PLACES[defect.made_of[0].__module__])
}

__all__ = ["DEFECTS", "MODULES", "Defect"]
