"""What the running test has sent, exchange by exchange, so that a failure can be told from its first step on.

It only listens to the client, and judges nothing; `report.steps` puts it into words.
"""

from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from conformance.wire.exchange import Answer, Request

MOST_STEPS = 200
LONGEST_BODY = 50_000


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key that the hooks created: the how manyeth of its account it is, and the pages that this was made with."""

    key_id: str
    account_id: str
    pages: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """An exchange; `answer` is None where none came. Of a long body only its `size` is kept.

    `key`: the one that it was sent with, or that a hook was called for. `together`: others were sent at that moment.
    """

    request: Request
    answer: Answer | None
    size: int
    key: Key | None
    together: bool = False

    @property
    def is_cut(self) -> bool:
        return len(self.request.content) != self.size


class Trail:
    """Listens to a client. Safe to use from several threads. Of very many steps only the last ones are kept."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._before_examples = 0
        self._by_key: dict[str, Key] = {}
        self._by_account: dict[str, list[Key]] = {}

    def know(self, api_key: str, key_id: str, account_id: str, pages: int | None = None) -> None:
        """A key was created: for a new account with so many pages, or for one that is known."""
        others = self._by_account.setdefault(account_id, [])
        given = others[0].pages if others else pages or 0
        key = Key(key_id=key_id, account_id=account_id, pages=given, number=len(others) + 1)
        others.append(key)
        self._by_key[api_key] = key

    def begin(self) -> None:
        """A test begins."""
        self._steps, self._before_examples = [], 0

    def prepared(self) -> None:
        """All that was sent so far prepares a test that draws its inputs."""
        self._before_examples = len(self._steps)

    def begin_example(self) -> None:
        """The next of the drawn inputs is tried, and what was sent for the last one is no part of its story."""
        del self._steps[self._before_examples :]

    def record(self, request: Request, answer: Answer | None) -> None:
        """An answer came to a request, or none did."""
        slim = _slim(request)
        kept = answer if slim is request else answer and replace(answer, request=slim)
        step = Step(
            request=slim,
            answer=kept,
            size=len(request.content),
            key=self._key(request),
            together=request.gate is not None,
        )
        self._steps.append(step)
        if len(self._steps) > 2 * MOST_STEPS:
            del self._steps[self._before_examples : -MOST_STEPS]

    def steps(self, *, last: Answer | None = None) -> tuple[Step, ...]:
        """The steps so far; those that led to the `last` answer, if it is among them."""
        steps = self._steps[-MOST_STEPS:]
        place = next((place for place, step in enumerate(steps, start=1) if _is_of(step, last)), None)
        return tuple(steps[:place])

    def _key(self, request: Request) -> Key | None:
        if request.kind != "hook":
            return self._by_key.get(request.headers.get("Authorization", "").rpartition(" ")[2])
        _, _, called = urlsplit(request.url).path.partition("/accounts/")
        account_id, *rest = map(unquote, called.split("/"))
        keys = self._by_account.get(account_id, [])
        return next((key for key in keys if key.key_id in rest), keys[0] if keys else None)


def _is_of(step: Step, answer: Answer | None) -> bool:
    return answer is not None and step.answer is not None and step.answer.headers is answer.headers


def _slim(request: Request) -> Request:
    return replace(request, content=b"") if len(request.content) > LONGEST_BODY else request
