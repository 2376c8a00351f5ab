"""All defects by name; importing their modules declares them."""

from tests.defects import (
    authentication,
    billing,
    charges,
    cors,
    error_responses,
    files,
    forms,
    json_answers,
    keys,
    kinds,
    mixing,
    odd_charges,
    page_counts,
    positions,
    providers,
    request_body,
    revocations,
    sizes,
    submit_a_job,
    success_response,
    tasks,
)
from tests.defects.breaking import DEFECTS, Defect

MODULES = (
    authentication,
    keys,
    revocations,
    submit_a_job,
    request_body,
    files,
    kinds,
    success_response,
    tasks,
    json_answers,
    error_responses,
    providers,
    positions,
    page_counts,
    billing,
    charges,
    odd_charges,
    cors,
    forms,
    sizes,
    mixing,
)

__all__ = ["DEFECTS", "MODULES", "Defect"]
