"""Faults of authentication."""

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from mockserver.answers import Answers
from mockserver.decisions import Decision
from mockserver.keys import Key, Keys
from mockserver.server import Server
from mockserver.submission import Submission
from mockserver.tasks import Task
from tests.defects.breaking import answering, breaks, checking, without


@breaks("auth.key_accepted")
def valid_key_refused(server: Server) -> Server:
    """No key is ever found."""

    class Forgetful(Keys):
        def find(self, secret: str) -> Key | None:
            return None

    return replace(server, keys=Forgetful(server.store))


@breaks("auth.missing_key")
def missing_key_is_forbidden(server: Server) -> Server:
    """A request without a key is refused with 403."""
    return answering(server, "auth.missing_key", status=403)


@breaks("auth.other_scheme")
def any_scheme_accepted(server: Server) -> Server:
    """Whatever scheme precedes the key, it is taken."""
    return without(server, "auth.other_scheme")


@breaks("auth.unknown_key")
def key_compared_without_case(server: Server) -> Server:
    """A key is found in any letter case."""

    class Caseless(Keys):
        def find(self, secret: str) -> Key | None:
            return super().find(secret) or super().find(secret.swapcase())

    return replace(server, keys=Caseless(server.store))


@breaks("auth.unknown_key")
def key_compared_by_prefix(server: Server) -> Server:
    """Whatever follows a valid key is not looked at."""

    class Prefix(Keys):
        def find(self, secret: str) -> Key | None:
            return super().find(secret) or super().find(secret[:-1])

    return replace(server, keys=Prefix(server.store))


@breaks("auth.revoked_key")
def revoked_key_accepted(server: Server) -> Server:
    """A revoked key goes on working."""
    return without(server, "auth.revoked_key")


@breaks("auth.revoked_key")
def revoked_key_is_missing(server: Server) -> Server:
    """A revoked key is refused as if there were none."""
    return answering(server, "auth.revoked_key", code="missing_api_key")


@breaks("auth.revocation_scope")
def revocation_ends_the_account(server: Server) -> Server:
    """Revoking a key revokes all keys of its account."""

    class Sweeping(Keys):
        def revoke(self, account_id: str, key_id: str) -> bool:
            return server.store.run("UPDATE keys SET revoked = 1 WHERE account_id = ?", account_id) > 0

    return replace(server, keys=Sweeping(server.store))


@breaks("auth.every_request")
def connection_remembers_its_key(server: Server) -> Server:
    """A request without a key is taken when one before it on the same connection had a key."""
    seen: dict[object, Key] = {}

    def remembering(row: Decision) -> Decision:
        async def passes(submission: Submission) -> bool:
            connection = submission.request.client
            if submission.authorization is None and connection in seen:
                submission.key = seen[connection]
                return True
            passed = await row.check(submission)
            if submission.key:
                seen[connection] = submission.key
            return passed

        return replace(row, check=passes) if row.rule.startswith("auth.") else row

    return replace(server, decisions=tuple(map(remembering, server.decisions)))


@breaks("auth.key_shown_once")
def answer_repeats_the_key(server: Server) -> Server:
    """The answer to a submission holds the key in full."""
    used: dict[str, str] = {}

    async def key_is_known(submission: Submission) -> bool:
        submission.key = submission.server.keys.find(submission.token)
        if submission.key:
            used[submission.key.account_id] = submission.token
        return submission.key is not None

    class Talkative(Answers):
        def accepted(self, task: Task) -> Response:
            return JSONResponse({**self.success(task), "apiKey": used[task.account_id]})

    broken = replace(server, answers=Talkative(contract=server.contract))
    return checking(broken, "auth.unknown_key", key_is_known)
