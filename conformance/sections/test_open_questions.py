"""Open questions: what a target does where the documentation is silent. Every reading is right; each is reported.

`success_status`, `error_code_place`, `refusal_success` and `rate_limits` are seen in passing, by the verifiers and the
client.
"""

import base64
import codecs
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from conformance.outcomes import Unverified
from conformance.sections.refusals import GOVERNED, OTHER_KEYS
from conformance.session.marks import costs, observes
from conformance.session.run import Run
from conformance.target.accounts import Account, Accounts
from conformance.target.control import task_id
from conformance.target.documents import document, noise, png_with_padding
from conformance.target.submissions import Submission
from conformance.target.tasks import Tasks
from conformance.target.watch import slip
from conformance.verdicts.verify import Verify
from conformance.wire.exchange import Answer

Reading = Callable[[Verify, Answer], str]
Change = Callable[[Submission], Submission]


def named_fault(verify: Verify, answer: Answer) -> str:
    """How the target names what is wrong with the image or the key, if it finds anything wrong."""
    if answer.is_success:
        return "accepted"
    for reading, rules in {
        "missing": ("body.required_field", "auth.missing_key"),
        "invalid": ("body.invalid_image", "auth.unknown_key"),
    }.items():
        if any(verify.is_refusal(answer, rule) for rule in rules):
            return reading
    return "other" if answer.status < 500 else f"status {answer.status}"


def taken(verify: Verify, answer: Answer) -> str:
    """Whether the submission was accepted."""
    return either(answer, "accepted", "refused")


def either(answer: Answer, accepted: str, refused: str) -> str:
    if answer.status >= 500:
        return f"status {answer.status}"
    return accepted if answer.is_success else refused


def image_text(change: Callable[[str], str]) -> Change:
    """The plain submission with its Base64 written in another way."""
    return lambda plain: plain.with_members(imageBase64=change(str(plain.members["imageBase64"])))


def undocumented(value: str) -> Change:
    """The plain submission with a member more, given as JSON: what stands in it may be more than an encoder writes."""
    return lambda plain: replace(plain, content=plain.body[:-1] + b', "undocumented": %s}' % value.encode())


def _pdf_data_uri(plain: Submission) -> Submission:
    file = document("one-page.pdf")
    return plain.of(file).with_members(imageBase64=file.data_uri)


def _unpadded(plain: Submission) -> Submission:
    file = png_with_padding(2)
    return plain.of(file).with_members(imageBase64=file.base64.rstrip("="))


def _with_trailing_bits(plain: Submission) -> Submission:
    file = png_with_padding(2)
    letters = file.base64.rstrip("=")
    # The last letter holds two bits of the last byte, and four more, of which none is set.
    return plain.of(file).with_members(imageBase64=f"{letters[:-1]}{chr(ord(letters[-1]) + 1)}==")


def _of_bytes(content: bytes) -> Change:
    text = base64.b64encode(content).decode()
    return lambda plain: plain.with_members(imageBase64=text).without("filename")


