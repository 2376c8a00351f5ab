"""The HTTP client of the suite: counts, keeps to the rate, waits out 429, stays within the budget, survives a closed
connection.

It judges nothing: an answer is an answer. Only where none comes it raises `ConnectionLostError`.
"""

import ssl
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import cache, partial

import httpx

from conformance.outcomes import ConnectionLostError, Unverified
from conformance.profile.profile import Spend
from conformance.redaction import Redactor
from conformance.wire.exchange import Answer, Request, parse_json, strings
from conformance.wire.patience import Patience
from conformance.wire.sending import as_httpx, exchange, joined

CONNECT_SECONDS = 10.0
LEAST_WAIT, LONGEST_WAIT = 0.1, 60.0
# Together more than a minute, which is a usual span for a rate.
WAITS_WHEN_LIMITED = 6
# What stands before a server answers so while that one is away (RFC 9110 section 15.6; from 520 on, Cloudflare), or
# when it has waited for a request for too long (section 15.5.9); asked again, it may have an answer.
OF_A_GATEWAY = {408, 502, 503, 504, *range(520, 528), 530}
GATEWAY_SECONDS, LONGEST_GATEWAY_WAIT = 1.0, 5.0
# As many answers may be lost by chance in a run of any size.
FEW = 3
CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
# What httpx raises where no answer can be read, an address that cannot be asked for included.
UNANSWERED = (httpx.RequestError, httpx.InvalidURL, UnicodeError)

Listen = Callable[[Request, Answer | None, str], None]


