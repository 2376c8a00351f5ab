"""Looks tasks up in the account API, by the paths and JSON Pointers of the profile."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from conformance.outcomes import Nonconformance, Unverified
from conformance.profile.profile import AccountApi
from conformance.target.accounts import Account
from conformance.target.target import Target
from conformance.wire.exchange import Answer, resolve

DONE, FAILED = "done", "failed"
FIRST_PAUSE, PAUSE, LONGEST_PAUSE = 0.01, 0.05, 0.5
IMPATIENT_SECONDS = 2.0
MOST_ROUNDS, SOME = 20, 16
BACKLOG = "needs a queue that keeps up with spend.requests_per_second: there are tasks before this one"


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A task that was seen to be done and to have a result, and the monotonic clock of that moment."""

    account: Account
    task_id: str
    at: float


class Tasks:
    """The tasks of a target. One that is not where the account API says raises Nonconformance (success.task_found).

    `finished` is one of each synchronous provider, by its name.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._longest = 0.0
        self._disappointed = False
        self._told_results = False
        self.finished: dict[str, Finished] = {}
        self._shows_late: bool | None = None
        self._last: tuple[str, str, Answer] | None = None

    def find(self, account: Account, task_id: str) -> Answer:
        """The answer of the task API to a task id, whatever it is."""
        return self.look(account.api_key, task_id)

    def look(self, api_key: str | None, task_id: str, *, origin: str | None = None) -> Answer:
        """The same for any key, or for none; of a page of that origin, if one is given."""
        path = self._api.task or ""
        for safe in ("", "/"):
            segment = quote(task_id, safe=safe, errors="surrogatepass")
            answer = self._target.get(path.replace("{taskId}", segment), api_key, origin=origin)
            # Many a router refuses a slash that is quoted.
            if "/" not in task_id or answer.is_success:
                break
        return answer

    def listing(self, api_key: str | None) -> Answer | None:
        """The answer where a list of tasks would be: that of a task without its id, as is usual. None if there is no
        such place."""
        path, _, rest = (self._api.task or "").rpartition("/")
        return self._target.get(path, api_key) if rest == "{taskId}" else None

    def looks(self, account: Account, task_id: str) -> Iterator[Answer]:
        """What the task API answers, time and again: nothing documented says that it knows a task at once."""
        deadline, pause = time.monotonic() + self._target.profile.settling_seconds, PAUSE
        yield self.find(account, task_id)
        while time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            yield self.find(account, task_id)

    def tells(self, answer: Answer) -> bool:
        """Whether an answer of the task API shows a task, be it only its state."""
        try:
            resolve(answer.json(), self._api.task_status)
        except (Nonconformance, Unverified, LookupError):
            return False
        return answer.is_success

    def status(self, account: Account, task_id: str) -> str:
        """The state of a task. Raises Nonconformance if the task API does not tell it."""
        answer = self._found(account, task_id)
        self._last = account.api_key, task_id, answer
        return str(self._part(answer, self._api.task_status, "the state of the task"))

    def status_at_once(self, account: Account, task_id: str, *, may_submit: bool = True) -> str:
        """The state of a task that ought to be done by now.

        Where the task API shows late that there is a task, it may show as late what became of one. If that was not seen
        yet, one more is submitted to see it, unless the account may not submit now.
        """
        status, deadline = self.status(account, task_id), time.monotonic() + self._target.profile.settling_seconds
        while status != DONE and time.monotonic() < deadline and self._is_late(account, may_submit):
            time.sleep(PAUSE)
            status = self.status(account, task_id)
        return status

    def _is_late(self, account: Account, may_submit: bool) -> bool:
        """Whether a task that was just accepted does not show at once. One look is enough, or what was seen before."""
        if self._shows_late is None and may_submit:
            with suppress(Nonconformance, Unverified):
                named = self._target.send(account.plain).object().get("taskId")
                self._shows_late = self.find(account, str(named)).status != 200
        return bool(self._shows_late)

    def result(self, account: Account, task_id: str) -> Any:
        """The result of a task, None where there is none yet."""
        pointer = self._api.task_result
        if pointer is None:
            raise Unverified("needs account_api.task_result")
        answer = self._told_when_done(account, task_id, pointer) or self._found(account, task_id)
        try:
            result = self._part(answer, pointer, "the result of the task")
        except Nonconformance as problem:
            if self._api.result_stated or self._told_results:
                raise
            raise Unverified("needs account_api.task_result: nothing is where a result is assumed") from problem
        self._told_results = self._told_results or result is not None
        return result

    @property
    def patience(self) -> float:
        """Seconds that a task is waited for. Once one had `wait.task_seconds` in vain, others are not given as long."""
        seconds = self._target.profile.task_seconds
        return min(seconds, max(2 * self._longest, IMPATIENT_SECONDS)) if self._disappointed else seconds

    def wait(self, account: Account, task_id: str) -> str:
        """Poll until a task is `done` or `failed`, or patience ends; the last state seen.

        Patience is for a task alone: while those before it are worked off, it begins anew. Raises Unverified if that
        takes too long.
        """
        started, patience, pause, others = time.monotonic(), self.patience, FIRST_PAUSE, 0
        while True:
            status = self.status(account, task_id)
            waited = time.monotonic() - started
            if status in (DONE, FAILED):
                self._longest = max(self._longest, waited)
                return status
            if waited > patience and self._waits_for_others(task_id, others):
                started, others = time.monotonic(), others + 1
            elif waited > patience:
                self._disappointed = True
                return status
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _waits_for_others(self, task_id: str, often: int) -> bool:
        """Whether tasks that the run submitted before this one are still being worked off, one after the other."""
        before = self._target.watch.queued_before(task_id)
        ended = bisect_left(before, True, key=lambda task: not self._has_ended(*task))
        if ended in (0, len(before)):
            return False
        # Accounts may come in turn, so the next one to end need not be the one that was submitted first.
        next_ones = [task for task in before[ended : ended + SOME] if not self._has_ended(*task)]
        deadline = time.monotonic() + self._target.profile.task_seconds
        while not (goes_on := any(self._has_ended(*task) for task in next_ones)) and time.monotonic() < deadline:
            time.sleep(LONGEST_PAUSE)
        if goes_on and often == MOST_ROUNDS:
            raise Unverified(f"{BACKLOG}, which was not worked off in {MOST_ROUNDS} times wait.task_seconds")
        return goes_on

    def _has_ended(self, api_key: str, task_id: str) -> bool:
        """Whether a task is finished, or cannot be seen any more."""
        try:
            told = resolve(self.look(api_key, task_id).json(), self._api.task_status)
        except (Nonconformance, Unverified, LookupError):
            return True
        return told in (DONE, FAILED)

    def _told_when_done(self, account: Account, task_id: str, pointer: str) -> Answer | None:
        """The answer that told last that this task is done, if it told a result as well."""
        match self._last:
            case account.api_key, known, answer if known == task_id:
                with suppress(LookupError):
                    told = answer.json()
                    if resolve(told, self._api.task_status) == DONE and resolve(told, pointer) is not None:
                        return answer
        return None

    def _found(self, account: Account, task_id: str) -> Answer:
        for number, answer in enumerate(self.looks(account, task_id)):
            if answer.status == 200:
                self._shows_late = True if number else self._shows_late
                return answer
        raise Nonconformance(expected="the task, with status 200", got=answer.summary, answer=answer)

    def _part(self, answer: Answer, pointer: str, name: str) -> Any:
        try:
            return resolve(answer.json(), pointer)
        except LookupError:
            raise Nonconformance(expected=f"{name} at {pointer}", got=answer.summary, answer=answer) from None

    @property
    def _api(self) -> AccountApi:
        api = self._target.profile.account_api
        if api is None or api.task is None:
            raise Unverified("needs account_api.task")
        return api
