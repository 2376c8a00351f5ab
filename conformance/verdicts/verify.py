"""The vocabulary of the tests: each verifier looks at an answer and raises Nonconformance if it is not as documented.

Expected status and code come from the contract; comparison is exact.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from conformance.outcomes import ConnectionLostError, Nonconformance, Unverified
from conformance.verdicts.checks import Findings
from conformance.wire.exchange import Answer, strings
from spec import Contract, Error


class Verify:
    """Verifiers for one contract. `findings` is told what passes by: readings of questions, and documented errors."""

    def __init__(self, contract: Contract, findings: Findings) -> None:
        self._contract = contract
        self._findings = findings

    def accepted(self, answer: Answer) -> Answer:
        """The submission was accepted."""
        if answer.is_success:
            self._findings.observe("success_status", str(answer.status))
            return answer
        raise Nonconformance(expected="a success status (2xx)", got=answer.summary, answer=answer)

    def refused(self, answer: Answer, rule: str) -> None:
        """The request was refused with the documented status and error code of a rule."""
        self.refused_as(answer, self._contract.refusal(rule))

    def refused_as(self, answer: Answer, error: Error) -> None:
        """The request was refused with this status and error code, and with no other documented code in its place."""
        places = self.named(answer)
        if answer.status != error.status or set(places.values()) != {error.code}:
            expected = f"status {error.status} with the error code {error.code}"
            raise Nonconformance(expected=expected, got=answer.summary, answer=answer)
        self._findings.codes[error.code] += 1
        for place in places:
            self._findings.observe("error_code_place", place)
        self._findings.observe("refusal_success", _success_told(answer))

    def spared(self, answer: Answer, *rules: str) -> None:
        """The request did not break these rules. If it was not accepted for another reason, nothing is known."""
        if any(self.is_refusal(answer, rule) for rule in rules):
            raise Nonconformance(expected="acceptance", got=answer.summary, answer=answer)
        if not answer.is_success:
            raise Unverified(f"the submission was refused for another reason: {answer.summary}")

    def is_refusal(self, answer: Answer, rule: str) -> bool:
        """Whether an answer is the documented refusal of a rule."""
        error = self._contract.refusal(rule)
        return answer.status == error.status and error.code in self.codes(answer).values()

    def named(self, answer: Answer) -> dict[str, str]:
        """The codes where refusals are known to have them, otherwise those that stand anywhere."""
        codes = self.codes(answer)
        known = self._contract.questions["error_code_place"].readings
        return {place: code for place, code in codes.items() if place in known} or codes

    def codes(self, answer: Answer) -> dict[str, str]:
        """The documented error codes in an answer, by the JSON Pointer that leads to each."""
        try:
            value = answer.strict_json()
        except Nonconformance:
            return {}
        return {place: text for place, text in strings(value) if text in self._contract.errors}

    def equal(self, got: object, expected: object, name: str, answer: Answer | None = None) -> None:
        """Two JSON values are the same, of the same type: 1 is not true."""
        if type(got) is not type(expected) or got != expected:
            raise Nonconformance(expected=f"{name} {as_json(expected)}", got=as_json(got), answer=answer)

    def holds(self, fact: bool, *, expected: str, got: object, answer: Answer | None = None) -> None:
        """Something else is true of the target."""
        if not fact:
            raise Nonconformance(expected=expected, got=got if isinstance(got, str) else as_json(got), answer=answer)


def as_json(value: object) -> str:
    """A value as an implementer in any language reads it."""
    return "nothing (absent or null)" if value is None else json.dumps(value, ensure_ascii=False, default=repr)


def _success_told(answer: Answer) -> str:
    """What `success` says in a refusal, as its question has it."""
    value = answer.json()
    if not isinstance(value, dict) or "success" not in value:
        return "absent"
    return {True: "true", False: "false"}[value["success"]] if isinstance(value["success"], bool) else "other"


@contextmanager
def control(description: str) -> Iterator[None]:
    """What a test presupposes. If it does not hold, its own rule fails elsewhere and this test cannot tell."""
    try:
        yield
    except (Nonconformance, ConnectionLostError) as problem:
        raise Unverified(f"its control does not hold: {description} ({problem})") from problem
