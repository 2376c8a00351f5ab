"""Known failures: rules that a deployment is known to break, until a day by which somebody will have mended them."""

from dataclasses import dataclass
from datetime import date

from conformance.mistakes import NotJudgedError
from conformance.profile import values
from conformance.profile.settings import Settings
from spec import Contract


@dataclass(frozen=True, kw_only=True)
class KnownFailure:
    """A rule whose failure does not fail a run up to the day `expires`, in UTC; `place` is its line in the profile."""

    rule: str
    reason: str
    expires: date
    place: str


def known_failures(settings: Settings) -> tuple[KnownFailure, ...]:
    """Those of a profile. Raises ProfileError where one is not told in full, or twice."""
    known: dict[str, KnownFailure] = {}
    for entry in settings.sections("known_failures"):
        failure = _known_failure(entry)
        if failure.rule in known:
            raise entry.error("rule", f"stands here twice: {failure.rule}")
        known[failure.rule] = failure
    return tuple(known.values())


def _known_failure(entry: Settings) -> KnownFailure:
    entry.allow("rule", "reason", "expires")
    return KnownFailure(
        rule=entry.required("rule", str),
        reason=entry.required("reason", str),
        expires=entry.required("expires", values.day),
        place=entry.place("rule"),
    )


def check_known_failures(contract: Contract, known: tuple[KnownFailure, ...]) -> None:
    """Every known failure is that of a rule. Raises NotJudgedError."""
    for failure in known:
        if failure.rule not in contract.rules:
            raise NotJudgedError(f"{failure.place} names no rule: startocr-conformance rules lists them")