class Client:
    """Sends requests to one deployment. Safe to use from several threads.

    `listen` is told each request, its answer (None where none came), and the rule that it was sent for. Nothing that
    is said here holds a secret that `redactor` knows.

    `errors` are the documented codes: an answer that names one is no request to wait, not even with status 429.
    `trust` says whose certificates are trusted, if not those of the usual authorities.
    """

    def __init__(
        self,
        spend: Spend,
        *,
        seconds: float,
        trust: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
        redactor: Redactor | None = None,
        errors: Collection[str] = (),
        listen: Listen = lambda request, answer, rule: None,
    ) -> None:
        self._spend = spend
        self._timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS).as_dict()
        self._patience = Patience(seconds)
        self._transport = transport
        self.redactor = redactor or Redactor()
        self._listen = listen
        self._errors = frozenset(errors)
        self._tls = trust or _usual_trust()
        self._thread = threading.get_ident()
        self._http, self._beside = self._connect(), self._connect()
        self._lock = threading.Lock()
        self._next_start = 0.0
        self._reserved = 0
        self._leaks = False
        self.requests = 0
        self.lost = 0
        self.pages_spent = 0
        self.limited = False

    def _connect(self) -> httpx.BaseTransport:
        return self._transport or httpx.HTTPTransport(
            trust_env=False,
            verify=self._tls,
            # Every request looks at all idle connections of its pool, so what was opened for many at once is not kept.
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=8),
        )

    @property
    def is_steady(self) -> bool:
        """Whether few answers are lost. A target that closes every connection has nothing sent twice by chance."""
        return self.lost <= max(FEW, self.requests // 10)

    def next_start_in(self) -> float:
        """Seconds until the rate allows the next request; 0 where it is not limited."""
        return max(self._next_start - time.monotonic(), 0.0)

    def close(self) -> None:
        self._http.close()
        self._beside.close()

    def send(self, request: Request, *, rule: str = "") -> Answer:
        """The answer to a request, after waiting out 429. Raises ConnectionLostError, or Unverified over the budget."""
        if request.metered and (self._leaks or not request.faulty):
            self._reserve(request.pages)
        answer = self._send_patiently(request, rule)
        self._settle(request, answer)
        return answer

    def _send_patiently(self, request: Request, rule: str) -> Answer:
        answer = self._send_past_gateways(request, rule)
        for wait in range(WAITS_WHEN_LIMITED):
            if answer.status != 429 or self._is_documented(answer):
                return answer
            self.limited = True
            told = _retry_after(answer.headers.get("retry-after"), otherwise=2.0**wait)
            # A wait that is rounded down to no second at all is longer all the same.
            time.sleep(max(told, LEAST_WAIT * 2**wait))
            answer = self._send_past_gateways(request, rule)
        if answer.status != 429 or self._is_documented(answer):
            return answer
        raise Unverified(f"the target still limits the rate after {WAITS_WHEN_LIMITED} waits: {answer.summary}")

    def _send_past_gateways(self, request: Request, rule: str) -> Answer:
        """Send, and once more where only a gateway answered. Those that are sent together are not sent alone again."""
        answer = self._send_reconnecting(request, rule)
        if request.once or not self._is_of_a_gateway(answer):
            return answer
        if request.gate is not None:
            return self._uncertain(answer)
        away = _retry_after(answer.headers.get("retry-after"), otherwise=GATEWAY_SECONDS)
        time.sleep(min(away, LONGEST_GATEWAY_WAIT))
        return self._repeated(request, partial(self._send_reconnecting, request, rule))

    def _is_of_a_gateway(self, answer: Answer) -> bool:
        return answer.status in OF_A_GATEWAY and not self._is_documented(answer)

    def _is_documented(self, answer: Answer) -> bool:
        """Whether it names a documented error: that is an answer, whatever its status, and no request to wait."""
        try:
            return any(text in self._errors for _, text in strings(parse_json(answer.content)))
        except ValueError:
            return False

    def _send_reconnecting(self, request: Request, rule: str) -> Answer:
        """Send, and once more when the connection was closed: it may have been kept alive for too long."""
        try:
            return self._send_once(request, rule)
        except UNANSWERED as problem:
            # One that is sent together with others is not sent alone again here.
            if request.gate is not None or not isinstance(problem, CLOSED):
                raise self._lost(request, problem) from problem
        try:
            return self._repeated(request, partial(self._send_once, request, rule))
        except UNANSWERED as problem:
            raise self._lost(request, problem) from problem

    def _repeated(self, request: Request, send: Callable[[], Answer]) -> Answer:
        """Send what was sent before: that may have been charged before its answer was lost."""
        if request.metered:
            self._reserve(request.pages)
        return self._uncertain(send())

    def _uncertain(self, answer: Answer) -> Answer:
        """An answer that may not be all that came of its request."""
        if answer.request.faulty or not answer.request.pages:
            return answer
        with self._lock:
            self.lost += 1
        return replace(answer, uncertain=True)

    def _send_once(self, request: Request, rule: str) -> Answer:
        self._keep_rate()
        started = time.perf_counter()
        try:
            response = self._exchange(request, rule)
        except UNANSWERED as problem:
            if isinstance(problem, httpx.ReadTimeout):
                self._patience.unanswered(request)
            self._listen(request, None, rule)
            raise
        answer = Answer(
            request=request,
            status=response.status_code,
            headers=joined(response.headers),
            content=response.content,
            seconds=time.perf_counter() - started,
            redactor=self.redactor,
        )
        self._patience.answered(request, answer.seconds)
        self._listen(request, answer, rule)
        return answer

    def _exchange(self, request: Request, rule: str) -> httpx.Response:
        """One request and its whole answer: no redirect is followed, and no cookie kept for the next one."""
        asked = as_httpx(request, rule, {**self._timeout, "read": self._patience.seconds(request)})
        # Those that are sent together leave no connections behind, of which a server may have but a few.
        if not request.alone and request.gate is None:
            return exchange(self._pool, asked)
        with self._connect() as http:
            return exchange(http, asked)

    @property
    def _pool(self) -> httpx.BaseTransport:
        """Those of the thread that runs the tests, which are few and quickly looked through, or those of the others."""
        return self._http if threading.get_ident() == self._thread else self._beside

    def _lost(self, request: Request, problem: Exception) -> ConnectionLostError:
        reason = str(problem).rstrip(".") or type(problem).__name__
        sentence = f"no answer to {request.method} {request.url}: {reason}"
        return ConnectionLostError(self.redactor.text(sentence), request)

    def _keep_rate(self) -> None:
        with self._lock:
            self.requests += 1
            if not self._spend.requests_per_second:
                return
            now = time.monotonic()
            start = max(now, self._next_start)
            self._next_start = start + 1 / self._spend.requests_per_second
        time.sleep(start - now)

    def afford(self, pages: int) -> None:
        """Raises Unverified unless the budget still has these pages."""
        if self._spend.pages is not None and self._reserved + pages > self._spend.pages:
            raise Unverified(f"needs more pages than are left of the {self._spend.pages} in spend.pages")

    def _reserve(self, pages: int) -> None:
        """Set pages aside before they are sent. Where no answer comes they may have been charged, and stay so."""
        with self._lock:
            self.afford(pages)
            self._reserved += pages

    def _is_free(self, answer: Answer) -> bool:
        """Whether it refuses its request. What stands before a server cannot say what that one did."""
        return not answer.is_success and not self._is_of_a_gateway(answer)

    def _settle(self, request: Request, answer: Answer) -> None:
        with self._lock:
            if answer.is_success:
                self.pages_spent += request.pages
            if not request.metered:
                return
            if request.faulty and answer.is_success and not self._leaks:
                # From now on nothing is free here: what should be refused may cost pages.
                self._leaks = True
                self._reserved += request.pages
            elif self._is_free(answer) and (self._leaks or not request.faulty):
                self._reserved -= request.pages


@cache
def _usual_trust() -> ssl.SSLContext:
    """The certificates of the usual authorities, which take a while to read."""
    return httpx.create_ssl_context(trust_env=False)


def _retry_after(value: str | None, *, otherwise: float) -> float:
    """Seconds to wait, from delta-seconds or an HTTP date (RFC 9110 section 10.2.3), or `otherwise` if none is said."""
    if value is None:
        return otherwise
    try:
        seconds = float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - time.time()
    except ValueError:
        seconds = otherwise
    return min(max(seconds, 0.0), LONGEST_WAIT)
