"""One request of each kind that is refused, by the rule that refuses it: for what must hold of every refusal."""

from collections.abc import Callable
from dataclasses import replace

from conformance.outcomes import Unverified
from conformance.target.accounts import Accounts
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.verdicts.verify import Verify
from conformance.wire.exchange import Answer

# A server that decides by the length has answered when the content begins so many seconds after the head.
HEAD_START = 0.5

REFUSALS: dict[str, Callable[[Submission], Submission]] = {
    "auth.missing_key": lambda plain: plain.faulty(authorization=None, alone=True),
    "auth.unknown_key": lambda plain: plain.faulty(authorization="Bearer never-issued-0123456789"),
    "submit.media_type": lambda plain: plain.faulty(content_type="text/plain"),
    "body.required_field": lambda plain: plain.without("imageBase64").faulty(),
    "body.invalid_image": lambda plain: plain.with_members(imageBase64="%%%%").faulty(),
}

# Faults of a body that have rules of their own: a server that breaks down over one of them has broken that rule.
GOVERNED = (REFUSALS["body.required_field"], REFUSALS["body.invalid_image"])
# The same of who sends it, or what it is declared as.
OTHER_KEYS = (REFUSALS["auth.missing_key"], REFUSALS["auth.unknown_key"], REFUSALS["submit.media_type"])


# The rules by which a submission that has no fault is not told of these.
FAULTLESS = {
    "auth.key_accepted": ("auth.missing_key", "auth.unknown_key"),
    "submit.media_type": ("submit.media_type",),
    "body.base64": ("body.required_field", "body.invalid_image"),
    "limit.accepted": ("limit.refused",),
    "billing.last_page": ("billing.insufficient_pages",),
}


def names_no_fault(answer: Answer, submission: Submission, accounts: Accounts, target: Target, verify: Verify) -> None:
    """What went wrong with a submission is told as no fault of its own if it has none: another account can send it."""
    for rule, faults in FAULTLESS.items():
        if not any(verify.is_refusal(answer, fault) for fault in faults):
            continue
        if target.send(replace(submission, authorization=accounts.usable().plain.authorization)).is_success:
            with target.running.noticing(rule):
                verify.holds(False, expected="no fault of the submission", got=answer.summary, answer=answer)


def refusal_of(oversized: Submission, target: Target) -> Answer:
    """The answer to a body that is too large. A server may hang up in the middle of it, and its answer may be lost."""
    answer = target.send_or_be_cut_off(oversized)
    if answer is None and not oversized.chunked:
        # Before the first byte of the content nothing can be lost.
        answer = target.send_or_be_cut_off(replace(oversized, alone=True, pause=HEAD_START))
    if answer is None:
        raise Unverified("the upload was cut off before an answer could be read")
    return answer
