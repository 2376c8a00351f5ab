"""Across the sections: what holds of each form of a submission holds where several of them meet."""

from contextlib import suppress
from dataclasses import replace

from conformance.outcomes import Unverified
from conformance.session.marks import costs, verifies
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances
from conformance.target.control import task_id
from conformance.target.crossings import Crossing
from conformance.target.documents import document, png_with_padding
from conformance.target.target import Target
from conformance.target.tasks import DONE, Tasks
from conformance.verdicts.positions import placed_words, text_of
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer

FORMS = ("body.image_file", "body.pdf_file", "body.data_uri", "body.optional_field", "body.provider")
DEFAULT = "body.default_provider"
ANSWERS = ("success.flag", "success.task_id", "success.provider")
COSTS = ("billing.image_page", "billing.pdf_pages")


@verifies(*FORMS, DEFAULT, *ANSWERS, *COSTS)
@costs(requests=7, pages=16)
def test_takes(
    account: Account, balances: Balances, target: Target, tasks: Tasks, verify: Verify, crossing: Crossing
) -> None:
    running, contract = target.running, target.contract
    before = balances.before(account)
    answer = target.send(crossing.of(account.plain))
    if answer.is_success:
        refused = crossing
    else:
        refused, answer = _plainest_refused(crossing, answer, account, target)
        with control("a page whose Base64 has as much padding is accepted"):
            verify.accepted(target.send(account.plain.of(png_with_padding(document(refused.file).padding))))
        if refused.named and target.send(replace(refused, named=False).of(account.plain)).is_success:
            raise Unverified("the file is refused for its name, and accepted without one")
    with running.judging(refused.rule(contract)):
        verify.accepted(answer)
    with running.judging("success.flag"):
        verify.equal(answer.object().get("success"), True, "success", answer)
    with running.judging("success.task_id"):
        named = answer.object().get("taskId")
        verify.holds(isinstance(named, str) and named != "", expected="a taskId", got=answer.summary, answer=answer)
    _names_the_provider(crossing, answer, account, target, verify)
    if target.has_tasks:
        with suppress(Unverified):
            _keeps_the_task(crossing, task_id(answer), account, target, tasks, verify)
    file = document(crossing.file)
    with running.judging("billing.image_page" if file.is_image else "billing.pdf_pages"):
        paid = before - balances.left(account, answer, before - file.pages, until_processed=True)
        if paid != file.pages and account.id is None:  # What was paid before may have come to show meanwhile.
            paid = balances.cost(crossing.of(account.plain), account)
        if paid != file.pages and not file.is_image:
            plain = account.plain.with_members(provider=crossing.provider) if crossing.provider else account.plain
            with control("an image deducts a page"):
                verify.equal(balances.cost(plain, account), 1, "pages")
        verify.equal(paid, file.pages, "a deduction of pages:", answer)


def _plainest_refused(crossing: Crossing, answer: Answer, account: Account, target: Target) -> tuple[Crossing, Answer]:
    """A crossing that is refused, be it this one, though whatever is more plain in one thing is accepted."""
    for part in crossing.parts(target.contract):
        plainer = target.send(part.of(account.plain))
        if not plainer.is_success:
            return _plainest_refused(part, plainer, account, target)
    return crossing, answer


def _names_the_provider(crossing: Crossing, answer: Answer, account: Account, target: Target, verify: Verify) -> None:
    named, default = answer.object().get("provider"), target.contract.default_provider.name
    if crossing.provider:
        with target.running.judging("success.provider"):
            verify.equal(named, crossing.provider, "provider", answer)
    elif named in target.contract.providers:
        if named != default:
            with control("the default provider is named where the request names it"):
                said = target.send(replace(crossing, provider=default).of(account.plain))
                verify.equal(said.object().get("provider"), default, "provider")
        with target.running.judging(DEFAULT):
            verify.equal(named, default, "provider", answer)


def _keeps_the_task(
    crossing: Crossing, task: str, account: Account, target: Target, tasks: Tasks, verify: Verify
) -> None:
    """What becomes of the task. That has tests of its own; here it is noticed where it depends on the form."""
    noticing, provider = target.running.noticing, target.contract.providers.get(crossing.provider or "")
    status = ""
    with noticing("success.task_found"):
        status = tasks.status(account, task)
    if not status or provider is None or provider.mode != "synchronous":
        return
    with noticing("providers.synchronous"):
        status = status if status == DONE else tasks.status_at_once(account, task, may_submit=False)
        verify.equal(status, DONE, "state right after the answer")
        result = tasks.result(account, task)
        verify.holds(result not in (None, {}), expected="a stored result", got=result)
        if provider.word_positions and text_of(result).strip():
            with noticing("providers.word_positions"):
                verify.holds(bool(placed_words(result)), expected="words with their places", got="none in the result")


@verifies("billing.insufficient_pages")
@costs(requests=4, pages=6)
def test_takes_nothing_without_pages(
    accounts: Accounts, balances: Balances, target: Target, verify: Verify, crossing: Crossing
) -> None:
    answer = target.send(crossing.of(accounts.exhausted().plain).faulty())
    if not verify.is_refusal(answer, "billing.insufficient_pages"):
        with control("the same deducts its pages from an account that has some"):
            usable = accounts.usable()
            submission = crossing.of(usable.plain)
            verify.equal(balances.cost(submission, usable), submission.pages, "pages")
    verify.refused(answer, "billing.insufficient_pages")
