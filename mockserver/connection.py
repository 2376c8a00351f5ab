"""A connection: uvicorn's, with an end to whatever a client can draw out, and answers that are heard to their end.

By itself uvicorn waits for a request for ever, keeps whatever comes as its head, takes the fields behind a chunked body
for those before it, loses the body of a request that offers an upgrade, says in plain text what it cannot parse, cannot
parse a method that it does not know, and closes in the face of a client that is still sending, which then sees a reset
and no answer.
"""

import logging
from asyncio import TimerHandle, Transport
from math import inf
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mockserver.answering import Answering, closing_unless_read
from mockserver.complaints import HEAD_TOO_LARGE, MALFORMED, TIMED_OUT, TOO_MANY, complaint, cors_headers
from mockserver.framing import METHODS, UNSERVED, Reading, begin, is_begun, method_of, piece_end
from mockserver.heads import fault
from mockserver.patience import Patience
from spec import Error

# Under this name the state of the application has the policy for such answers.
CORS_POLICY = "cors_policy"

LARGEST_HEAD = 64 * 1024
# What a piece of a chunked body may bring beside its data: its length, and extensions that mean nothing here.
CHUNK_HEAD = 256
# How many requests may wait while another one is answered; a megabyte brings fifty thousand.
MOST_WAITING = 100

logger = logging.getLogger(__name__)


