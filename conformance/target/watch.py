"""What every answer of a run is held to, whatever its request was sent for: no key in it, nothing accepted without one,
no task named twice, each documented code with its status, and JSON declared as such.

A test of its own can look at a few answers; such a slip often shows in one that nobody looks at for that.
"""

from collections.abc import Iterator
from itertools import takewhile
from threading import Lock
from urllib.parse import urlsplit

from conformance.outcomes import Nonconformance, Unverified
from conformance.redaction import ALMOST_KEY
from conformance.verdicts.checks import Findings
from conformance.verdicts.verify import Verify, as_json
from conformance.wire.exchange import Answer, Request
from spec import Contract


class Watch:
    """Remembers the tasks that the answers of a run named. Safe to use from several threads."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._verify = Verify(contract, Findings())
        self._codes_stand_at = contract.questions["error_code_place"].readings
        self._tasks: dict[str, tuple[int, str]] = {}
        self._queued: list[tuple[str, str]] = []
        self._lock = Lock()

    def slips(self, answer: Answer) -> Iterator[Nonconformance]:
        """What an answer breaks, with the rule."""
        if place := _place_of_its_key(answer):
            yield slip("auth.key_shown_once", "no key in the answer", f"the key in full, in {place}", answer)
        if answer.is_success and self._is_keyless(answer.request):
            yield slip("auth.missing_key", "a refusal of a submission without a key", answer.summary, answer)
        task = _named_task(answer)
        if task and (before := self._named_before(task, answer.request)):
            told = f"{as_json(task)}, which {before}"
            yield slip("success.task_id_unique", "a taskId that no other submission has", told, answer)
        if task and (key := _key(answer)) and self._is_queued(answer):
            self._queued.append((key, task))
        codes = self._codes(answer)
        if (codes or task) and not answer.is_declared_as_json:
            declared = answer.headers.get("content-type", "no such header")
            yield slip("http.json_answer", "Content-Type: application/json", declared, answer)
        for code in codes:
            if answer.status != self._contract.errors[code].status:
                told = f"status {self._contract.errors[code].status} with the error code {code}"
                yield slip("errors.status", told, answer.summary, answer)

    def queued_before(self, task: str) -> list[tuple[str, str]]:
        """The tasks that were queued before this one, in their order, each behind the key that can look it up."""
        return list(takewhile(lambda queued: queued[1] != task, self._queued))

    def _is_queued(self, answer: Answer) -> bool:
        provider = self._contract.providers.get(str(answer.object().get("provider")))
        return provider is not None and provider.mode == "queued"

    def _is_keyless(self, request: Request) -> bool:
        """Whether a submission brought no key, nor a cookie, on a connection on which none came before."""
        token = request.headers.get("Authorization", "").removeprefix(self._contract.endpoint.auth_scheme)
        is_fresh = request.alone and request.after is None and "Cookie" not in request.headers
        return request.kind == "submission" and is_fresh and not token.strip()

    def _codes(self, answer: Answer) -> set[str]:
        """The documented codes where an answer to a submission names its own; elsewhere they may be but words."""
        codes = self._verify.codes(answer) if answer.request.kind == "submission" else {}
        return {code for place, code in codes.items() if place in self._codes_stand_at}

    def _named_before(self, task: str, request: Request) -> str:
        """Which submission was the first to have that name, in words; empty if this one is."""
        sender = request.headers.get("Authorization", "")
        with self._lock:
            if task not in self._tasks:
                self._tasks[task] = len(self._tasks) + 1, sender
                return ""
            number, other = self._tasks[task]
            ago = len(self._tasks) + 1 - number
        key = "the same key" if other == sender else "another key"
        return f"a submission with {key} had before; {ago} names ago"


def slip(rule: str, expected: str, got: str, answer: Answer) -> Nonconformance:
    """A failure of a rule that the test does not look at otherwise."""
    problem = Nonconformance(expected=expected, got=got, answer=answer)
    problem.rule = rule
    return problem


def _key(answer: Answer) -> str:
    """The key of a request."""
    return answer.request.headers.get("Authorization", "").rpartition(" ")[2]


def _place_of_its_key(answer: Answer) -> str | None:
    """Where the key of the request stands in the answer, if it does. One that was never issued is no secret."""
    key = _key(answer)
    if answer.redactor.secrets.get(key, ALMOST_KEY) == ALMOST_KEY:
        return None
    return place_of(key, answer)


def place_of(text: str, answer: Answer) -> str | None:
    """The part of an answer in which a text stands, in words."""
    asked = f"of the answer to {answer.request.method} {urlsplit(answer.request.url).path}"
    if text.encode() in answer.content:
        return f"the body {asked}"
    return next((f"the header {name} {asked}" for name, value in answer.headers.items() if text in value), None)


def _named_task(answer: Answer) -> str | None:
    """The task that an accepted submission names, if it names one."""
    if answer.request.kind != "submission" or not answer.is_success:
        return None
    try:
        named = answer.object().get("taskId")
    except (Nonconformance, Unverified):
        return None
    return named if isinstance(named, str) else None
