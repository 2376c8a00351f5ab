"""What submissions take from a balance, however long it takes to show.

Nothing documented says how soon a balance is up to date, so each look waits for the expected pages before it takes
others for an answer. An account that was used before may still be catching up with that: there, an unexpected
deduction is looked at a second time.

What an account has before it submits need not be asked for, where its creation told it, or where a look came to the
expected pages and nothing was submitted since: each question is a round trip.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from conformance.outcomes import LOST_ANSWER, Nonconformance, TargetError, Unverified
from conformance.target.accounts import PLENTY, Account, Accounts
from conformance.target.control import task_id
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import Tasks
from conformance.wire.exchange import Answer

PAUSE = 0.05
# Seconds: what comes a second time, or undoes what came, may do so some time afterwards.
A_WHILE = 1.0
IMPATIENT_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Settled:
    """An account that does nothing any more: the answer to its last submission, what it has since then, and the
    monotonic clock of that moment."""

    account: Account
    answer: Answer
    pages: int
    at: float


def a_while_after(moment: float) -> None:
    """Wait, if need be, until a while has passed since a moment of the monotonic clock."""
    time.sleep(max(moment + A_WHILE - time.monotonic(), 0))


class Balances:
    """Watches the balances of one target. `lag`: the longest that one was seen to take, in seconds.

    `plain_cost`: the pages that the plain submission was seen to deduct, which is the control of many tests,
    `cost_at_once` those that it deducted while it still waited, and `pdf_cost` those of a plain PDF. `refunds`,
    `deductions` and `refusals` are those that were seen to come, on accounts that nobody uses any more.
    """

    def __init__(self, target: Target, accounts: Accounts, tasks: Tasks) -> None:
        self._target = target
        self.accounts = accounts
        self._tasks = tasks
        self.lag = 0.0
        self.plain_cost: int | None = None
        self.cost_at_once: int | None = None
        self.pdf_cost: int | None = None
        self.refunds: list[Settled] = []
        self.deductions: list[Settled] = []
        self.refusals: list[Settled] = []
        self._told_truly = False
        self._disappointed = False
        self._unrefunded = False

    def before(self, account: Account) -> int:
        """The balance before something is submitted. What hooks tell is believed once it was seen to be true."""
        known = self._target.running.balances.get(account.id or "")
        if known is not None and self._told_truly:
            return known
        # A new account, too, may take a while to show what it was given.
        balance = self.accounts.balance(account) if known is None else self.settled(account, known)
        self._told_truly = self._told_truly or balance == known
        return balance

    def settled(self, account: Account, expected: int, seconds: float | None = None) -> int:
        """The balance, as soon as it is the expected one, at the latest after the time it may take to settle."""
        started = time.monotonic()
        patience = self._patience if seconds is None else seconds
        balance = self.accounts.balance(account)
        while balance != expected and time.monotonic() < started + patience:
            time.sleep(PAUSE)
            balance = self.accounts.balance(account)
            if balance == expected:
                self.lag = max(self.lag, time.monotonic() - started)
        self._disappointed = self._disappointed or balance != expected
        self._note(account, balance if balance == expected else None)
        return balance

    def told(self, account: Account, expected: int) -> int:
        """The same by the account API, whatever the hooks say. Raises Unverified where that tells none."""
        deadline = time.monotonic() + self._target.profile.settling_seconds
        try:
            while (pages := self.accounts.told(account)) != expected and time.monotonic() < deadline:
                time.sleep(PAUSE)
        except TargetError as problem:
            raise Unverified(str(problem)) from problem
        return pages

    def _note(self, account: Account, balance: int | None) -> None:
        """What is known of an account from now on. Others may use one that the hooks did not create."""
        known = self._target.running.balances
        known.pop(account.id or "", None)
        if account.id is not None and balance is not None:
            known[account.id] = balance

    @property
    def _patience(self) -> float:
        """Seconds. Once a balance did not come to what was expected, others are not waited for as long."""
        patience = self._target.profile.settling_seconds
        return min(patience, max(2 * self.lag, IMPATIENT_SECONDS)) if self._disappointed else patience

    def refunded(self, account: Account, before: int) -> int:
        """The balance once the pages have come back, and a moment later: a second refund would come right after.

        A refund may take as long as a task may. Once one did not come, others are not waited for as long.
        """
        time.sleep(self.lag)  # Until a deduction is to be seen, an unpaid refund cannot be told from a paid one.
        deadline = time.monotonic() + (IMPATIENT_SECONDS if self._unrefunded else self._target.profile.task_seconds)
        balance, again = self.accounts.balance(account), before - 1
        while (balance, again) != (before, before) and time.monotonic() < deadline:
            time.sleep(PAUSE)
            balance, again = self.accounts.balance(account), balance
        self._unrefunded = self._unrefunded or balance != before
        return balance

    def refunded_to(self, account: Account, answer: Answer, before: int) -> int:
        """The same for an account that does nothing afterwards: it can be looked at again if it never paid."""
        balance = self.refunded(account, before)
        if balance == before == PLENTY:
            self.refunds.append(Settled(account=account, answer=answer, pages=before, at=time.monotonic()))
        return balance

    def leave(self, account: Account, among: list[Settled]) -> None:
        """Note an account whose pages were just seen, and which does nothing afterwards, for another look at it."""
        answer, pages = self._target.running.last, self._target.running.balances.get(account.id or "")
        if answer is not None and pages is not None:
            among.append(Settled(account=account, answer=answer, pages=pages, at=time.monotonic()))

    def cost(self, submission: Submission, account: Account) -> int:
        """The pages that an account pays for a submission, at the latest once it is processed.

        Raises Unverified if it is not accepted.
        """
        return self._paid(account, submission, until_processed=True)

    def cost_in_queue(self, submission: Submission, account: Account) -> int:
        """The same while the queue stands still."""
        return self._paid(account, submission, until_processed=False)

    def _paid(self, account: Account, submission: Submission, *, until_processed: bool) -> int:
        for _ in self._looks(account):
            before = self.before(account)
            answer = self._target.send(submission)
            if not answer.is_success:
                raise Unverified(f"needs a submission that is accepted, and this one was answered {answer.summary}")
            expected = before - submission.pages
            left = self.left(account, answer, expected, until_processed=until_processed)
            if left == expected:
                break
        if left != expected and answer.uncertain and self._target.client.is_steady:
            raise Unverified(LOST_ANSWER)  # The next test looks again; one look that is kept would be held against all.
        return before - left

    def left(self, account: Account, answer: Answer, expected: int, *, until_processed: bool) -> int:
        """The balance after an accepted submission; the expected one, if it comes to that."""
        left = self.settled(account, expected)
        if left != expected and until_processed:
            with suppress(Unverified, Nonconformance):
                self._tasks.wait(account, task_id(answer))
            left = self.settled(account, expected)
        return left

    def cost_of_refusal(self, submission: Submission, account: Account) -> int:
        """The pages that an account pays for a request. Raises Unverified if that is not refused."""
        for _ in self._looks(account):
            before = self.before(account)
            answer = self._target.send_or_be_cut_off(submission)
            if answer and answer.is_success:
                raise Unverified("needs a request that is refused, and this one was accepted")
            time.sleep(self.lag)
            left = self.settled(account, before)
            if left == before:
                break
        return before - left

    def _looks(self, account: Account) -> Iterator[None]:
        """One look, and a second one, later, at an account that was used before. Raises Unverified after both where the
        balance changes by itself: somebody else uses the account."""
        yield
        if account.id is None:
            changes = self._changes_by_itself(account)
            yield
            if changes or self._changes_by_itself(account):
                raise Unverified("needs an account in keys.valid that nobody else uses: its balance changes by itself")

    def _changes_by_itself(self, account: Account) -> bool:
        """Whether a balance that had its time to settle changes all the same while it has it once more."""
        before = self.accounts.balance(account)
        time.sleep(self._target.profile.settling_seconds)
        return self.accounts.balance(account) != before
