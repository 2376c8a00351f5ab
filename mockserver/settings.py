"""What whoever runs the server may choose. What the API promises stands in the contract, not here."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`port` 0 takes a free one; `database` None keeps everything in memory; times are in seconds.

    The pages of a PDF are counted by one of at most `pdf_workers` processes, or of as many others if that takes longer
    than `pdf_quick_seconds`. So is its text read, by processes for that. None is larger than `pdf_memory_bytes`. What
    takes longer than `pdf_count_seconds` to count is refused; a task, than `pdf_text_seconds` to read, fails.

    Without a `seed` nobody can guess a key or the id of a task; with one they are the same in every run.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allowed_origins: tuple[str, ...] = ()
    database: Path | None = None
    busy_seconds: float = 2.0
    sibling_seconds: float = 20.0
    workers: int = 1
    seed: int | None = None
    hooks_token: str | None = field(default=None, repr=False)
    ready_pages: int = 1000
    queued_seconds: float = 0.01
    processing_seconds: float = 0.005
    pdf_workers: int = 2
    pdf_memory_bytes: int = 1 << 30
    pdf_quick_seconds: float = 0.5
    pdf_count_seconds: float = 5.0
    pdf_text_seconds: float = 10.0

    @property
    def turn_seconds(self) -> float:
        """How long a request waits for the database; the processes of one server write into it in turn."""
        return self.busy_seconds if self.workers == 1 else self.sibling_seconds
