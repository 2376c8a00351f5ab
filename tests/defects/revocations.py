"""Revoked keys that go on working in some place, or for some account; those that do everywhere stand in `keys`."""

from dataclasses import replace

from mockserver import checks
from mockserver.keys import Keys
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import checking
from tests.defects.breaking import breaks


@breaks("auth.revoked_key")
def first_key_stays(server: Server) -> Server:
    """The key that an account was opened with goes on working when it is revoked; only further keys end."""
    first = "SELECT id FROM keys WHERE account_id = ? ORDER BY rowid LIMIT 1"

    class Lasting(Keys):
        def revoke(self, account_id: str, key_id: str) -> bool:
            row = server.store.row(first, account_id)
            return (row is not None and row["id"] == key_id) or super().revoke(account_id, key_id)

    return replace(server, keys=Lasting(server.store))


@breaks("auth.revoked_key")
def balance_told_to_a_revoked_key(server: Server) -> Server:
    """A revoked key is still told the balance of its account."""

    async def not_revoked_or_curious(submission: Submission) -> bool:
        asks = submission.request.url.path == "/api/account"
        return asks or await checks.key_is_not_revoked(submission)

    return checking(server, checks.key_is_not_revoked, not_revoked_or_curious)
