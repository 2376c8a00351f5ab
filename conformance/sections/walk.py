"""A walk through the life of an account, drawn by Hypothesis: keys, pages, tasks and refusals in any order.

Beside the account a model keeps what the documentation says must be true of it. The first step after which the two
differ is a failure of the rule that the step stands for; what was sent since the first one tells how it came to that.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from conformance.outcomes import ConnectionLostError, Nonconformance, Unverified
from conformance.session.run import Run
from conformance.strategies.submissions import broken_in
from conformance.target.accounts import Account
from conformance.target.control import task_id
from conformance.target.documents import Document, document
from conformance.target.submissions import Submission
from conformance.target.tasks import DONE
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer
from spec import Provider

PAGES = st.integers(2, 9)
DOCUMENTS = ("page.png", "page.jpg", "one-page.pdf", "three-pages.pdf")
FAULTS = ("submit.media_type", "body.required_field", "body.invalid_image")

RULES = (
    *("auth.revoked_key", "auth.revocation_scope", "billing.image_page", "billing.pdf_pages", "billing.last_page"),
    *("billing.before_processing", "billing.insufficient_pages", "billing.refused_free", "billing.refund"),
    *("success.task_found", "success.task_private", "providers.queued", "submit.media_type"),
    *("body.required_field", "body.invalid_image"),
)


def walks(run: Run, verify: Verify) -> type[RuleBasedStateMachine]:
    """Walks on one target, as Hypothesis takes them. All of them meet the same stranger."""
    stranger = run.accounts.fresh(1)
    with control("a submission deducts its page in the end, however late"):
        verify.equal(run.balances.cost(stranger.plain, stranger), 1, "pages")

    class WalkThere(Walk):
        def __init__(self) -> None:
            run.target.trail.begin_example()
            super().__init__(run, verify, stranger)

    return WalkThere


class Walk(RuleBasedStateMachine):
    """One account with two keys, and a stranger's. `left` is the model of its balance; it never falls below zero."""

    def __init__(self, run: Run, verify: Verify, stranger: Account) -> None:
        super().__init__()
        self._run = run
        self._verify = verify
        self._stranger = stranger
        self._keys: list[Account] = []
        self._revoked: list[Account] = []
        # As they were sent: the keys with which a submission was accepted.
        self._taken: set[str | None] = set()
        # As many of the pages came back: whether those can be spent has a test of its own.
        self._returned = 0
        self._tasks: list[str] = []
        self._waiting: set[str] = set()
        self._paused = False
        self._pages = 0
        # What was seen to deduct its pages, by rule and provider, while nothing waited.
        self._paid: set[tuple[str, str]] = set()

    @initialize(pages=PAGES)
    def open(self, pages: int) -> None:
        with self._unless_cut_off():
            first = self._run.accounts.fresh(pages)
            self._keys = [first, self._run.accounts.second_key(first)]
            self._pages = pages

    # Steps

    @precondition(lambda self: self._pages > 0)
    @rule(data=st.data(), name=st.sampled_from(DOCUMENTS))
    def submit(self, data: st.DataObject, name: str) -> None:
        account, provider, file = data.draw(self._any_key), data.draw(self._any_provider), document(name)
        if file.pages > self._pages:  # What happens then is an open question.
            file = document("page.png")
        waits = self._paused and provider.mode == "queued"
        with self._unless_cut_off():
            answer = self._accepted(account.plain.of(file).with_members(provider=provider.name))
            self._tasks.append(task_id(answer))
            if waits:
                self._waiting.add(task_id(answer))
            self._deducted(account, answer, file, provider, waits=waits)

    @precondition(lambda self: self._pages == 0)
    @rule(data=st.data(), name=st.sampled_from(DOCUMENTS))
    def submit_without_pages(self, data: st.DataObject, name: str) -> None:
        account = data.draw(self._any_key)
        with self._unless_cut_off():
            self._refused(account.plain.of(document(name)).faulty(), "billing.insufficient_pages")

    # A request with a fault has a page left, and one with a revoked key: which of two faults is told is not documented.

    @precondition(lambda self: self._pages > 0)
    @rule(data=st.data(), fault=st.sampled_from(FAULTS))
    def submit_with_a_fault(self, data: st.DataObject, fault: str) -> None:
        account = data.draw(self._any_key)
        broken = data.draw(broken_in(fault, account.plain, self._run.contract))
        with self._unless_cut_off():
            self._refused(broken, fault, without_fault=account.plain)

    @precondition(lambda self: self._revoked and self._pages > 0)
    @rule(data=st.data())
    def submit_with_a_revoked_key(self, data: st.DataObject) -> None:
        revoked = data.draw(st.sampled_from(self._revoked))
        with self._unless_cut_off():
            try:
                self._refused(revoked.plain.faulty(), "auth.revoked_key")
            except Nonconformance:
                if self._run.accounts.revokes_late(revoked):
                    raise Unverified("needs a revocation that all of the target knows at once") from None
                raise

    @precondition(lambda self: len(self._keys) > 1)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        account = data.draw(self._any_key)
        with self._unless_cut_off():
            self._run.accounts.revoke(account)
            self._keys.remove(account)
            self._revoked.append(account)

    @precondition(lambda self: len(self._keys) == 1)
    @rule()
    def create_key(self) -> None:
        with self._unless_cut_off():
            self._keys.append(self._run.accounts.second_key(self._keys[0]))

    @precondition(lambda self: self._pages > 0)
    @rule(data=st.data())
    def submit_what_cannot_become_a_task(self, data: st.DataObject) -> None:
        account, provider = data.draw(self._any_key), data.draw(self._any_provider)
        with (
            self._unless_cut_off(),
            self._judging("billing.refund"),
        ):
            self._returned += 1
            self._run.accounts.fail_next_task(account)
            answer = self._run.target.send(account.plain.with_members(provider=provider.name))
            self._run.target.running.failing = False  # From now on, a 503 is a gateway's again.
            if answer.is_success and self._run.tasks.find(account, task_id(answer)).status == 200:
                raise Unverified("needs a task that cannot be created, but the hook task-failures has no effect")
            back = self._run.balances.refunded(account, self._pages)
            self._verify.equal(back, self._pages, "after the refund, a balance of", answer)

    @rule()
    def pause_or_resume(self) -> None:
        self._paused = not self._paused
        with self._unless_cut_off():
            self._run.accounts.set_paused(self._keys[0], self._paused)
            self._waiting = set()

    @precondition(lambda self: self._tasks)
    @rule(data=st.data())
    def look_up(self, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from(self._tasks))
        with self._unless_cut_off():
            with self._judging("success.task_found"):
                status = self._run.tasks.status(self._keys[0], task)
            if task in self._waiting:
                with self._judging("providers.queued"):
                    self._verify.holds(status != DONE, expected="a task that waits", got=f"one that is {status}")

    @precondition(lambda self: self._tasks)
    @rule(data=st.data())
    def let_a_stranger_look(self, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from(self._tasks))
        with self._unless_cut_off(), self._judging("success.task_private"):
            answer = self._run.tasks.find(self._stranger, task)
            self._verify.holds(not self._run.tasks.tells(answer), expected="no task", got=answer.summary, answer=answer)

    def teardown(self) -> None:
        if self._paused and not self._run.target.running.cut:
            self._run.accounts.resume(self._keys[0])

    # What each step is held to

    def _accepted(self, submission: Submission) -> Answer:
        """A submission that is refused breaks what came before it, if anything did that says so."""
        answer = self._run.target.send(submission)
        self._key_is_taken(answer)
        is_covered = submission.pages <= self._pages - self._returned
        if is_covered and self._verify.is_refusal(answer, "billing.insufficient_pages"):
            with self._judging("billing.last_page"):
                self._verify.accepted(answer)
        with control("a submission with a valid key, and pages left, is accepted"):
            return self._verify.accepted(answer)

    def _key_is_taken(self, answer: Answer) -> None:
        """A key that was not revoked is no unknown one; if it was taken before another one was, it went with that."""
        key = answer.request.headers.get("Authorization")
        if answer.is_success:
            self._taken.add(key)
        if not self._verify.is_refusal(answer, "auth.unknown_key"):
            return
        if self._revoked and key in self._taken:
            with self._judging("auth.revocation_scope"):
                self._verify.accepted(answer)
        with control("a valid key is taken"):
            self._verify.accepted(answer)

    def _deducted(self, account: Account, answer: Answer, file: Document, provider: Provider, *, waits: bool) -> None:
        self._pages -= file.pages
        rule = "billing.image_page" if file.is_image else "billing.pdf_pages"
        with self._judging("billing.before_processing" if waits else rule):
            left = self._run.balances.left(account, answer, self._pages, until_processed=not waits)
            if waits and (rule, provider.name) not in self._paid:
                with control("such a file deducts its pages when nothing waits"):
                    self._verify.equal(left, self._pages, "balance", answer)
            self._verify.equal(left, self._pages, "balance", answer)
        if not waits:
            self._paid.add((rule, provider.name))

    def _refused(self, broken: Submission, rule: str, *, without_fault: Submission | None = None) -> None:
        """What is wrong with a refusal is held against its rule where the request without the fault is accepted."""
        with self._judging(rule):
            answer = self._run.target.send(broken)
            if rule != "auth.revoked_key":
                self._key_is_taken(answer)
            try:
                self._verify.refused(answer, rule)
            except Nonconformance:
                if without_fault is not None:
                    self._accepted(without_fault)
                raise
        with self._judging("billing.refused_free"):
            left = self._run.balances.settled(self._keys[0], self._pages)
            self._verify.equal(left, self._pages, "after a refusal, a balance of", answer)

    def _judging(self, rule: str) -> AbstractContextManager[None]:
        return self._run.target.running.judging(rule)

    @contextmanager
    def _unless_cut_off(self) -> Iterator[None]:
        """A step. That none is answered would be taken for another failure in each walk that repeats this one; its rule
        has tests of its own."""
        try:
            yield
        except ConnectionLostError as problem:
            raise Unverified(f"the walk was cut off: {problem}") from problem

    @property
    def _any_key(self) -> st.SearchStrategy[Account]:
        return st.sampled_from(self._keys)

    @property
    def _any_provider(self) -> st.SearchStrategy[Provider]:
        return st.sampled_from(list(self._run.contract.providers.values()))
