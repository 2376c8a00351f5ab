"""Request body: the fields, which of them may be left out, and what the name and the provider may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.outcomes import Unverified
from conformance.sections.test_error_responses import to_another_provider
from conformance.session.marks import costs, is_control, verifies
from conformance.strategies.submissions import broken_in
from conformance.strategies.texts import file_names
from conformance.target.accounts import Account, Accounts
from conformance.target.control import blamed_field, task_id
from conformance.target.documents import document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import DONE, Tasks
from conformance.verdicts.verify import Verify, control
from conformance.wire.hooks import ACCOUNTS, QUEUE
from spec import Field, Provider

# The plain submission has another one, `page.png`.
FILE_NAMES = [
    "page",
    pytest.param(f"{'long' * 30}.png", id="a long one"),
    "my-page.final (1).png",
    "O'BRIEN.PNG",
    '7" label, "10:30".png',
    "page 1 of 2.png",
    "Rechnung Müller.png",
    "счёт.png",
    "領収書.png",
    ".page.png",
    "فاتورة.png",
    "📄.png",
]


@verifies("body.required_field")
@costs(requests=1)
def test_refuses_a_body_without(plain: Submission, target: Target, verify: Verify, required_field: Field) -> None:
    verify.refused_as(target.send(plain.without(required_field.name).faulty()), target.contract.lacking(required_field))


@verifies("body.required_field")
@costs(requests=1, each=True)
@given(data=st.data())
def test_refuses_a_body_without_an_image_whatever_else_it_has(
    plain: Submission, target: Target, verify: Verify, data: st.DataObject
) -> None:
    submission = data.draw(broken_in("body.required_field", plain, target.contract))
    verify.refused(target.send(submission), "body.required_field")


@is_control
@verifies("body.filename")
@costs(requests=3, pages=3)
def test_accepts_the_plain_file_name(plain: Submission, target: Target, verify: Verify) -> None:
    _blames_the_field("filename", plain, target, verify)


@is_control
@verifies("body.provider")
@costs(requests=3, pages=3)
def test_accepts_the_default_provider_by_name(plain: Submission, target: Target, verify: Verify) -> None:
    _blames_the_field("provider", plain, target, verify)


def _blames_the_field(name: str, plain: Submission, target: Target, verify: Verify) -> None:
    """The plain submission is accepted, or it is not for this member that it is refused."""
    answer = target.send(plain)
    if not answer.is_success and blamed_field(target, plain) != name:
        raise Unverified(f"the submission was refused for another reason: {answer.summary}")
    verify.accepted(answer)


@verifies("body.filename")
@costs(requests=1, pages=1)
@pytest.mark.parametrize("name", FILE_NAMES)
def test_accepts_a_file_name(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    verify.accepted(target.send(plain.with_members(filename=name)))


@verifies("body.filename")
@costs(requests=2, pages=2)
@pytest.mark.parametrize(
    ("name", "file"),
    [
        *(("photo.jpg", "page.jpg"), ("photo.jpeg", "page.jpg"), ("IMG_0001.JPG", "page.jpg")),
        *(("bill.pdf", "one-page.pdf"), ("BILL.PDF", "one-page.pdf")),
    ],
)
def test_accepts_the_name_of(plain: Submission, target: Target, verify: Verify, name: str, file: str) -> None:
    named = plain.of(document(file)).with_members(filename=name)
    answer = target.send(named)
    if not answer.is_success:
        with control("the same file is accepted without a name"):
            verify.accepted(target.send(named.without("filename")))
    verify.accepted(answer)


@verifies("body.filename")
@costs(requests=1, pages=1, each=True)
@given(name=file_names("png"))
def test_accepts_any_file_name(plain: Submission, target: Target, verify: Verify, name: str) -> None:
    verify.accepted(target.send(plain.with_members(filename=name)))


@verifies("body.optional_field")
@costs(requests=1, pages=1)
def test_accepts_a_body_without(plain: Submission, target: Target, verify: Verify, optional_field: Field) -> None:
    verify.accepted(target.send(plain.without(optional_field.name)))


@verifies("body.optional_field")
@costs(requests=3, pages=3)
def test_accepts_a_body_with_nothing_but_the_required_fields(plain: Submission, target: Target, verify: Verify) -> None:
    left_out = [field.name for field in target.contract.optional_fields]
    answer = target.send(plain.without(*left_out))
    for name in left_out * (not answer.is_success):
        with control(f"a body without {name} is accepted"):
            verify.accepted(target.send(plain.without(name)))
    verify.accepted(answer)


@verifies("body.provider")
@costs(requests=1, pages=1)
def test_accepts(plain: Submission, target: Target, verify: Verify, other_provider: Provider) -> None:
    verify.accepted(target.send(plain.with_members(provider=other_provider.name)))


@verifies("body.default_provider")
@costs(requests=3, pages=3)
def test_takes_the_default_provider(plain: Submission, target: Target, verify: Verify) -> None:
    _names_the_default_provider(plain, target, verify)


@verifies("body.default_provider")
@costs(requests=3, pages=3)
def test_takes_the_default_provider_after_another(plain: Submission, target: Target, verify: Verify) -> None:
    target.send(to_another_provider(plain, target.contract))
    _names_the_default_provider(plain, target, verify)


def _names_the_default_provider(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain.without("provider"))
    with control("a submission without a provider is accepted"):
        named = verify.accepted(answer).object().get("provider")
    if named not in target.contract.providers:
        raise Unverified(f"the answer names no provider: {answer.summary}")
    default = target.contract.default_provider.name
    if named != default:
        with control("the default provider is named where the request names it"):
            verify.equal(target.send(plain).object().get("provider"), default, "provider")
    verify.equal(named, default, "provider", answer)


@verifies("body.default_provider")
@costs(requests=2, pages=2)
def test_lets_the_default_provider_take_it(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify
) -> None:
    if not target.offers(ACCOUNTS, QUEUE) or not target.has_tasks:
        raise Unverified("needs hooks that offer accounts and queue, and account_api.task")
    if target.contract.default_provider.mode != "queued":
        raise Unverified("needs a default provider that queues: another one leaves nothing to tell it by")
    with accounts.paused_queue(account):
        with control("the default provider, when named, lets the task wait in a paused queue"):
            verify.holds(_waits(account, account.plain, target, tasks), expected="a task that waits", got="none")
        waits = _waits(account, account.plain.without("provider"), target, tasks)
    verify.holds(waits, expected="a task that waits in the paused queue", got="one that is done")


def _waits(account: Account, submission: Submission, target: Target, tasks: Tasks) -> bool:
    with control("the task can be looked up"):
        return tasks.status(account, task_id(target.send(submission))) != DONE
