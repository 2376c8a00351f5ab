"""All defects by name; importing their modules declares them."""

from tests.defects import (
    authentication,
    billing,
    charges,
    cors,
    error_responses,
    files,
    json_answers,
    keys,
    kinds,
    page_counts,
    positions,
    providers,
    request_body,
    submit_a_job,
    success_response,
    tasks,
)
from tests.defects.breaking import DEFECTS, Defect

MODULES = (
    authentication,
    keys,
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
    cors,
)

__all__ = ["DEFECTS", "MODULES", "Defect"]
