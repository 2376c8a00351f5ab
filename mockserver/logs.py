"""What a server writes to stderr: one line for each event, with no traceback and nothing of what came in."""

import logging
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).parent


class OneLine(logging.Formatter):
    """An exception is told by its type and its place: its message may quote a document or a key."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{record.levelname}: {' '.join(without_traceback(record.getMessage()).split())}"
        problem = record.exc_info[1] if record.exc_info else None
        return f"{text} ({type(problem).__name__}{place(problem)})" if problem else text


def write_to_stderr() -> None:
    """Let all loggers of the process write such lines, from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def without_traceback(message: str) -> str:
    """What the exception of a traceback is, if the message is one: uvicorn is told so why it cannot start."""
    if not message.startswith("Traceback "):
        return message
    return message.rstrip().rpartition("\n")[2].partition(":")[0]


def place(problem: BaseException) -> str:
    """The last line of the server that the exception went through; empty if it was none."""
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if HERE in Path(frame.filename).parents]
    return f" at {Path(ours[-1].filename).relative_to(HERE)}:{ours[-1].lineno}" if ours else ""
