"""One request of each kind that is refused, by the rule that refuses it: for what must hold of every refusal."""

from collections.abc import Callable

from conformance.target.submissions import Submission

REFUSALS: dict[str, Callable[[Submission], Submission]] = {
    "auth.missing_key": lambda plain: plain.faulty(authorization=None, alone=True),
    "auth.unknown_key": lambda plain: plain.faulty(authorization="Bearer never-issued-0123456789"),
    "submit.media_type": lambda plain: plain.faulty(content_type="text/plain"),
    "body.required_field": lambda plain: plain.without("imageBase64").faulty(),
    "body.invalid_image": lambda plain: plain.with_members(imageBase64="%%%%").faulty(),
}
