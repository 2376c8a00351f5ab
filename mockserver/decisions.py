"""The decisions about a submission, as one ordered table: the first whose check fails gives the answer.

This is the place to read and to change the order in which faults are named. Status and code come from the contract.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from mockserver import checks
from mockserver.busy import until_free
from mockserver.payload import IMAGE
from mockserver.store import StoreBusy
from mockserver.submission import Submission
from spec import Contract, Error, Field

Check = Callable[[Submission], Awaitable[bool]]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One row: a rule, the check that enforces it, and how a submission that fails it is refused.

    `question` is the id of the open question that this row decides, if it decides one. Without a `message` the answer
    says what the error means.
    """

    rule: str
    check: Check
    error: Error
    question: str | None = None
    message: str | None = None


# Not documented: the reference says that the pages come back, not what the answer is.
TASK_CREATION_FAILED = Error(
    status=500, code="task_creation_failed", meaning="The task could not be created and its pages are refunded"
)

# Some may be left, which the meaning of the error denies.
NOT_COVERED = "Fewer pages are left on the account than the document has."


def decisions(contract: Contract) -> tuple[Decision, ...]:
    """The table for this contract, in the order of `check_order`: who asks, then what is sent, then what it costs."""

    def row(
        rule: str, check: Check, question: str | None = None, error: Error | None = None, message: str | None = None
    ) -> Decision:
        error = error or contract.refusal(rule)
        return Decision(rule=rule, check=check, question=question, error=error, message=message)

    undecodable = contract.refusal("body.invalid_image")
    return (
        row("auth.missing_key", checks.has_authorization),
        row("auth.other_scheme", checks.scheme_is_bearer, "bearer_case"),
        row("auth.missing_key", checks.token_is_not_empty, "empty_token"),
        row("auth.unknown_key", checks.key_is_known),
        row("auth.revoked_key", checks.key_is_not_revoked),
        row("submit.media_type", checks.media_type_is_right),
        row("limit.refused", checks.body_is_within_limit, "megabyte"),
        row("body.invalid_image", checks.body_is_json, "malformed_json"),
        row("body.required_field", checks.body_is_object, "non_object_json"),
        *(decision for field in contract.required_fields for decision in _required(contract, field)),
        row("body.invalid_image", checks.image_is_string, "non_string_image"),
        row("body.invalid_image", checks.image_is_decodable),
        row("body.filename", checks.filename_is_text, error=undecodable),
        row("body.filename", checks.filename_is_short, "long_filename", error=undecodable),
        row("body.provider", checks.provider_is_known, "unknown_provider", error=undecodable),
        row("body.invalid_image", checks.kind_is_recognised, "unrecognised_bytes"),
        row("body.invalid_image", checks.opens_without_password, "encrypted_pdf"),
        row("body.invalid_image", checks.pages_are_counted, "broken_pdf"),
        row("billing.insufficient_pages", checks.balance_covers_pages, "partial_balance", message=NOT_COVERED),
        row("billing.refund", checks.task_is_created, error=TASK_CREATION_FAILED),
    )


def _required(contract: Contract, field: Field) -> Iterable[Decision]:
    """A required field is there, is not null, and is not empty."""
    image = field.name == IMAGE
    for check, question in (
        (checks.has_member, None),
        (checks.member_is_not_null, "null_image" if image else None),
        (checks.member_is_not_empty, "empty_image" if image else None),
    ):
        yield Decision(
            rule="body.required_field",
            check=partial(check, field),
            error=contract.lacking(field),
            question=question,
            message=f"The body has no {field.name}.",
        )


def about_the_key(table: Iterable[Decision]) -> tuple[Decision, ...]:
    """Those rows that ask who sends a request; the account API asks the same."""
    return tuple(decision for decision in table if decision.rule.startswith("auth."))


async def first_refusal(submission: Submission, table: Iterable[Decision]) -> Decision | None:
    """The first decision that the submission fails; None if it passes them all."""
    for decision in table:
        try:
            passes = await decision.check(submission)
        except StoreBusy:
            again = partial(decision.check, submission)
            passes = await until_free(again, submission.server.settings.turn_seconds)
        if not passes:
            return decision
    return None
