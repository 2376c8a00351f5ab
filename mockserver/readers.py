"""The workers of a server: started when there is something to read, kept for the next document, replaced when lost."""

import threading
import weakref
from asyncio import wrap_future
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from mockserver.reader import Reader, ReaderUnavailable
from mockserver.turns import Turns


class Readers:
    """At most `most` processes, each of which may take `seconds` for a document and `memory` bytes in all."""

    def __init__(self, *, most: int, seconds: float, memory: int) -> None:
        self._most = most
        self._seconds = seconds
        self._memory = memory
        self._crew: Crew | None = None

    async def ask(self, question: bytes, content: bytes, *, account_id: str) -> dict[str, Any]:
        """The answer of a worker; waits for its turn among the accounts. Raises ReaderLost and ReaderUnavailable."""
        if self._crew is None:
            self._crew = Crew(most=self._most, seconds=self._seconds, memory=self._memory)
            # A server that is thrown away without being closed leaves no process behind either.
            weakref.finalize(self, self._crew.dismiss)
        asked = Asked(question=question, content=content)
        self._crew.put(account_id, asked)
        return await wrap_future(asked.answer)

    def close(self) -> None:
        """Kill all workers. Whoever asks afterwards gets new ones."""
        if self._crew is not None:
            self._crew.dismiss()
            self._crew = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a worker is to be asked about a document, and where its answer goes."""

    question: bytes
    content: bytes = field(repr=False)
    answer: "Future[dict[str, Any]]" = field(default_factory=Future)


class Crew:
    """Each thread that asks takes a worker that is idle, or else starts one: never more workers than threads."""

    def __init__(self, *, most: int, seconds: float, memory: int) -> None:
        self._threads = ThreadPoolExecutor(most, "documents")
        self._turns: Turns[Asked] = Turns()
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._idle: list[Reader] = []
        self._busy: set[Reader] = set()
        self._dismissed = False

    def put(self, account_id: str, asked: Asked) -> None:
        """It is answered by one of the threads, as soon as it is its turn."""
        self._turns.put(account_id, asked)
        self._threads.submit(self._answer_next)

    def dismiss(self) -> None:
        """Kill all workers, and whatever waits for one with them."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for asked in self._turns.take_all():
            asked.answer.cancel()
        with self._lock:
            self._dismissed = True
            for worker in self._busy:
                worker.kill()
            while self._idle:
                self._idle.pop().close()

    def _answer_next(self) -> None:
        asked = self._turns.take()
        # Who asked may have gone away.
        if asked.answer.set_running_or_notify_cancel():
            try:
                asked.answer.set_result(self._ask(asked))
            except BaseException as problem:
                asked.answer.set_exception(problem)

    def _ask(self, asked: Asked) -> dict[str, Any]:
        worker = self._ready_worker()
        try:
            answer = worker.ask(asked.question, asked.content)
        except BaseException:
            self._give_up(worker)
            raise
        self._rest(worker)
        return answer

    def _ready_worker(self) -> Reader:
        # One that was kept may have ended since. If a new one does not start, another would not either.
        while worker := self._kept():
            if worker.is_ready():
                return worker
            self._give_up(worker)
        worker = self._new()
        if worker.is_ready():
            return worker
        self._give_up(worker)
        raise ReaderUnavailable("the process ends before it is ready")

    def _kept(self) -> Reader | None:
        with self._lock:
            if not self._idle:
                return None
            worker = self._idle.pop()
            self._busy.add(worker)
            return worker

    def _new(self) -> Reader:
        with self._lock:
            if self._dismissed:
                raise RuntimeError("the server has been closed")
            worker = Reader(seconds=self._seconds, memory=self._memory)
            self._busy.add(worker)
            return worker

    def _rest(self, worker: Reader) -> None:
        with self._lock:
            self._busy.remove(worker)
            if self._dismissed:
                worker.close()
            else:
                self._idle.append(worker)

    def _give_up(self, worker: Reader) -> None:
        with self._lock:
            self._busy.remove(worker)
        worker.close()
