"""The deployment under test: its profile, what its hooks offer, and how a request gets there.

Nothing here judges; the verifiers do. Accounts are arranged in `accounts`, tasks looked up in `tasks`.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier

import httpx

from conformance.outcomes import ConnectionLostError, Unverified
from conformance.profile.profile import Profile
from conformance.redaction import Redactor
from conformance.target.running import Running
from conformance.target.submissions import Submission, bearer
from conformance.target.watch import Watch
from conformance.verdicts.checks import Findings
from conformance.verdicts.verify import Verify
from conformance.wire.client import Client
from conformance.wire.exchange import Answer, Request
from conformance.wire.hooks import Hooks
from conformance.wire.trail import Trail
from spec import Contract


@dataclass(kw_only=True)
class Target:
    """One deployment during one run; `running` is what its present test has sent so far, `trail` the same exchange by
    exchange; `watch` sees all answers.

    `untried` says why nobody could look whether the calls exist that a silent profile leaves to be assumed.
    """

    contract: Contract
    profile: Profile
    client: Client
    groups: frozenset[str] = frozenset()
    hooks: Hooks | None = None
    has_tasks: bool = False
    has_balance: bool = False
    untried: str = ""
    running: Running = field(default_factory=Running, repr=False)
    trail: Trail = field(default_factory=Trail, repr=False)
    watch: Watch = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.contract)

    @property
    def redactor(self) -> Redactor:
        """What knows every secret of the run."""
        return self.client.redactor

    def begin(self, rule: str) -> None:
        """A test of this rule begins."""
        self.running = Running(rule=rule)
        self.trail.begin()

    def offers(self, *groups: str) -> bool:
        """Whether the hooks offer all of these groups."""
        return self.groups.issuperset(groups)

    def send(self, request: Submission | Request) -> Answer:
        """The answer to a request. Raises Unverified if the account of `keys.valid` has no pages left.

        Raises ConnectionLostError where none comes, and does so to the end of the test: one that draws its inputs would
        send its failure again and again.
        """
        if self.running.cut:
            raise self.running.cut
        if isinstance(request, Submission):
            self.running.count(request)
            request = request.request()
        if self.running.failing:
            request = replace(request, once=True)
        self.running.sending(request)
        try:
            answer = self.client.send(request, rule=self.running.rule)
        except ConnectionLostError as problem:
            self.running.cut = problem
            raise
        self.running.answered(answer)
        self.running.slips += self.watch.slips(answer)
        if self._ran_dry(answer):
            raise Unverified("the account of keys.valid has no pages left")
        return answer

    def _ran_dry(self, answer: Answer) -> bool:
        """Whether a refusal for want of pages is true: the plain submission with the same key is refused as well.

        Of a document of several pages nobody can tell: there may be pages, but too few.
        """
        request, control = answer.request, answer.request.control
        if not request.metered or control is None or not self._lacks_pages(answer):
            return False
        if request.headers.get("Authorization") != control.headers["Authorization"]:
            return False
        return request.pages > control.pages or self._lacks_pages(self.client.send(control, rule=self.running.rule))

    def _lacks_pages(self, answer: Answer) -> bool:
        return Verify(self.contract, Findings()).is_refusal(answer, "billing.insufficient_pages")

    def send_or_be_cut_off(self, submission: Submission) -> Answer | None:
        """The answer, or None where the connection was closed without one, as may befall a large upload."""
        try:
            return self.send(submission)
        except ConnectionLostError:
            self.running.cut = None
            return None

    def send_together(self, submissions: Iterable[Submission]) -> list[Answer]:
        """The answers to submissions whose last bytes are sent at the same moment, each on its own connection.

        How many connections a server has is not documented: one for which it had none is sent when the others are
        through. Raises Unverified where one takes too long: a server that answers one after the other needs so many
        times as long as for one, and how long it may take is not documented either.
        """
        requests = [submission.request() for submission in submissions]
        gate = Barrier(len(requests))
        with ThreadPoolExecutor(len(requests)) as pool:
            sent = list(pool.map(self._sent_or_lost, [replace(request, gate=gate) for request in requests]))
        self.running.cut = None
        for lost in (answer for answer in sent if isinstance(answer, ConnectionLostError)):
            if isinstance(lost.__cause__, httpx.ReadTimeout):
                raise Unverified(f"needs answers to {len(requests)} submissions together ({lost})") from lost
            # Unless it was not even connected, it may have been charged.
            self.running.uncertain = self.running.uncertain or not isinstance(lost.__cause__, httpx.ConnectError)
        return [
            self.send(request) if isinstance(answer, ConnectionLostError) else answer
            for request, answer in zip(requests, sent, strict=True)
        ]

    def _sent_or_lost(self, request: Request) -> Answer | ConnectionLostError:
        try:
            return self.send(request)
        except ConnectionLostError as problem:
            return problem

    def get(self, path: str, api_key: str | None, *, origin: str | None = None) -> Answer:
        """The answer to a GET, with a key or without, of a page or none; `path` is relative to the base URL."""
        headers = {"Accept": "application/json"}
        if api_key is not None:
            headers["Authorization"] = bearer(self.contract, api_key)
        if origin is not None:
            headers["Origin"] = origin
        url = self.profile.base_url + path
        # Without a key on a connection of its own: that it does not remember one is another rule's matter.
        return self.send(Request(method="GET", url=url, headers=headers, alone=api_key is None, kind="account API"))


def wire(contract: Contract, profile: Profile, client: Client, trail: Trail | None = None) -> Target:
    """A target that nothing was sent to yet; the secrets of its profile are known to the redactor.

    `trail` listens to the client.
    """
    for secret, name in profile.secrets.items():
        client.redactor.add(secret, name)
    target = Target(contract=contract, profile=profile, client=client, trail=trail or Trail())
    target.hooks = Hooks(client, profile.hooks) if profile.hooks else None
    target.has_tasks = bool(profile.account_api and profile.account_api.task)
    target.has_balance = bool(profile.account_api and profile.account_api.balance)
    return target
