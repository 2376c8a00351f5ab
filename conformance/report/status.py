"""The exit status of a run, which pipelines obey."""

from typing import Any

PASSED = 0  # every stated rule passed
FAILED = 1  # a rule failed
NOT_JUDGED = 2  # nothing was judged: profile, preflight, target unreachable
UNVERIFIED = 3  # no failure, but stated rules stayed unverified
BROKEN = 4  # the suite itself broke, or the target went away


def exit_status(report: dict[str, Any], *, allow_unverified: bool = False) -> int:
    """The status of a report. `allow_unverified` forgives what could not be seen, if anything was seen at all."""
    status = {"passed": PASSED, "failed": FAILED, "unverified": UNVERIFIED, "error": BROKEN}[report["verdict"]]
    something_passed = any(rule["verdict"] == "passed" for rule in report["rules"])
    if status == UNVERIFIED and allow_unverified and something_passed:
        return PASSED
    return status
