"""The reference server, looked at again and again while it works: `python -m bench.sampled PORT FILE` serves it.

Each look, one a millisecond, counts as much as the CPU time since the last one, so that waiting counts for nothing.
When the server is told to end, it writes into FILE the seconds by part. To look takes below a hundredth of the time.
"""

import json
import signal
import sys
import time
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from mockserver import Settings, build_server, create_app
from mockserver.answers import Answers
from mockserver.bodies import read_body
from mockserver.charging import Charging
from mockserver.decisions import first_refusal
from mockserver.documents import Documents
from mockserver.endpoint import Straight
from mockserver.json_text import parse_json
from mockserver.keys import Keys
from mockserver.payload import decode_base64
from mockserver.queue import Queue
from mockserver.serving import bind, uvicorn_config
from spec import load_contract

SECONDS = 0.001
HTTP = "HTTP: connection, parser, event loop, reading from the socket"
PARTS: dict[str, Any] = {
    "body put together": read_body,
    "key looked up": Keys.find,
    "JSON": parse_json,
    "Base64": decode_base64,
    "kind of the document": Documents.kind,
    "pages counted": Documents.pages,
    "pages deducted and task created, one transaction": Charging._take,
    "the other decisions": first_refusal,
    "answer made": Answers.accepted,
    "answer written to the socket": RequestResponseCycle.send,
    "middleware and endpoint": Straight.__call__,
    "recognition, mostly after the answer": Queue._work,
}
BY_CODE: dict[CodeType, str] = {function.__code__: name for name, function in PARTS.items()}


def main(port: int, file: Path) -> None:
    samples = Samples()
    signal.signal(signal.SIGALRM, samples.take)
    # Uvicorn raises the signal again once it has shut down.
    signal.signal(signal.SIGTERM, lambda *_: None)
    app = create_app(build_server(Settings(), load_contract()))
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    uvicorn.Server(uvicorn_config(app)).run([bind("127.0.0.1", port)])
    signal.setitimer(signal.ITIMER_REAL, 0)
    file.write_text(json.dumps(samples.seconds), encoding="utf-8")


class Samples:
    """CPU time by part: that of each interval goes to the part that is at work at its end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._before = time.process_time()

    def take(self, _number: int, frame: FrameType | None) -> None:
        now = time.process_time()
        self.seconds[part(frame)] += now - self._before
        self._before = now


def part(frame: FrameType | None) -> str:
    """The innermost part that is at work; what is none of them is HTTP."""
    while frame is not None:
        if frame.f_code in BY_CODE:
            return BY_CODE[frame.f_code]
        frame = frame.f_back
    return HTTP


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
