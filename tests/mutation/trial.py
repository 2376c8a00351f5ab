"""One trial: the conformance suite judges a mock server that has one module with another source, over HTTP.

It takes a process of its own, which has not imported the mock server yet. Nothing else judges: no unit test is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from conformance.judge import judge
from conformance.mistakes import NotJudgedError
from conformance.session.course import Course
from tests.mutation.loading import load_with

Ending = Literal["killed", "survived", "unverified", "incompetent", "error", "timeout"]
COURSE = Course(stop_at_first=True)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a trial ended, and why: the rule that failed, or what went wrong.

    `unverified`: no rule failed, but some could not be looked at any more, which a run says and no goal forgives.
    `incompetent`: no server came up that could be judged. `error`: the suite could not say whose fault it is.
    `readings`: what was seen of the open questions, if nothing else was noticed.
    """

    ending: Ending
    reason: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def tried(module: str, source: str) -> Outcome:
    """The outcome for the mock server with that source as that module; without a module, for the reference."""
    if module:
        load_with(f"mockserver.{module}", source)
    try:
        report = _report()
    except NotJudgedError as problem:
        return Outcome(ending="incompetent", reason=f"nothing could be judged: {problem}")
    except Exception as problem:  # Whatever a mutant breaks before it serves, it serves nobody.
        return Outcome(ending="incompetent", reason=f"{type(problem).__name__}: {problem}")
    return outcome(report)


def _report() -> Mapping[str, Any]:
    from tests.servers import reference, served, small_contract  # imports the mock server, mutated by now

    contract = small_contract()
    with served(reference(contract)) as profile:
        return judge(contract, profile, strict=True, course=COURSE).report


def outcome(report: Mapping[str, Any]) -> Outcome:
    """What a report says of a mutant."""
    rules = report["rules"]
    failed = [f"{rule['id']}: {rule['reason']}" for rule in rules if rule["verdict"] == "failed"]
    if failed:
        return Outcome(ending="killed", reason="; ".join(failed))
    errors = [f"{rule['id']}: {rule['reason']}" for rule in rules if rule["verdict"] == "error"]
    if errors or report["faults"]:
        return Outcome(ending="error", reason="; ".join([*report["faults"], *errors]))
    unverified = [f"{rule['id']}: {rule['reason']}" for rule in rules if rule["verdict"] == "unverified"]
    if unverified:
        return Outcome(ending="unverified", reason="; ".join(unverified))
    readings = {row["id"]: row["reading"] for row in report["questions"] if row["reading"]}
    return Outcome(ending="survived", readings=readings)
