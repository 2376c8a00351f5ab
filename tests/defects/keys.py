"""Faults in how keys are looked up and revoked. Faults of answers that repeat them: see `leaks`."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from mockserver import checks
from mockserver.answers import RULE_HEADER
from mockserver.keys import Key, Keys
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import answering, checking, refusing, without
from tests.defects.breaking import ANOTHER_STATUS, breaks, breaks_replies
from tests.rewriting import Reply

Find = Callable[[str], Key | None]


def finding(server: Server, find: Callable[[Find, str], Key | None]) -> Server:
    """The server that finds keys in another way; `find` is given the right one, and what was sent."""

    class Other(Keys):
        def find(self, secret: str) -> Key | None:
            return find(super().find, secret)

    return replace(server, keys=Other(server.store))


def matching(server: Server, alike: Callable[[str, str], bool]) -> Server:
    """The server that keeps its keys readable, and takes what is like one of them."""
    readable: list[str] = []

    class Readable(Keys):
        def add(self, account_id: str, key_id: str, secret: str) -> None:
            readable.append(secret)
            super().add(account_id, key_id, secret)

        def find(self, secret: str) -> Key | None:
            return super().find(next((known for known in readable if alike(known, secret)), secret))

    return replace(server, keys=Readable(server.store))


@breaks("auth.key_accepted")
def valid_key_refused(server: Server) -> Server:
    """No key is ever found."""
    return finding(server, lambda find, secret: None)


@breaks("auth.key_accepted")
def further_keys_refused(server: Server) -> Server:
    """Of the keys of an account only the first one works."""
    firsts = "SELECT id FROM keys WHERE account_id = ? ORDER BY rowid LIMIT 1"

    def first_only(find: Find, secret: str) -> Key | None:
        key = find(secret)
        first = server.store.row(firsts, key.account_id) if key else None
        return key if key and first and first["id"] == key.id else None

    return finding(server, first_only)


@breaks(
    "auth.key_accepted",
    besides={
        "auth.revocation_scope": "the key that is left is looked at with what it has sent before",
        "billing.insufficient_pages": "an account without pages is looked at with what it has sent before",
    },
)
def repeated_submission_is_a_replay(server: Server) -> Server:
    """A request that is the same as the one before is taken for a replay, and its key is refused."""
    before: list[object] = []

    def is_repeated(submission: Submission) -> bool:
        sent = submission.request.headers.raw, submission.body
        repeated = sent in before
        before[:] = [sent]
        return repeated

    return refusing(server, checks.body_is_within_limit, is_repeated, server.contract.refusal("auth.unknown_key"))


@breaks("auth.unknown_key")
def key_compared_without_case(server: Server) -> Server:
    """A key is found in any letter case."""
    return matching(server, lambda known, sent: known.lower() == sent.lower())


@breaks("auth.unknown_key")
def key_compared_by_prefix(server: Server) -> Server:
    """Whatever follows a valid key is not looked at."""
    return matching(server, lambda known, sent: sent.startswith(known))


@breaks("auth.unknown_key")
def key_compared_by_its_beginning(server: Server) -> Server:
    """Only the first sixteen characters of a key are compared."""
    return matching(server, lambda known, sent: known[:16] == sent[:16])


@breaks("auth.unknown_key")
def key_compared_by_its_end(server: Server) -> Server:
    """Only the last eight characters of a key are compared, those that the dashboard shows."""
    return matching(server, lambda known, sent: known[-8:] == sent[-8:])


@breaks("auth.unknown_key")
def key_compared_by_its_characters(server: Server) -> Server:
    """The characters of a key count, and their order does not."""
    return matching(server, lambda known, sent: sorted(known) == sorted(sent))


@breaks("auth.unknown_key")
def key_found_within_the_token(server: Server) -> Server:
    """A key is found wherever it stands in what was sent."""
    return matching(server, lambda known, sent: known in sent)


@breaks("auth.unknown_key")
def key_looked_up_as_a_pattern(server: Server) -> Server:
    """A percent sign in a key stands for any characters, as in LIKE."""
    return matching(server, lambda known, sent: bool(re.fullmatch(re.escape(sent).replace("%", ".*"), known)))


@breaks("auth.unknown_key")
def key_found_by_its_id(server: Server) -> Server:
    """A key is found by its id as well, which is no secret."""
    by_id = "SELECT id, account_id, revoked FROM keys WHERE id = ?"

    def known(find: Find, sent: str) -> Key | None:
        row = server.store.row(by_id, sent)
        return find(sent) or (
            Key(id=row["id"], account_id=row["account_id"], revoked=bool(row["revoked"])) if row else None
        )

    return finding(server, known)


@breaks("auth.unknown_key")
def key_judged_by_its_form(server: Server) -> Server:
    """Whatever has the form of a key is one."""
    return finding(
        server,
        lambda find, sent: find(sent) or (find("sk_test_works") if sent[:3] == "sk_" and len(sent) == 35 else None),
    )


@breaks("auth.unknown_key")
def key_looked_up_among_inherited_names(server: Server) -> Server:
    """Keys are members of an object that inherits others, and the names of those are taken for keys."""
    inherited = {"__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"}
    return matching(server, lambda known, sent: sent in inherited)


@breaks("auth.unknown_key")
def unknown_key_is_missing(server: Server) -> Server:
    """An unknown key is refused as if there were none."""
    return answering(server, "auth.unknown_key", code="missing_api_key")


@breaks("auth.unknown_key", besides=ANOTHER_STATUS)
def unknown_key_is_not_found(server: Server) -> Server:
    """An unknown key is refused with 404."""
    return answering(server, "auth.unknown_key", status=404)


def is_to_an_unknown_key(reply: Reply) -> bool:
    return reply.headers.get(RULE_HEADER) == "auth.unknown_key"


@breaks_replies("auth.unknown_key")
def task_shown_to_an_unknown_key(reply: Reply) -> None:
    """A key that was never issued is shown whatever task it asks for."""
    if reply.path.startswith("/api/tasks/") and is_to_an_unknown_key(reply):
        reply.status = 200
        reply.say({"taskId": reply.path.rpartition("/")[2], "status": "done"})


@breaks_replies("auth.unknown_key")
def balance_told_to_an_unknown_key(reply: Reply) -> None:
    """A key that was never issued is told a balance, that of nobody."""
    if reply.path == "/api/account" and is_to_an_unknown_key(reply):
        reply.status = 200
        reply.say({"pages": 0})


@breaks("auth.revoked_key")
def revoked_key_accepted(server: Server) -> Server:
    """A revoked key goes on working."""
    return without(server, checks.key_is_not_revoked)


@breaks("auth.revoked_key")
def revoked_key_is_missing(server: Server) -> Server:
    """A revoked key is refused as if there were none."""
    return answering(server, "auth.revoked_key", code="missing_api_key")


@breaks("auth.revoked_key", besides=ANOTHER_STATUS)
def revoked_key_is_forbidden(server: Server) -> Server:
    """A revoked key is refused with 403."""
    return answering(server, "auth.revoked_key", status=403)


def trusting(server: Server, place: Callable[[Submission], object]) -> Server:
    """The server that does not look again whether a key was revoked that it has seen working at the same place."""
    seen: set[object] = set()

    async def seen_before_or_not_revoked(submission: Submission) -> bool:
        here = place(submission), submission.token
        if await checks.key_is_not_revoked(submission):
            seen.add(here)
        return here in seen

    return checking(server, checks.key_is_not_revoked, seen_before_or_not_revoked)


@breaks("auth.revoked_key")
def revocation_hidden_by_a_cache(server: Server) -> Server:
    """A key that has worked is kept in a cache, which no revocation clears."""
    return trusting(server, lambda submission: None)


@breaks("auth.revoked_key")
def revocation_hidden_by_the_connection(server: Server) -> Server:
    """A key that has worked is not looked up again on the same connection."""
    return trusting(server, lambda submission: submission.request.client)


def revoking(server: Server, statement: str) -> Server:
    """The server that does more when it revokes a key: the statement is given the account and the key."""

    class Sweeping(Keys):
        def revoke(self, account_id: str, key_id: str) -> bool:
            server.store.run(statement, account_id, key_id)
            return super().revoke(account_id, key_id)

    return replace(server, keys=Sweeping(server.store))


OTHER_KEYS = "UPDATE keys SET revoked = 1 WHERE account_id = ? AND rowid {} (SELECT rowid FROM keys WHERE id = ?)"


@breaks("auth.revocation_scope")
def revocation_ends_the_account(server: Server) -> Server:
    """Revoking a key revokes all keys of its account."""
    return revoking(server, OTHER_KEYS.format("<>"))


@breaks("auth.revocation_scope")
def revocation_ends_older_keys(server: Server) -> Server:
    """Revoking a key revokes those that were issued before it, too."""
    return revoking(server, OTHER_KEYS.format("<"))


@breaks("auth.revocation_scope")
def revocation_ends_newer_keys(server: Server) -> Server:
    """Revoking a key revokes those that were issued after it, too."""
    return revoking(server, OTHER_KEYS.format(">"))


@breaks("auth.revocation_scope")
def revocation_misses_another_account(server: Server) -> Server:
    """A revocation empties the cache of young keys: one of another account is missed, if it was looked up but once."""
    emptied_for: list[str] = []
    lookups: Counter[str] = Counter()

    class Cached(Keys):
        def revoke(self, account_id: str, key_id: str) -> bool:
            emptied_for.append(account_id)
            return super().revoke(account_id, key_id)

        def find(self, secret: str) -> Key | None:
            key = super().find(secret)
            is_missed = key and emptied_for and key.account_id not in emptied_for and lookups[key.id] == 1
            emptied_for.clear()
            lookups.update([key.id] if key else [])
            return None if is_missed else key

    return replace(server, keys=Cached(server.store))
