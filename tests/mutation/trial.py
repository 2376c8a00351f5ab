"""One trial: the conformance suite judges a mock server that has one module with another source, over HTTP.

It takes a process of its own, which has not imported the mock server yet. Nothing else judges: no unit test is run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from conformance.judge import judge
from conformance.mistakes import NotJudgedError
from conformance.profile.profile import Keys, Profile
from conformance.session import run
from conformance.session.course import Course
from spec import Contract
from tests.mutation.loading import load_with

Ending = Literal["killed", "survived", "unverified", "incompetent", "error", "timeout"]
COURSE = Course(stop_at_first=True)

# A mock server answers soon or never.
LONGEST_ANSWER = 5.0

# Such as every mock server knows from its start.
TEST_KEYS = Keys(valid="sk_test_works", revoked="sk_test_revoked", exhausted="sk_test_no_pages")


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
    run.SLOWEST_ANSWER = LONGEST_ANSWER
    try:
        return _served_and_judged()
    except Exception as problem:  # Whatever a mutant breaks before it serves, it serves nobody.
        return Outcome(ending="incompetent", reason=f"{type(problem).__name__}: {problem}")


def _served_and_judged() -> Outcome:
    from tests.servers import reference, served, small_contract  # imports the mock server, mutated by now

    contract = small_contract()
    with served(reference(contract)) as profile:
        return by_hooks_or_keys(profile, partial(_judged, contract))


def by_hooks_or_keys(profile: Profile, judged: Callable[[Profile], Outcome]) -> Outcome:
    """The outcome for a deployment with hooks. Where they break with the API, its test keys may still show that."""
    outcome = judged(profile)
    if outcome.ending not in ("error", "incompetent"):
        return outcome
    by_keys = judged(replace(profile, hooks=None, keys=TEST_KEYS))
    return by_keys if by_keys.ending == "killed" else outcome


def _judged(contract: Contract, profile: Profile) -> Outcome:
    try:
        return outcome(judge(contract, profile, strict=True, course=COURSE).report)
    except NotJudgedError as problem:
        return Outcome(ending="incompetent", reason=f"nothing could be judged: {problem}")


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