PROBES: dict[str, tuple[Change, Reading]] = {
    "check_order": (
        lambda plain: replace(plain, authorization=None, content_type="text/plain", alone=True),
        lambda verify, answer: {401: "key_first", 415: "media_type_first"}.get(answer.status, "other"),
    ),
    "empty_image": (lambda plain: plain.with_members(imageBase64=""), named_fault),
    "null_image": (lambda plain: plain.with_members(imageBase64=None), named_fault),
    "non_string_image": (lambda plain: plain.with_members(imageBase64=42), named_fault),
    "malformed_json": (lambda plain: replace(plain, content=plain.body[:-1]), named_fault),
    "not_a_number": (undocumented("NaN"), taken),
    "byte_order_mark": (lambda plain: replace(plain, content=codecs.BOM_UTF8 + plain.body), taken),
    "huge_integer": (undocumented("9" * 10_000), taken),
    "deep_nesting": (undocumented("[" * 2000 + "]" * 2000), taken),
    "many_values": (undocumented(f"[{','.join('0' * 150_000)}]"), taken),
    "non_object_json": (lambda plain: replace(plain, content=b"[]"), named_fault),
    "unknown_member": (
        lambda plain: plain.with_members(undocumented=True),
        lambda verify, answer: either(answer, "ignored", "refused"),
    ),
    "unknown_provider": (
        lambda plain: plain.with_members(provider="no-such-provider"),
        lambda verify, answer: either(answer, "default", "refused"),
    ),
    "null_provider": (
        lambda plain: plain.with_members(provider=None),
        lambda verify, answer: either(answer, "default", "refused"),
    ),
    "long_filename": (lambda plain: plain.with_members(filename=f"{'n' * 9_996}.png"), taken),
    "bearer_case": (
        lambda plain: replace(plain, authorization=f"bearer {str(plain.authorization).partition(' ')[2]}"),
        named_fault,
    ),
    "empty_token": (lambda plain: replace(plain, authorization="Bearer", alone=True), named_fault),
    "pdf_data_uri": (_pdf_data_uri, taken),
    "data_uri_octet_stream": (image_text("data:application/octet-stream;base64,{}".format), taken),
    "data_uri_without_type": (image_text("data:;base64,{}".format), taken),
    "data_uri_without_base64": (image_text("data:image/png,{}".format), taken),
    "base64_line_breaks": (image_text(lambda text: f"{text[:76]}\n{text[76:]}"), taken),
    "base64_url_safe": (image_text(lambda text: text.replace("+", "-").replace("/", "_")), taken),
    "base64_unpadded": (_unpadded, taken),
    "base64_trailing_bits": (_with_trailing_bits, taken),
    "unrecognised_bytes": (_of_bytes(b"neither an image nor a PDF"), taken),
    "broken_pdf": (lambda plain: plain.of(document("truncated.pdf")), taken),
    "encrypted_pdf": (lambda plain: plain.of(document("encrypted.pdf")), taken),
}


@costs(requests=5, pages=3)
@pytest.mark.parametrize("question", [pytest.param(name, marks=observes(name)) for name in PROBES])
def test_reads(question: str, plain: Submission, run: Run, verify: Verify) -> None:
    change, reading = PROBES[question]
    answer = run.target.send(change(plain))
    run.findings.observe(question, reading(verify, answer))
    # However it is read, that the server stumbles is no reading.
    is_about_the_key = answer.request.headers.get("Authorization") != plain.authorization
    if answer.status >= 500 and not _stumbles_anyway(plain, OTHER_KEYS if is_about_the_key else GOVERNED, run):
        told = slip("http.client_error", "no error of the server", answer.summary, answer)
        run.target.running.slips.append(told)


def _stumbles_anyway(plain: Submission, faults: Iterable[Change], run: Run) -> bool:
    """Whether the plain submission, or one with a fault that has a rule of its own, is an error of the server, too."""
    return any(run.target.send(change(plain)).status >= 500 for change in (lambda plain: plain, *faults))


@observes("megabyte")
@costs(requests=2, pages=1)
def test_counts_a_megabyte(plain: Submission, run: Run, verify: Verify) -> None:
    limit = run.contract.limit.binary_bytes
    scan = plain.of(noise(int(limit * 0.7)))
    answer = run.target.send(scan.filled_to(limit))
    run.findings.observe("megabyte", either(answer, "binary", "decimal"))
    # In neither reading a body of this size is the first one that is too large.
    if verify.is_refusal(answer, "limit.refused") and run.target.send(scan.filled_to(limit - 1)).is_success:
        expected = f"a body of {limit} bytes accepted, as one of {limit - 1} is"
        run.target.running.slips.append(slip("limit.accepted", expected, answer.summary, answer))


