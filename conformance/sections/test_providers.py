"""Providers: which of them answer at once, and what their results hold."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.outcomes import Unverified
from conformance.session.marks import costs, looks_back, verifies
from conformance.strategies.images import image, kind_named, uncompressed
from conformance.strategies.pdfs import PdfShape, pdf
from conformance.target.accounts import Account, Accounts
from conformance.target.balances import a_while_after
from conformance.target.control import task_id
from conformance.target.documents import Document, document
from conformance.target.submissions import Submission
from conformance.target.target import Target
from conformance.target.tasks import DONE, Finished, Tasks
from conformance.verdicts.positions import PlacedWord, are_crowded, pages_of, placed_words, text_of, unique_words
from conformance.verdicts.verify import Verify, control
from conformance.wire.hooks import ACCOUNTS, QUEUE
from fixtures import fixture
from spec import Provider

PLAIN, PHOTOGRAPH, SEVERAL_PAGES = map(document, ("page.png", "page.jpg", "three-pages.pdf"))
LONG = pdf(PdfShape(pages=12))
# An engine has to convert these first, or to make out where they begin.
TRANSPARENT = image(kind_named("PNG with transparency"))
ODD_IMAGES = tuple(image(kind_named(name)) for name in ("PNG with a palette", "PNG of 16 bits", "JPEG of a telephone"))

ODD_NAME = "請求書 (1).png"


def submission(
    account: Account, provider: Provider, file: Document = PLAIN, *without: str, **members: object
) -> Submission:
    """A document for this provider, without some members, or with other ones."""
    return account.plain.of(file).with_members(provider=provider.name, **members).without(*without)


def optional(target: Target, member: str) -> list[str]:
    """That member, if it need not be sent."""
    return [field.name for field in target.contract.optional_fields if field.name == member]


def submitted(account: Account, target: Target, provider: Provider, file: Document = PLAIN) -> str:
    """The task of a document that this provider took."""
    return task_id(target.send(submission(account, provider, file)))


@verifies("providers.queued")
@costs(requests=3, pages=5)
def test_answers_before_the_task_is_done(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify, queued_provider: Provider
) -> None:
    with accounts.paused_queue(account):
        for sent in (
            submission(account, queued_provider),
            submission(account, queued_provider, PHOTOGRAPH, imageBase64=PHOTOGRAPH.data_uri),
            submission(account, queued_provider, SEVERAL_PAGES, *optional(target, "filename")),
        ):
            task = task_id(target.send(sent))
            with control("the task can be looked up"):
                status = tasks.status(account, task)
            verify.holds(status != DONE, expected="a task that waits in the paused queue", got=f"one that is {status}")


@verifies("providers.reaches_done")
@costs(requests=3, pages=5)
def test_one_after_the_other_reaches_done(
    account: Account, target: Target, tasks: Tasks, verify: Verify, queued_provider: Provider
) -> None:
    large = uncompressed(target.contract.limit.decimal_bytes // 4)
    submissions = (
        submission(account, queued_provider, large),
        submission(account, queued_provider, TRANSPARENT, imageBase64=TRANSPARENT.data_uri),
        submission(account, queued_provider, SEVERAL_PAGES, *optional(target, "filename")),
    )
    for number, sent in enumerate(submissions, start=1):
        task = task_id(target.send(sent))
        with control("the task can be looked up"):
            tasks.status(account, task)
        seconds = tasks.patience
        verify.equal(tasks.wait(account, task), DONE, f"state of task {number} within {seconds:g} seconds")
        # A result may be the list of words that have places, which need not be told of this provider.
        _has_a_result(account, task, target, tasks, verify, [])


@verifies("providers.reaches_done")
@costs(requests=5, pages=16)
def test_several_reach_done(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify, queued_provider: Provider
) -> None:
    with control("one task alone reaches done"):
        verify.equal(tasks.wait(account, submitted(account, target, queued_provider)), DONE, "state")
    with accounts.paused_queue(account):
        palette, deep, telephone = ODD_IMAGES
        is_default = queued_provider == target.contract.default_provider
        unnamed = optional(target, "provider") if is_default else []
        submissions = (
            submission(account, queued_provider, palette, *unnamed),
            submission(account, queued_provider, deep, filename=ODD_NAME),
            submission(account, queued_provider, telephone, imageBase64=telephone.data_uri),
            submission(account, queued_provider, LONG),
        )
        waiting = [task_id(answer) for answer in target.send_together(submissions)]
    accounts.resumed()  # Otherwise a hook that fails would be taken for a queue that stands still.
    for task in waiting:
        verify.equal(tasks.wait(account, task), DONE, f"state of each of {len(waiting)} tasks")
        _has_a_result(account, task, target, tasks, verify, [])


@verifies("providers.synchronous")
@costs(requests=2, pages=4)
@pytest.mark.parametrize("name", ["page.png", "three-pages.pdf"])
def test_has_stored_its_result(
    account: Account, target: Target, tasks: Tasks, verify: Verify, synchronous_provider: Provider, name: str
) -> None:
    # A small image is sent where forms meet. Nobody need find the words of a large white one.
    large = uncompressed(target.contract.limit.decimal_bytes // 4) if name == "page.png" else None
    task = submitted(account, target, synchronous_provider, large or document(name))
    with control("the task can be looked up"):
        status = tasks.status_at_once(account, task)
    verify.equal(status, DONE, "state right after the answer")
    if not large:
        tasks.status(account, task)  # What is stored is there for a second look as well.
    _has_a_result(account, task, target, tasks, verify, *([[]] if large else []))
    if not large:
        tasks.finished[synchronous_provider.name] = Finished(account=account, task_id=task, at=time.monotonic())


@looks_back
@verifies("providers.synchronous")
@costs(requests=1, pages=1)
def test_its_result_stays_stored(
    account: Account, target: Target, tasks: Tasks, verify: Verify, synchronous_provider: Provider
) -> None:
    if synchronous_provider.name not in tasks.finished:
        task = submitted(account, target, synchronous_provider)
        with control("the task is found, and has its result"):
            verify.equal(tasks.status(account, task), DONE, "state")
            _has_a_result(account, task, target, tasks, verify)
        tasks.finished[synchronous_provider.name] = Finished(account=account, task_id=task, at=time.monotonic())
    finished, status = tasks.finished[synchronous_provider.name], ""
    a_while_after(finished.at)
    with target.running.noticing("success.task_found"):
        status = tasks.status(finished.account, finished.task_id)
    if status:
        verify.equal(status, DONE, "a while after the answer, state")
        _has_a_result(finished.account, finished.task_id, target, tasks, verify)


def _has_a_result(account: Account, task: str, target: Target, tasks: Tasks, verify: Verify, *besides: object) -> None:
    """A task that is done has one, where results can be seen; `besides` are results that are none elsewhere."""
    if target.profile.account_api and target.profile.account_api.task_result:
        result = tasks.result(account, task)
        verify.holds(result in besides or result not in (None, {}, []), expected="a stored result", got=result)


@verifies("providers.synchronous")
@costs(requests=3, pages=3)
def test_does_not_wait_for_the_queue(
    account: Account, accounts: Accounts, target: Target, tasks: Tasks, verify: Verify, synchronous_provider: Provider
) -> None:
    if not target.offers(ACCOUNTS, QUEUE):
        raise Unverified("needs hooks that offer accounts and queue")
    with accounts.paused_queue(account), control("the task can be looked up"):
        status = tasks.status_at_once(account, submitted(account, target, synchronous_provider, PHOTOGRAPH))
    if status != DONE:
        with control("a task is done at once where no queue stands still"):
            other = accounts.usable()
            verify.equal(tasks.status_at_once(other, submitted(other, target, synchronous_provider)), DONE, "state")
    verify.equal(status, DONE, "while the queue stands still, state right after the answer")


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """The result of a task, and how many pages its document has, or at least those that the result has.

    `told`: the pages in the result, None where it does not tell them apart. `name` is that of the document.
    """

    name: str
    result: Any
    pages: int
    told: int | None


@pytest.fixture(params=["page.png", "page.jpg", "three-pages.pdf"])
def recognised(
    request: pytest.FixtureRequest, account: Account, target: Target, tasks: Tasks, positions_provider: Provider
) -> Recognised:
    """What a provider with word positions makes of a document whose words nobody can miss."""
    task = submitted(account, target, positions_provider, document(request.param))
    with control("the task reaches done"):
        status = tasks.wait(account, task)
        result = tasks.result(account, task)
    if status != DONE or result is None:
        raise Unverified("needs a task that is done and has a result")
    told = result.get("pages") if isinstance(result, dict) else None
    pages = max(document(request.param).pages, len(told) if isinstance(told, list) else 0)
    count = len(told) if isinstance(told, list) else None
    return Recognised(name=request.param, result=result, pages=pages, told=count)


@verifies("providers.word_positions")
@costs(requests=1, pages=3)
def test_places_each_word(recognised: Recognised, verify: Verify) -> None:
    words = placed_words(recognised.result)
    if not words and not text_of(recognised.result).strip():
        raise Unverified("needs a result in which some text was recognised")
    verify.holds(bool(words), expected="words with their places", got="none in the result")
    for word in words:
        verify.holds(len(word.text.split()) == 1, expected="a place for each word", got=f"one for {word.text!r}")
        # A line that was drawn may be read as a bar or a dash, which has none.
        is_read = word.has_area or not _letters(word.text)
        verify.holds(is_read, expected="a place with width and height", got=str(word))
        verify.holds(word.is_on_page, expected="a place on the page", got=str(word))
    told = recognised.told
    verify.holds(told in (None, recognised.pages), expected=f"{recognised.pages} pages in the result", got=told)
    # Two pages may have a word at the same place, but no two words of a page, unless it is one that was found twice.
    places = {(word.left, word.top, word.width, word.height) for word in words}
    enough = len(places) * recognised.pages >= len(set(words))
    verify.holds(enough, expected=f"different places for {len(words)} words", got=f"{len(places)} places")
    verify.holds(not are_crowded(words), expected="places in pixels of the page", got=f"{words[-1]} as the last one")
    _leaves_no_word_without_a_place(recognised, words, verify)
    parts = [(text_of(page), placed_words(page)) for page in pages_of(recognised.result, recognised.pages)]
    if any(words for _, words in parts):
        for text, words in parts:
            _places_all_letters(text, words, verify)
            own = {(word.left, word.top, word.width, word.height) for word in words}
            apart = f"a place of its own for each of {len(words)} words of a page"
            # A word that was found twice at the same place stands in the text but once.
            enough = len(own) >= min(len(words), len(text.split()))
            verify.holds(enough, expected=apart, got=f"{len(own)} places")


def _leaves_no_word_without_a_place(recognised: Recognised, words: list[PlacedWord], verify: Verify) -> None:
    text = text_of(recognised.result)
    _places_all_letters(text, words, verify)
    whole = {_letters(word.text) for word in words}
    longer = [word for word in map(_letters, text.split()) if len(word) > 1]
    found = sum(word in whole for word in longer)
    # Where a word ends is a matter of taste, and a text may have no spaces; that letters are no words is not.
    are_words = 2 * found >= len(longer) or _are_those_of(recognised.name, whole)
    verify.holds(are_words, expected=f"a place for each of {len(longer)} words", got=f"for {found}")


def _places_all_letters(text: str, words: list[PlacedWord], verify: Verify) -> None:
    read = [_letters(word.text) for word in words]
    placed = "".join(read)
    missing = {word for word in text.split() if _letters(word) not in placed}
    # A text may be corrected once its words were read; then each of those has its place as it was read.
    as_read = {word for word in read if word not in _letters(text)}
    told = f"a place for the words {', '.join(sorted(missing))}"
    verify.holds(len(missing) <= len(as_read), expected=told, got=", ".join(sorted(as_read)) or "none")
    enough = len(placed) >= len(_letters(text)) or bool(missing)
    verify.holds(enough, expected=f"places for {len(_letters(text))} letters", got=f"for {len(placed)}")


@verifies("providers.word_positions")
@costs(requests=1, pages=3)
def test_places_each_word_where_it_stands(recognised: Recognised, verify: Verify) -> None:
    known = unique_words(recognised.name)
    told = pages_of(recognised.result, len(known))
    found = [_once(placed_words(page), theirs) for page, theirs in zip(told, known, strict=False)]
    if not any(len(words) >= len(theirs) / 2 for words, theirs in zip(found, known, strict=False)):
        raise Unverified("needs a result that has most words of a page, and tells its size")
    for number, words in enumerate(found, start=1):
        verify.holds(bool(words), expected=f"the words of page {number} on it", got="none of them")
        for word, theirs in words:
            stands = word.is_near(theirs) and word.is_as_large(theirs)
            verify.holds(stands, expected=f"{word.text!r} where it stands, at {theirs}", got=str(word))


def _once(words: list[PlacedWord], known: dict[str, PlacedWord]) -> list[tuple[PlacedWord, PlacedWord]]:
    """Words of a page beside those that are known. What stands there once and was read twice was misread somewhere."""
    often = Counter(word.text for word in words)
    return [
        (word, known[word.text])
        for word in words
        if word.text in known and often[word.text] == 1 and word.page is not None
    ]


def _are_those_of(name: str, found: set[str]) -> bool:
    """Whether most words of a document are among these, however they are put together in a text."""
    known = {_letters(word.text) for page in fixture(name).page_details for word in page.words}
    return 2 * len(known & found) >= len(known)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
