"""Faults of what is paid for nothing: refused requests that are charged. Faults of refunds: see `refunds`."""

from starlette.types import ASGIApp

from mockserver import checks
from mockserver.decisions import Check
from mockserver.server import Server
from mockserver.submission import Submission
from tests.changing import When, checking
from tests.defects.breaking import breaks, breaks_wrapped
from tests.rewriting import Reply, Request, receiving, replying


def always(submission: Submission) -> bool:
    return True


def charging(server: Server, check: Check, when: When = always) -> Server:
    """The server that deducts a page where this check refuses, or only for some of what it refuses."""

    async def check_and_charge(submission: Submission) -> bool:
        passed = await check(submission)
        if not passed and when(submission):
            server.ledger.deduct(submission.account_id, 1)
        return passed

    return checking(server, check, check_and_charge)


def charging_objects(server: Server, when: When) -> Server:
    """The server that deducts a page for some bodies as soon as it has read them."""

    async def object_is_charged(submission: Submission) -> bool:
        if when(submission):
            server.ledger.deduct(submission.account_id, 1)
        return await checks.body_is_object(submission)

    return checking(server, checks.body_is_object, object_is_charged)


@breaks("billing.refused_free")
def lacking_image_charged(server: Server) -> Server:
    """A body without imageBase64 is refused, and deducts a page."""
    return charging_objects(server, lambda submission: "imageBase64" not in submission.members)


@breaks("billing.refused_free")
def empty_image_charged(server: Server) -> Server:
    """A body whose imageBase64 is empty is refused, and deducts a page."""
    return charging_objects(server, lambda submission: submission.members.get("imageBase64") == "")


@breaks("billing.refused_free")
def null_image_charged(server: Server) -> Server:
    """A body whose imageBase64 is null is refused, and deducts a page."""
    return charging_objects(server, lambda submission: submission.members.get("imageBase64", "") is None)


@breaks("billing.refused_free")
def number_as_image_charged(server: Server) -> Server:
    """An imageBase64 that is a number is refused, and deducts a page."""
    return charging(server, checks.image_is_string)


@breaks("billing.refused_free")
def cut_json_charged(server: Server) -> Server:
    """A body whose JSON is cut is refused, and deducts a page."""
    return charging(server, checks.body_is_json)


@breaks("billing.refused_free")
def list_charged(server: Server) -> Server:
    """JSON that is no object is refused, and deducts a page."""
    return charging(server, checks.body_is_object)


@breaks(
    "billing.refused_free",
    besides={"billing.no_overdraft": "of those that come together, the ones that are refused go on as a debt"},
)
def want_of_pages_is_a_debt(server: Server) -> Server:
    """A submission on an account without pages is refused, and its pages are put down as a debt."""

    async def covered_or_owed(submission: Submission) -> bool:
        has_none = server.ledger.balance(submission.account_id) <= 0
        enough = await checks.balance_covers_pages(submission)
        if has_none and not enough:
            server.ledger.grant(submission.account_id, -(submission.pages or 1))
        return enough

    return checking(server, checks.balance_covers_pages, covered_or_owed)


@breaks("billing.refused_free")
def undecodable_image_charged(server: Server) -> Server:
    """An image that cannot be decoded is refused, and deducts a page."""
    return charging(server, checks.image_is_decodable)


@breaks("billing.refused_free")
def other_media_type_charged(server: Server) -> Server:
    """A body of another media type is refused, and deducts a page."""
    return charging(server, checks.media_type_is_right)


@breaks("billing.refused_free")
def unknown_provider_charged(server: Server) -> Server:
    """A submission to an unknown provider is refused, and deducts a page."""
    return charging(server, checks.provider_is_known)


@breaks("billing.refused_free")
def too_large_body_charged(server: Server) -> Server:
    """A body above the limit is refused, and deducts a page."""
    return charging(server, checks.body_is_within_limit)


@breaks("billing.refused_free")
def revoked_key_charged(server: Server) -> Server:
    """A revoked key is refused, and deducts a page from its account."""
    return charging(server, checks.key_is_not_revoked)


@breaks("billing.refused_free")
def uncovered_document_takes_the_rest(server: Server) -> Server:
    """A document that the balance does not cover is refused, and takes what is left."""

    async def refusal_empties(submission: Submission) -> bool:
        passed = await checks.balance_covers_pages(submission)
        if not passed:
            server.ledger.deduct(submission.account_id, server.ledger.balance(submission.account_id))
        return passed

    return checking(server, checks.balance_covers_pages, refusal_empties)


@breaks("billing.refused_free")
def unreadable_pdf_charged(server: Server) -> Server:
    """A PDF whose pages cannot be counted is refused, and deducts a page."""
    return charging(server, checks.pages_are_counted)


@breaks("billing.refused_free")
def encrypted_pdf_charged(server: Server) -> Server:
    """A PDF that needs a password is refused, and deducts a page."""
    return charging(server, checks.opens_without_password)


@breaks_wrapped("billing.refused_free")
def other_method_charged(app: ASGIApp) -> ASGIApp:
    """A PUT is refused after it was taken for a submission, and deducts a page."""

    def take(request: Request) -> None:
        if request.method == "PUT":
            request.scope["method"] = "POST"

    def refuse(reply: Reply) -> None:
        if reply.method == "PUT" and reply.status < 400:
            reply.status = 405
            reply.headers["allow"] = "POST"
            reply.say({"error": "method_not_allowed"})

    return replying(refuse)(receiving(take)(app))


@breaks("billing.refused_free")
def text_charged(server: Server) -> Server:
    """Bytes that are neither an image nor a PDF are refused, and deduct a page."""
    return charging(server, checks.kind_is_recognised)
