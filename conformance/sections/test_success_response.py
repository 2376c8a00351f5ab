"""Success response: what the answer to an accepted submission says."""

from contextlib import suppress
from dataclasses import replace
from itertools import cycle, islice

import pytest

from conformance.outcomes import Nonconformance, Unverified
from conformance.sections.refusals import REFUSALS, refusal_of
from conformance.sections.test_error_responses import body_of
from conformance.session.marks import costs, verifies
from conformance.strategies.images import image, kind_named
from conformance.target.accounts import Account, Accounts
from conformance.target.control import task_id
from conformance.target.documents import Document, document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import DONE, Tasks
from conformance.verdicts.verify import Verify, control
from conformance.wire.exchange import Answer
from conformance.wire.hooks import ACCOUNTS, KEYS, QUEUE, TASK_FAILURES
from spec import Provider

TOGETHER = 6


@pytest.fixture
def accepted(plain: Submission, target: Target, verify: Verify, provider: Provider) -> Answer:
    """The answer to a submission to each provider, which is a success here."""
    with control("the submission is accepted"):
        return verify.accepted(target.send(plain.with_members(provider=provider.name)))


@verifies("success.flag")
@costs(requests=1, pages=1)
def test_says_success(accepted: Answer, verify: Verify) -> None:
    verify.equal(accepted.object().get("success"), True, "success", accepted)


@verifies("success.task_id")
@costs(requests=1, pages=1)
def test_names_the_task(accepted: Answer, verify: Verify) -> None:
    named = accepted.object().get("taskId")
    is_text = isinstance(named, str) and named != ""
    verify.holds(is_text, expected="taskId, a string that is not empty", got=accepted.summary, answer=accepted)


@verifies("success.task_id_unique")
@costs(requests=2, pages=2)
def test_names_a_task_of_its_own(
    accepted: Answer, plain: Submission, target: Target, verify: Verify, provider: Provider
) -> None:
    second = target.send(plain.with_members(provider=provider.name))
    named = task_id(second)
    verify.holds(named != task_id(accepted), expected="another taskId", got=f"{named} again", answer=second)


@verifies("success.task_id_unique")
@costs(requests=2, pages=2)
def test_names_a_task_of_its_own_in_another_account(accounts: Accounts, target: Target, verify: Verify) -> None:
    first, second = (target.send(accounts.usable().plain) for _ in range(2))
    named = task_id(second)
    verify.holds(named != task_id(first), expected="another taskId", got=f"{named} again", answer=second)


@verifies("success.task_id_unique", "success.provider")
@costs(requests=TOGETHER + 1, pages=TOGETHER + 1)
def test_names_a_task_of_its_own_when_many_arrive_together(
    account: Account, target: Target, tasks: Tasks, verify: Verify
) -> None:
    chosen = list(islice(cycle(target.contract.providers.values()), TOGETHER))
    answers = target.send_together([account.plain.with_members(provider=provider.name) for provider in chosen])
    named = [task_id(answer) for answer in answers]
    with target.running.judging("success.task_id_unique"):
        verify.holds(len(set(named)) == TOGETHER, expected=f"{TOGETHER} different taskIds", got=f"{len(set(named))}")
    with target.running.judging("success.provider"):
        for answer, provider in zip(answers, chosen, strict=True):
            verify.equal(answer.object().get("provider"), provider.name, "provider", answer)
    for task, provider in zip(named, chosen, strict=True):
        if target.has_tasks and provider.mode == "synchronous":
            _is_done(account, task, target, tasks, verify)


def _is_done(account: Account, task: str, target: Target, tasks: Tasks, verify: Verify) -> None:
    with suppress(Nonconformance, Unverified):  # Whether a task is found at all is another rule's matter.
        status = tasks.status_at_once(account, task)
        with target.running.noticing("providers.synchronous"):
            verify.equal(status, DONE, "beside others, state right after the answer")


@verifies("success.provider")
@costs(requests=1, pages=1)
def test_names_the_provider(plain: Submission, target: Target, verify: Verify, provider: Provider) -> None:
    answer = target.send(plain.with_members(provider=provider.name))
    with control("the provider can be chosen"):
        verify.accepted(answer)
    verify.equal(answer.object().get("provider"), provider.name, "provider", answer)


