"""The checks of the table of decisions: each says whether a submission passes, and keeps what it found out.

Which rule a check stands for, and in which order they come, is said in `decisions`.
"""

from mockserver.bodies import read_body
from mockserver.headers import values
from mockserver.json_text import parse_json
from mockserver.payload import FILENAME, IMAGE, PROVIDER, PayloadError, decode_base64, split_data_uri
from mockserver.submission import Submission
from mockserver.unreadable import EncryptedDocument, UnreadableDocument
from spec import Contract, Field

# In characters; no file system has names of more than a quarter of that.
LONGEST_FILENAME = 1000


async def has_authorization(submission: Submission) -> bool:
    return submission.authorization is not None


async def scheme_is_bearer(submission: Submission) -> bool:
    return submission.scheme.lower() == submission.server.contract.endpoint.auth_scheme.lower()


async def token_is_not_empty(submission: Submission) -> bool:
    return submission.token != ""


async def key_is_known(submission: Submission) -> bool:
    submission.key = submission.server.keys.find(submission.token)
    return submission.key is not None


async def key_is_not_revoked(submission: Submission) -> bool:
    return submission.key is not None and not submission.key.revoked


async def media_type_is_right(submission: Submission) -> bool:
    sent = values(submission.request.scope, b"content-type")
    # The field is no list, so it may come once (RFC 9110 section 5.3).
    media_type = sent[0].partition(";")[0].strip().lower() if len(sent) == 1 else ""
    return media_type == submission.server.contract.endpoint.media_type.lower()


async def body_is_within_limit(submission: Submission) -> bool:
    body = await read_body(submission.request, byte_limit(submission.server.contract))
    submission.body = body or b""
    return body is not None


def byte_limit(contract: Contract) -> int:
    """The most bytes that a body may have, in the reading of a megabyte that the mock server has."""
    binary = contract.questions["megabyte"].mock == "binary"
    return contract.limit.binary_bytes if binary else contract.limit.decimal_bytes


async def body_is_json(submission: Submission) -> bool:
    try:
        submission.payload = parse_json(submission.body)
    except PayloadError:
        return False
    # Ten megabytes are not to be held in three forms at once.
    submission.body = b""
    return True


async def body_is_object(submission: Submission) -> bool:
    return isinstance(submission.payload, dict)


async def has_member(field: Field, submission: Submission) -> bool:
    return field.name in submission.members


async def member_is_not_null(field: Field, submission: Submission) -> bool:
    return submission.members.get(field.name) is not None


async def member_is_not_empty(field: Field, submission: Submission) -> bool:
    return submission.members.get(field.name) != ""


async def image_is_string(submission: Submission) -> bool:
    return isinstance(submission.members.get(IMAGE), str)


async def image_is_decodable(submission: Submission) -> bool:
    text = submission.members.get(IMAGE)
    if not isinstance(text, str):
        return False
    try:
        submission.data_type, data = split_data_uri(text)
        submission.content = decode_base64(data)
    except PayloadError:
        return False
    submission.members[IMAGE] = ""
    return True


async def filename_is_text(submission: Submission) -> bool:
    return isinstance(submission.members.get(FILENAME, ""), str)


async def filename_is_short(submission: Submission) -> bool:
    return len(submission.filename or "") <= LONGEST_FILENAME


async def provider_is_known(submission: Submission) -> bool:
    contract = submission.server.contract
    name = submission.members.get(PROVIDER)
    if PROVIDER not in submission.members:
        submission.provider = contract.default_provider
    elif isinstance(name, str):
        submission.provider = contract.providers.get(name)
    return submission.provider is not None


async def kind_is_recognised(submission: Submission) -> bool:
    submission.kind = submission.server.documents.kind(
        submission.content, declared=submission.data_type, filename=submission.filename
    )
    return submission.kind is not None


async def opens_without_password(submission: Submission) -> bool:
    """Counts the pages, too; whether that worked is the next question."""
    try:
        submission.pages = await submission.server.documents.pages(
            submission.content, submission.kind or "", account_id=submission.account_id
        )
    except EncryptedDocument:
        return False
    except UnreadableDocument:
        submission.pages = None
    return True


async def pages_are_counted(submission: Submission) -> bool:
    return submission.pages is not None


async def balance_covers_pages(submission: Submission) -> bool:
    """Deducts the pages and creates the task, in one transaction; whether there is a task is the next question."""
    await submission.server.charging.charge(submission)
    return submission.deduction is not None


async def task_is_created(submission: Submission) -> bool:
    return submission.task is not None
