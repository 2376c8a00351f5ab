"""Other readings of what a request may be: its header, its JSON, its members."""

import codecs
import re
from collections.abc import Callable
from dataclasses import replace

from starlette.types import ASGIApp

from mockserver import checks
from mockserver.decisions import Decision
from mockserver.json_text import parse_json
from mockserver.server import Server
from mockserver.submission import Submission
from spec import Error
from tests.changing import checking, deciding, refusing, tolerating, without
from tests.rewriting import Request, Wrap, answering_instead, receiving
from tests.variants.varying import varies, varies_wrapped

MISSING, INVALID = "body.required_field", "body.invalid_image"


def reading(server: Server, question: str, rule: str) -> Server:
    """The server that refuses by another rule where it decides this question."""
    return deciding(server, question, lambda error: server.contract.refusal(rule))


@varies(check_order="media_type_first")
def media_type_before_key(server: Server) -> Server:
    """The media type is looked at before the key."""
    first = [row for row in server.decisions if row.rule == "submit.media_type"]
    return replace(server, decisions=(*first, *(row for row in server.decisions if row not in first)))


@varies()
def body_before_key(server: Server) -> Server:
    """The media type and the size of the body are looked at before the key."""
    first = [row for row in server.decisions if row.rule in ("submit.media_type", "limit.refused")]
    return replace(server, decisions=(*first, *(row for row in server.decisions if row not in first)))


@varies()
def balance_before_body(server: Server) -> Server:
    """Whether a page is left is looked at right after the key, before the body."""
    rule = "billing.insufficient_pages"

    async def has_a_page(submission: Submission) -> bool:
        return server.ledger.balance(submission.account_id) > 0

    asked = Decision(rule=rule, check=has_a_page, error=server.contract.refusal(rule))
    about_keys = sum(row.rule.startswith("auth.") for row in server.decisions)
    return replace(server, decisions=(*server.decisions[:about_keys], asked, *server.decisions[about_keys:]))


def brings_parameters(request: Request) -> bool:
    return request.is_submission and bool(request.scope["query_string"])


@varies_wrapped()
def unknown_parameters_refused(app: ASGIApp) -> ASGIApp:
    """Parameters in the URL that nobody knows are refused before the key is looked for, as validators of schemas do."""
    answer = b'{"error": "unknown_parameter"}'
    return answering_instead(brings_parameters, 400, answer, {"content-type": "application/json"})(app)


def taking_a_word(choose: Callable[[str], str]) -> Wrap:
    """The application that looks at one word of what follows the scheme."""

    def shorten(request: Request) -> None:
        scheme, space, token = request.headers.get("authorization", "").partition(" ")
        if space:
            request.headers["authorization"] = f"{scheme} {choose(token)}"

    return receiving(shorten)


@varies_wrapped()
def key_ends_at_a_space(app: ASGIApp) -> ASGIApp:
    """Of what follows the scheme the first word is looked at, as where a field is split at its spaces."""
    return taking_a_word(lambda token: token.partition(" ")[0])(app)


@varies_wrapped()
def key_is_the_last_word(app: ASGIApp) -> ASGIApp:
    """Of what follows the scheme the last word is looked at."""
    return taking_a_word(lambda token: token.rpartition(" ")[2])(app)


@varies(bearer_case="missing")
def bearer_in_capital_only(server: Server) -> Server:
    """`bearer` is another scheme than `Bearer`."""
    return refusing(server, checks.scheme_is_bearer, lambda submission: submission.scheme != "Bearer")


@varies(bearer_case="invalid")
def bearer_in_other_case_is_invalid(server: Server) -> Server:
    """`bearer` brings a key that is refused."""
    invalid = server.contract.refusal("auth.unknown_key")
    return refusing(server, checks.scheme_is_bearer, lambda submission: submission.scheme != "Bearer", invalid)


@varies(empty_token="invalid")
def empty_token_is_a_wrong_key(server: Server) -> Server:
    """A Bearer header without a token brings a key that is wrong."""
    return reading(server, "empty_token", "auth.unknown_key")


@varies(megabyte="decimal")
def megabyte_of_a_million(server: Server) -> Server:
    """A megabyte has 1,000,000 bytes."""

    async def within(submission: Submission) -> bool:
        fits = await checks.body_is_within_limit(submission)
        return fits and len(submission.body) <= server.contract.limit.decimal_bytes

    return checking(server, checks.body_is_within_limit, within)


@varies(malformed_json="missing")
def malformed_json_lacks_the_image(server: Server) -> Server:
    """A body that is not JSON is refused as one without imageBase64."""
    return reading(server, "malformed_json", MISSING)