@verifies("success.provider")
@costs(requests=1, pages=1)
def test_names_a_provider_that_the_request_does_not(plain: Submission, target: Target, verify: Verify) -> None:
    with control("a submission without a provider is accepted"):
        answer = verify.accepted(target.send(plain.without("provider")))
    named = answer.object().get("provider")
    told = f"one of {', '.join(target.contract.providers)} as provider"
    verify.holds(named in target.contract.providers, expected=told, got=answer.summary, answer=answer)


@verifies("success.task_found")
@costs(requests=1, pages=1)
def test_finds_the_task(account: Account, target: Target, tasks: Tasks, provider: Provider) -> None:
    tasks.status(account, task_id(target.send(account.plain.with_members(provider=provider.name))))


@verifies("success.task_found")
@costs(requests=1, pages=1)
def test_finds_a_task_that_waits(account: Account, accounts: Accounts, target: Target, tasks: Tasks) -> None:
    queued = [provider for provider in target.contract.providers.values() if provider.mode == "queued"]
    if not target.offers(ACCOUNTS, QUEUE) or not queued:
        raise Unverified("needs hooks that offer accounts and queue, and a provider that queues")
    with accounts.paused_queue(account):
        tasks.status(account, task_id(target.send(account.plain.with_members(provider=queued[0].name))))


@verifies("success.task_found")
@costs(requests=2, pages=2)
def test_finds_the_task_with_another_key_of_the_account(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify
) -> None:
    if not target.offers(ACCOUNTS, KEYS):
        raise Unverified("needs hooks that offer accounts and keys")
    task = task_id(target.send(account.plain))
    with control("it is found with the key that submitted it"):
        tasks.status(account, task)
    other = accounts.second_key(account)
    if not tasks.tells(tasks.find(other, task)):
        with control("the other key is accepted"):
            verify.accepted(target.send(other.plain))
    tasks.status(other, task)


@verifies("success.task_found")
@costs(requests=4, pages=4)
def test_finds_each_task_and_no_other(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify
) -> None:
    by_mode = {provider.mode: provider for provider in target.contract.providers.values()}
    if not target.offers(ACCOUNTS, QUEUE) or len(by_mode) < 2:
        raise Unverified("needs hooks that offer accounts and queue, and a provider of each mode")
    queued, synchronous = (
        account.plain.with_members(provider=by_mode[mode].name) for mode in ("queued", "synchronous")
    )
    alone = accounts.usable()
    with (
        control("a synchronous task is done at once beside a queue that stands still"),
        accounts.paused_queue(alone),
    ):
        ready = task_id(target.send(replace(synchronous, authorization=alone.plain.authorization)))
        verify.equal(tasks.status_at_once(alone, ready), DONE, "state")
    with accounts.paused_queue(account):
        waiting = task_id(target.send(queued))
        with control("a queued task waits in the paused queue"):
            verify.holds(tasks.status(account, waiting) != DONE, expected="a task that waits", got="none")
        ready = task_id(target.send(synchronous))
        with control("each task has an id of its own"):
            verify.holds(waiting != ready, expected="two ids", got="one")
        seen = tasks.status(account, waiting) == DONE, tasks.status_at_once(account, ready) == DONE
    verify.equal(seen, (False, True), "whether the task in the queue and the other one are done:")


@verifies("success.task_found")
@costs(requests=4, pages=4)
def test_finds_the_result_of_each_task(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify
) -> None:
    by_mode = sorted(target.contract.providers.values(), key=lambda provider: provider.mode != "synchronous")
    # Both have the same name, by which a result may be kept.
    files = document("page.png"), image(kind_named("colour PNG"))

    def submit(payer: Account, file: Document) -> str:
        return task_id(target.send(payer.plain.of(file).with_members(provider=by_mode[0].name)))

    def result(payer: Account, task: str) -> object:
        with control("the task is found, and reaches done"):
            verify.equal(tasks.wait(payer, task), DONE, "state")
            return tasks.result(payer, task)

    named = [submit(account, file) for file in files]
    with control("each task has an id of its own"):
        verify.holds(named[0] != named[1], expected="two ids", got="one")
    first, second = (result(account, task) for task in named)
    if first == second:
        with control("two documents have different results where nothing else was submitted"):
            alone = accounts.usable(), accounts.usable()
            apart = files[0], replace(files[1], name="another.png")
            one, other = (result(payer, submit(payer, file)) for payer, file in zip(alone, apart, strict=True))
            verify.holds(one != other, expected="two results", got="one")
    verify.holds(first != second, expected="the result of each document", got="one result for both")