class Connection(HttpToolsProtocol):
    patience = Patience()

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._reading = Reading.NOTHING
        self._line = b""  # what has come of a first line
        self._left: int | None = None  # of a body that has a length
        self._parts: list[bytes] = []  # what has been parsed of a body
        self._messages = 0
        self._piece = 0  # the size of what is being parsed
        self._spare = 0  # how many bytes may still come that are none of a body
        self._drained = 0
        self._deaf = self._leaving = self._closed = False
        self._fault: Error | None = None  # of a head that has come
        self._last_word: Error | None = None
        self._since = self.loop.time()
        self._is_new = False
        self._ticking: TimerHandle = self.loop.call_later(self.patience.tick_seconds, self._tick)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ticking.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if self._leaving:
            self.transport.close()
        else:
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        if self._is_draining():
            self._drained += len(data)
            if self._drained > self.patience.drain_bytes:
                self.transport.close()
        if not self._deaf:
            self._take(data)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether an answer is left to be sent: a client that says no more may still listen."""
        if self._reading is not Reading.NOTHING and not (self._deaf or self._is_draining()):
            self._refuse(MALFORMED)
        if self._is_unanswered():
            self.cycle.keep_alive = False
            return True
        return False

    # What the parser calls.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reading = Reading.HEAD
        self._messages += 1
        self._drained = 0
        self._spare = LARGEST_HEAD
        self._renew()

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        self._fault = self._excess() or fault(version, self.headers)
        if self._fault:
            raise ValueError
        if self._is_upgrade():
            return
        # One that speaks HTTP/1.0 does not know what a 100 is (RFC 9110 section 10.1.1).
        self.expect_100_continue &= version != "1.0"
        super().on_headers_complete()
        answering: Any = Answering(self)
        self.cycle.transport, self.cycle.on_response = answering, answering.complete
        self._left = next((int(value) for name, value in self.headers if name == b"content-length"), None)
        # Fields behind the body are no headers: they are put where nobody looks.
        self.headers = []
        self._reading = Reading.BODY
        self._renew()

    def on_body(self, body: bytes) -> None:
        self._spare += len(body) + CHUNK_HEAD
        if self._left is not None:
            self._left -= len(body)
        self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._is_upgrade():
            return
        self._hand_on()
        super().on_message_complete()
        self._reading = Reading.NOTHING
        if self._leaving:
            self.transport.close()
        self._renew()

    # What the answers call.

    def on_response_complete(self) -> None:
        if self._last_word and not self.pipeline:
            self._speak(self._last_word)
        else:
            self._go_on()
            self._renew()

    def _go_on(self) -> None:
        """What uvicorn does after an answer, but for its timer: those who then say nothing are looked at by a tick."""
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
            if self.pipeline:
                self._start_asgi_task(*self.pipeline.pop())

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        super()._start_asgi_task(cycle, closing_unless_read(app, cycle) if cycle.waiting_for_100_continue else app)

    def leave(self) -> None:
        """Close; but let a client that is still sending hear the answer first, and go when it has."""
        if self._reading is Reading.NOTHING:
            self.transport.close()
            return
        self._leaving = True
        self.transport.write_eof()
        self.flow.resume_reading()
        self._renew()

    def _take(self, data: bytes) -> None:
        """Parse what has come, in pieces of which none is copied, goes on behind a request, or cuts a first line."""
        data, self._line, start = self._line + data, b"", 0
        while start < len(data) and not self._deaf:
            if self._reading in (Reading.NOTHING, Reading.LINE):
                start = begin(data, start)
                method = method_of(data, start)
                if method is None and is_begun(data, start):
                    self._await_line(data[start:])
                    return
                if method is not None and method not in METHODS:
                    self._parse(UNSERVED)
                    self._spare += len(UNSERVED) - len(method)
                    start += len(method)
            end = piece_end(data, start, self._reading, self._left)
            self._parse(memoryview(data)[start:end])
            start = end

    def _await_line(self, begun: bytes) -> None:
        if begun and self._reading is Reading.NOTHING:
            self._reading = Reading.LINE
            self._renew()
        self._line = begun
        if len(begun) > LARGEST_HEAD:
            self._refuse(HEAD_TOO_LARGE)

    def _parse(self, data: bytes | memoryview) -> None:
        # The request that all of this belongs to, unless another one begins in it.
        message = self._messages + (self._reading in (Reading.NOTHING, Reading.LINE))
        self._piece = len(data)
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as offer:
            self._decline(data[offer.args[0] :])
        except HttpParserError:
            self._refuse(self._fault or MALFORMED)
        else:
            self._hand_on()
            if self._messages == message and self._reading is not Reading.NOTHING:
                self._spare -= len(data)
                if self._spare < 0:
                    self._refuse(HEAD_TOO_LARGE)

    def _hand_on(self) -> None:
        """Give the request what has come of its body: all of it at once, of however many chunks it is."""
        if self._parts:
            super().on_body(b"".join(self._parts))
            self._parts.clear()

    def _excess(self) -> Error | None:
        """What there is too much of, now that the head of another request has come."""
        if len(self.pipeline) == MOST_WAITING:
            return TOO_MANY
        return HEAD_TOO_LARGE if self._piece > LARGEST_HEAD and self._head_size() > LARGEST_HEAD else None

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _is_upgrade(self) -> bool:
        return bool(self.parser.should_upgrade()) and self.parser.get_method() != b"CONNECT"

    def _decline(self, rest: bytes | memoryview) -> None:
        """Take a request that offers another protocol as if it did not (RFC 9110 section 7.8)."""
        if self.parser.get_method() == b"CONNECT":
            # It has been taken already, and what comes behind it is meant for a tunnel.
            self._deaf = True
            self.cycle.keep_alive = False
            return
        start = b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        fields = [b"%s: %s" % (name, value) for name, value in self.headers if name != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._parse(b"\r\n".join([start, *fields, b"", rest]))

    def _refuse(self, error: Error) -> None:
        """Hear no more, and say why, after the answers to what was asked before."""
        logger.info("a request is not read to its end: %s", error.code)
        self._deaf = True
        if self._is_draining():
            self.leave()
        elif self._is_next():
            self._last_word = error
        else:
            self._speak(error)

    def _is_next(self) -> bool:
        """Whether the request that comes in has to wait for an answer to another one; what waits of it is dropped."""
        if self._reading is not Reading.BODY:
            return self._is_unanswered()
        if self.pipeline:
            self.pipeline.popleft()
            return True
        return False

    def _speak(self, error: Error) -> None:
        # Before the head has come nobody knows which page asks, and for what.
        knows = self._reading is Reading.BODY or self._fault
        cors = cors_headers(self.app_state.get(CORS_POLICY), self.scope, self.url) if knows else []
        self.transport.write(complaint(error, (*self.server_state.default_headers, *cors)))
        if self._is_unanswered():
            # Whoever waits for the rest of this body waits in vain, and has no answer any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.leave()

    def _is_draining(self) -> bool:
        return self._leaving or (self._reading is Reading.BODY and self.cycle.response_complete)

    def _is_unanswered(self) -> bool:
        return self.cycle is not None and not (self.cycle.response_complete or self.cycle.disconnected)

    def _renew(self) -> None:
        """Something else is waited for now; how long is counted from the next tick on."""
        self._is_new = True

    def _allowed(self) -> float:
        """How many seconds the client has for what is waited for now."""
        if self._closed:
            return self.patience.request_seconds
        if self._is_draining():
            return self.patience.drain_seconds
        if self._deaf or (self._reading is Reading.NOTHING and self._is_unanswered()):
            return inf
        if self._reading is Reading.NOTHING:
            return self.patience.idle_seconds
        return self.patience.request_seconds if self._reading is Reading.BODY else self.patience.head_seconds

    def _tick(self) -> None:
        if self._is_new:
            self._is_new, self._since = False, self.loop.time()
        elif self.loop.time() >= self._since + self._allowed():
            self._give_up()
        self._ticking = self.loop.call_later(self.patience.tick_seconds, self._tick)

    def _give_up(self) -> None:
        if self._closed:
            self.transport.abort()
        elif self._reading is Reading.NOTHING or self._is_draining():
            self.transport.close()
            # What it has not taken by then of the answers is lost.
            self._closed = True
            self._renew()
        else:
            self._refuse(TIMED_OUT)