@observes("image_types")
@costs(requests=2, pages=3)
def test_takes_further_images(plain: Submission, run: Run) -> None:
    names = {"webp": "page.webp", "tiff": "two-pages.tiff"}
    taken = [kind for kind, name in names.items() if run.target.send(plain.of(document(name))).is_success]
    run.findings.observe("image_types", " ".join(taken) or "none")


@observes("image_pages")
@costs(requests=1, pages=2)
def test_counts_the_pages_of_an_image(account: Account, accounts: Accounts, run: Run) -> None:
    before = _balance(account, accounts, run)
    if not run.target.send(account.plain.of(document("two-pages.tiff"))).is_success:
        raise Unverified("TIFF is not taken")
    paid = before - accounts.balance(account)
    run.findings.observe("image_pages", {1: "one", 2: "frames"}.get(paid, f"{paid} pages"))


@observes("misleading_name")
@costs(requests=1, pages=3)
def test_takes_a_file_for_what_it_is_called(account: Account, accounts: Accounts, run: Run) -> None:
    file = document("three-pages.pdf")
    before = _balance(account, accounts, run)
    answer = run.target.send(account.plain.of(file).with_members(filename="page.png"))
    if not answer.is_success:
        run.findings.observe("misleading_name", "refused")
        return
    paid = before - run.balances.left(account, answer, before - file.pages, until_processed=False)
    run.findings.observe("misleading_name", {1: "name", file.pages: "content"}.get(paid, f"{paid} pages"))


@observes("partial_balance")
@costs(requests=1, pages=3)
def test_meets_a_balance_that_is_too_small(accounts: Accounts, run: Run) -> None:
    account = accounts.fresh(1)
    answer = run.target.send(account.plain.of(document("three-pages.pdf")))
    run.findings.observe("partial_balance", either(answer, "accepted", "refused"))
    # What is left then, be it nothing or a debt, is no more than there was.
    left = accounts.balance(account) if answer.is_success else 0
    if left > 1:
        run.target.running.slips.append(slip("billing.pdf_pages", "a balance of 1 at most", str(left), answer))


@observes("task_id_form")
@costs(requests=1, pages=1)
def test_forms_a_task_id(plain: Submission, run: Run) -> None:
    named = task_id(run.target.send(plain))
    forms = {"cuid": "c[lm][a-z0-9]{6,}", "uuid": "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"}
    form = next((form for form, pattern in forms.items() if re.fullmatch(pattern, named)), "other")
    run.findings.observe("task_id_form", form)


@observes("task_api")
@costs(requests=1, pages=1)
def test_has_a_task_api(account: Account, tasks: Tasks, run: Run) -> None:
    api = run.target.profile.account_api
    if run.target.untried and not run.target.has_tasks:
        raise Unverified(run.target.untried)
    if api is None or not run.target.has_tasks:
        run.findings.observe("task_api", "none")
        return
    tasks.status(account, task_id(run.target.send(account.plain)))
    run.findings.observe("task_api", "assumed" if api.task == "/api/tasks/{taskId}" else "profile")


@observes("task_states")
@costs(requests=1, pages=1)
def test_has_states(account: Account, accounts: Accounts, tasks: Tasks, run: Run) -> None:
    if not run.target.has_tasks:
        raise Unverified("needs account_api.task")
    with accounts.paused_queue(account):
        status = tasks.status(account, task_id(run.target.send(account.plain)))
    run.findings.observe("task_states", status)


@observes("foreign_origin_answer")
@costs(requests=1, pages=1)
def test_answers_a_foreign_page(plain: Submission, run: Run) -> None:
    answer = run.target.send(replace(plain, origin="https://foreign.example"))
    run.findings.observe("foreign_origin_answer", either(answer, "answered", "refused"))


def _balance(account: Account, accounts: Accounts, run: Run) -> int:
    if account.id is None and not run.target.has_balance:
        raise Unverified("needs a balance that can be seen")
    return accounts.balance(account)
