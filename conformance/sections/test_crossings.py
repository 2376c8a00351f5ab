"""Across the sections: what holds of each form of a submission holds where several of them meet."""

from conformance.session.marks import costs, verifies
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import Balances
from conformance.target.crossings import Crossing
from conformance.target.documents import document
from conformance.target.target import Target
from conformance.verdicts.verify import Verify, control

FORMS = ("body.image_file", "body.pdf_file", "body.data_uri", "body.optional_field", "body.provider")
ANSWERS = ("success.flag", "success.task_id", "success.provider")
COSTS = ("billing.image_page", "billing.pdf_pages")


@verifies(*FORMS, *ANSWERS, *COSTS)
@costs(requests=7, pages=16)
def test_takes(account: Account, balances: Balances, target: Target, verify: Verify, crossing: Crossing) -> None:
    running, contract = target.running, target.contract
    before = balances.accounts.balance(account)
    answer = target.send(crossing.of(account.plain))
    if not answer.is_success:
        for part in crossing.parts(contract):
            with control("what is more plain in one thing is accepted"):
                verify.accepted(target.send(part.of(account.plain)))
    with running.judging(crossing.rule(contract)):
        verify.accepted(answer)
    with running.judging("success.flag"):
        verify.equal(answer.object().get("success"), True, "success", answer)
    with running.judging("success.task_id"):
        named = answer.object().get("taskId")
        verify.holds(isinstance(named, str) and named != "", expected="a taskId", got=answer.summary, answer=answer)
    if crossing.provider:  # Otherwise body.default_provider says which.
        with running.judging("success.provider"):
            verify.equal(answer.object().get("provider"), crossing.provider, "provider", answer)
    file = document(crossing.file)
    paid = before - balances.left(account, answer, before - file.pages, until_processed=True)
    if paid != file.pages and not file.is_image:
        with control("an image deducts a page"):
            verify.equal(balances.cost(account.plain, account), 1, "pages")
    with running.judging("billing.image_page" if file.is_image else "billing.pdf_pages"):
        verify.equal(paid, file.pages, "a deduction of pages:", answer)


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
