"""The test keys: constants that every server knows from the start, one for each state that a client has to meet.

They are for tests and no secret. An account that is gone is there again at the next start; one that is there keeps what
it has.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WellKnown:
    """A test key, and how its account begins."""

    name: str
    pages: int
    says: str
    revoked: bool = False
    failures: int = 0

    @property
    def secret(self) -> str:
        return f"sk_test_{self.name}"

    @property
    def key_id(self) -> str:
        return f"key_test_{self.name}"

    @property
    def account_id(self) -> str:
        return f"acct_test_{self.name}"


WELL_KNOWN = (
    WellKnown(name="works", pages=1_000_000, says="works, and has a million pages"),
    WellKnown(name="revoked", pages=1000, says="is revoked", revoked=True),
    WellKnown(name="no_pages", pages=0, says="has no pages"),
    WellKnown(name="three_pages", pages=3, says="has exactly 3 pages"),
    WellKnown(name="task_fails", pages=1000, says="works, but its next task creation fails", failures=1),
)