@verifies("success.task_found")
@costs(requests=1, pages=1)
def test_finds_no_task_that_there_is_not(account: Account, target: Target, tasks: Tasks, verify: Verify) -> None:
    task = task_id(target.send(account.plain))
    with control("the task that there is is found"):
        tasks.status(account, task)
    # Of a number, that may be the number of another task, or the same one with a zero before it.
    answer = tasks.find(account, f"999999{task}" if task.isdigit() else task[::-1] + "0")
    verify.holds(not tasks.tells(answer), expected="no task", got=answer.summary, answer=answer)


@verifies("success.task_found")
@costs(requests=1, pages=1)
def test_promises_no_task_that_cannot_be_created(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify
) -> None:
    if not target.offers(ACCOUNTS, TASK_FAILURES):
        raise Unverified("needs hooks that offer accounts and task-failures")
    accounts.fail_next_task(account)
    answer = target.send(account.plain)
    if answer.is_success:  # A task that fails afterwards is one, and there to be found.
        tasks.status(account, task_id(answer))


@verifies("success.task_private")
@costs(requests=1, pages=1)
def test_shows_the_task_to_no_other_account(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify, provider: Provider
) -> None:
    task = task_id(target.send(account.plain.with_members(provider=provider.name)))
    with control("the account itself finds the task"):
        tasks.status(account, task)
    stranger = accounts.usable()
    answer = tasks.find(stranger, task)
    verify.holds(not tasks.tells(answer), expected="no task of another account", got=answer.summary, answer=answer)
    if listed := tasks.listing(stranger.api_key):
        is_listed = f'"{task}"'.encode() in listed.content
        expected = "no task of another account in the list"
        verify.holds(not is_listed, expected=expected, got=f"{task} in {listed.summary}", answer=listed)


@verifies("http.json_answer")
@costs(requests=1, pages=1)
def test_declares_the_success_as_json(accepted: Answer, verify: Verify) -> None:
    _declared_as_json(accepted, verify)


@verifies("http.json_answer")
@costs(requests=1)
@pytest.mark.parametrize("rule", REFUSALS)
def test_declares_a_refusal_as_json(plain: Submission, target: Target, verify: Verify, rule: str) -> None:
    with control("the request is refused"):
        answer = target.send(REFUSALS[rule](plain))
        verify.holds(400 <= answer.status <= 499, expected="a 4xx status", got=answer.summary)
    _declared_as_json(answer, verify)


@verifies("http.json_answer")
@costs(requests=1)
def test_declares_a_want_of_pages_as_json(accounts: Accounts, target: Target, verify: Verify) -> None:
    with control("an account without pages is refused"):
        answer = target.send(accounts.exhausted().plain.faulty())
        verify.equal(answer.status, target.contract.refusal("billing.insufficient_pages").status, "status")
    _declared_as_json(answer, verify)


@verifies("http.json_answer")
@costs(requests=2)
def test_declares_the_refusal_of_a_large_body_as_json(plain: Submission, target: Target, verify: Verify) -> None:
    answer = refusal_of(body_of(plain, target.contract.limit.binary_bytes + 1).faulty(), target)
    with control("a body that is too large is refused"):
        verify.equal(answer.status, target.contract.refusal("limit.refused").status, "status")
    _declared_as_json(answer, verify)


@verifies("http.json_answer")
@costs(requests=1)
def test_declares_nothing_else_as_json(plain: Submission, target: Target, verify: Verify) -> None:
    answer = target.send(plain.faulty(method="PUT"))
    # No code is documented for another method, and a framework may refuse it in its own words.
    if answer.status != 405 or not answer.is_declared_as_json:
        raise Unverified("needs an answer with status 405 that is declared as JSON")
    answer.strict_json()


def _declared_as_json(answer: Answer, verify: Verify) -> None:
    answer.strict_json()
    declared = answer.headers.get("content-type", "no such header")
    verify.holds(answer.is_declared_as_json, expected="Content-Type: application/json", got=declared, answer=answer)