@varies(malformed_json="other")
def malformed_json_has_a_code(server: Server) -> Server:
    """A body that is not JSON is refused with a code of its own."""
    return deciding(
        server, "malformed_json", lambda error: Error(status=400, code="invalid_json", meaning="This is no JSON")
    )


def also_reading(server: Server, read: Callable[[bytes], object]) -> Server:
    """The server that reads in this way what it does not take for JSON."""

    def is_read(submission: Submission) -> bool:
        try:
            submission.payload = read(submission.body)
        except ValueError:
            return False
        return True

    return tolerating(server, checks.body_is_json, is_read)


@varies(not_a_number="accepted")
def not_a_number_accepted(server: Server) -> Server:
    """NaN and Infinity are numbers."""
    constant = re.compile(rb"(?<=[:,\[ ])(NaN|-?Infinity)(?=[,\]} ])")
    return also_reading(server, lambda body: parse_json(constant.sub(b"0", body)))


@varies(byte_order_mark="accepted")
def byte_order_mark_passed_over(server: Server) -> Server:
    """A byte order mark before the JSON means nothing."""
    return also_reading(server, lambda body: parse_json(body.removeprefix(codecs.BOM_UTF8)))


@varies(huge_integer="accepted")
def integers_of_any_length(server: Server) -> Server:
    """A number may be as long as it will."""
    return also_reading(server, lambda body: parse_json(re.sub(rb"\d{4301,}", b"0", body)))


@varies(deep_nesting="accepted")
def nested_at_any_depth(server: Server) -> Server:
    """Lists may be nested as deep as they will."""
    return also_reading(server, lambda body: parse_json(re.sub(rb"\[{501,}\]+", b"[]", body)))


@varies(many_values="accepted")
def any_number_of_values(server: Server) -> Server:
    """A body may have as many values as it will."""
    return also_reading(server, lambda body: parse_json(re.sub(rb"\[0(,0){9999,}\]", b"[]", body)))


@varies(long_filename="accepted")
def file_names_of_any_length(server: Server) -> Server:
    """The name of a file may be as long as it will."""
    return without(server, checks.filename_is_short)


@varies(non_object_json="invalid")
def list_cannot_be_decoded(server: Server) -> Server:
    """JSON that is no object is refused as not decodable."""
    return reading(server, "non_object_json", INVALID)


@varies(non_object_json="other")
def list_has_a_code(server: Server) -> Server:
    """JSON that is no object is refused with a code of its own."""
    return deciding(
        server, "non_object_json", lambda error: Error(status=422, code="no_object", meaning="This is no object")
    )


@varies(empty_image="invalid")
def empty_image_cannot_be_decoded(server: Server) -> Server:
    """An empty imageBase64 is refused as not decodable."""
    return without(server, checks.member_is_not_empty)


@varies(null_image="invalid")
def null_image_cannot_be_decoded(server: Server) -> Server:
    """An imageBase64 of null is refused as not decodable."""
    return without(server, checks.member_is_not_null)


@varies(non_string_image="missing")
def number_is_no_image(server: Server) -> Server:
    """An imageBase64 that is no string is refused as missing."""
    return reading(server, "non_string_image", MISSING)


@varies(unknown_member="refused")
def unknown_members_refused(server: Server) -> Server:
    """A body with a member that is not documented is refused."""
    documented = {field.name for field in server.contract.fields}
    error = Error(status=400, code="unknown_member", meaning="There is a member that nobody knows")
    return refusing(server, checks.body_is_object, lambda submission: set(submission.members) - documented, error)


@varies()
def control_characters_refused(server: Server) -> Server:
    """A file name with a control character is refused."""
    return refusing(server, checks.filename_is_text, lambda submission: min(submission.filename or " ") < " ")


@varies(unknown_provider="default")
def unknown_provider_is_the_default(server: Server) -> Server:
    """A provider that nobody knows is taken for the default one."""

    def is_taken(submission: Submission) -> bool:
        submission.provider = server.contract.default_provider
        return isinstance(submission.members["provider"], str)

    return tolerating(server, checks.provider_is_known, is_taken)


@varies(null_provider="default")
def null_provider_is_the_default(server: Server) -> Server:
    """A provider of null is the same as none."""

    def is_taken(submission: Submission) -> bool:
        submission.provider = server.contract.default_provider
        return submission.members["provider"] is None

    return tolerating(server, checks.provider_is_known, is_taken)


@varies()
def unknown_provider_has_a_code(server: Server) -> Server:
    """A provider that nobody knows is refused with a code of its own."""
    return deciding(
        server, "unknown_provider", lambda error: Error(status=422, code="unknown_provider", meaning="Nobody knows it")
    )
