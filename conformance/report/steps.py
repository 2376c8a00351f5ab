"""The steps of a failed test in words, in their order: who sent what, what was answered, what a balance was then.

What is done several times in a row, such as looks at a balance or submissions together, is told once, with all that
came of it.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from string import ascii_uppercase
from typing import Any
from urllib.parse import urlsplit

from conformance.report.difference import difference
from conformance.wire.exchange import Answer, Request, strings
from conformance.wire.trail import Key, Step

MOST_LINES, FIRST_LINES = 24, 6
LONGEST_ANSWER, LONGEST_VALUE = 100, 60
# What is told of a submission in words of its own.
IN_WORDS = {
    "connection",
    "header Authorization",
    "header Origin",
    "member imageBase64",
    "member filename",
    "member provider",
}

Redact = Callable[[str], str]


def told(steps: Sequence[Step], codes: Collection[str], redact: Redact) -> list[str]:
    """A line for each, without secrets; `codes` are the documented error codes. Of very many, some are left out."""
    lines = list(_Story(steps, codes, redact).lines())
    if len(lines) <= MOST_LINES:
        return lines
    left_out = len(lines) - MOST_LINES + 1
    return [*lines[:FIRST_LINES], f"… {left_out} more steps …", *lines[FIRST_LINES + left_out :]]


class _Story:
    """Calls accounts by letters, in the order in which they come, and each by what it was made with."""

    def __init__(self, steps: Sequence[Step], codes: Collection[str], redact: Redact) -> None:
        self._codes, self._redact = codes, redact
        used = {step.key.account_id for step in steps if step.key and not _resumes(step)}
        # Accounts are created beforehand, and a queue is resumed while the next test is under way already.
        told = [step for step in steps if _is_no_hook(step) or (step.key and step.key.account_id in used)]
        self._steps = [step for together in _by_moment(told) for step in sorted(together, key=_sender_of)]
        accounts = dict.fromkeys(step.key.account_id for step in self._steps if step.key)
        self._letters = {account: _letter(place) for place, account in enumerate(accounts)}

    def lines(self) -> Iterator[str]:
        known: set[str] = set()
        for doing, group in groupby(self._steps, self._doing):
            steps = list(group)
            key = steps[0].key
            if key and key.account_id not in known:
                known.add(key.account_id)
                yield f"{self._account(key)} was made with {_several(key.pages, 'page')}"
            yield doing + self._outcome(steps)

    def _account(self, key: Key) -> str:
        return f"account {self._letters[key.account_id]}"

    def _doing(self, step: Step) -> str:
        request = step.request
        if request.kind == "hook":
            return self._arranged(step, step.key) if step.key else ""
        origin = request.headers.get("Origin")
        page = f" from a page of {_shortened(self._redact(origin))}" if origin is not None else ""
        return f"{self._asked(step)}{page}, {self._sender(step)}"

    def _arranged(self, step: Step, key: Key) -> str:
        """What a hook was called for."""
        account, path = self._account(key), urlsplit(step.request.url).path
        match step.request.method, path.rpartition("/")[2]:
            case "POST", "keys":
                return f"{account} gets a further key"
            case "DELETE", _:
                return f"key {key.number} of {account} is revoked"
            case "PUT", "task-failures":
                count = _json(step.request)["count"]
                return f"the next {f'{count} tasks' if count > 1 else 'task'} of {account} cannot be created"
            case "PUT", "queue":
                return f"the queue of {account} " + ("stands still" if _json(step.request)["paused"] else "goes on")
        return f"the balance of {account}"

    def _asked(self, step: Step) -> str:
        request = step.request
        if request.kind != "submission":
            return f"{request.method} {self._redact(urlsplit(request.url).path)}"
        rows = [row for row in difference(request, self._redact) if _is_told(str(row["part"]), step)]
        faults = [f", {row['part']} {_shortened(row['request'] or 'left out')}" for row in rows]
        together = ", at the same moment as others" if step.together else ""
        together += ", on the same connection as the one before" if request.after else ""
        return f"submits {_file(step)}{''.join(faults)}{together}"

    def _sender(self, step: Step) -> str:
        if step.key is not None:
            return f"key {step.key.number} of {self._account(step.key)}"
        sent = step.request.headers.get("Authorization")
        return "no key" if sent is None else f"Authorization: {_shortened(self._redact(sent))}"

    def _outcome(self, steps: Sequence[Step]) -> str:
        request = steps[0].request
        if request.kind == "hook":
            return f": {_one_after_the_other(map(_pages, steps))}" if request.method == "GET" else ""
        outcomes = list(map(self._answered, steps))
        if request.kind == "submission":
            task = f", task {self._task(steps[0])}" if len(steps) == 1 and self._task(steps[0]) else ""
            counted = ", ".join(f"{number} × {what}" for what, number in Counter(outcomes).items())
            return f" → {counted if steps[0].together else _one_after_the_other(outcomes)}{task}"
        return f" → {_one_after_the_other(outcomes)}"

    def _task(self, step: Step) -> str:
        """The task that an accepted submission names."""
        members = _json(step.answer) if step.answer and step.answer.is_success else None
        named = members.get("taskId", "") if isinstance(members, dict) else ""
        return self._redact(_shortened(str(named)))

    def _answered(self, step: Step) -> str:
        answer = step.answer
        if answer is None:
            return "no answer"
        if step.request.kind != "submission":
            return self._redact(_shortened(_brief(answer), LONGEST_ANSWER))
        named = dict.fromkeys(text for _, text in strings(_json(answer)) if text in self._codes)
        return " ".join([str(answer.status), *named])


def _file(step: Step) -> str:
    """What was submitted, of which members that a plain submission has not are told elsewhere."""
    request, members = step.request, _json(step.request)
    if not isinstance(members, dict):
        return f"a body of {step.size:,} bytes"
    name = members.get("filename", "a file without a name")
    about = [_several(request.pages, "page"), f"{step.size:,} bytes", *([request.told] if request.told else [])]
    image = members.get("imageBase64")
    form = " as a data URI" if isinstance(image, str) and image.lower().startswith("data:") else _odd(members)
    provider = members.get("provider", "no provider by name")
    return f"{_shortened(str(name))} ({'; '.join(about)}){form} to {provider}"


def _is_no_hook(step: Step) -> bool:
    return step.request.kind != "hook"


def _resumes(step: Step) -> bool:
    """Whether a hook lets a queue go on."""
    return not _is_no_hook(step) and _json(step.request) == {"paused": False}


def _sender_of(step: Step) -> tuple[str, int, bytes]:
    """What puts those together that are told as one."""
    return (step.key.account_id, step.key.number, step.request.content) if step.key else ("", 0, step.request.content)


def _by_moment(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Those that were sent at the same moment have no order; each of the others stands alone."""
    for is_together, group in groupby(steps, lambda step: step.together):
        found = list(group)
        yield from [found] if is_together else ([alone] for alone in found)


def _brief(answer: Answer) -> str:
    """The status, and the short members of a JSON object, such as a state or a balance; otherwise its beginning."""
    members = _json(answer)
    if not isinstance(members, dict):
        return answer.summary
    short = {name: value for name, value in members.items() if isinstance(value, str | int | float)}
    texts = {name: json.dumps(value, ensure_ascii=False) for name, value in short.items()}
    return " ".join(
        [str(answer.status), ", ".join(f"{name} {text}" for name, text in texts.items() if len(text) <= 20)]
    )


def _odd(members: dict[str, Any]) -> str:
    """What stands in the place of the Base64 of a file, if it is something short or nothing."""
    if "imageBase64" not in members:
        return " without imageBase64"
    text = json.dumps(members["imageBase64"], ensure_ascii=False)
    return f" with imageBase64 {text}" if len(text) <= LONGEST_VALUE else ""


def _is_told(part: str, step: Step) -> bool:
    is_of_the_body = part == "body" or part.startswith("member ")
    return part not in IN_WORDS and not (is_of_the_body and step.is_cut)


def _pages(step: Step) -> str:
    """The balance that a hook told."""
    told = _json(step.answer) if step.answer else None
    return _several(told["pages"], "page") if isinstance(told, dict) and "pages" in told else "not told"


def _json(message: Request | Answer) -> Any:
    """What a body says; None where it is no JSON."""
    try:
        return json.loads(message.content)
    except (ValueError, RecursionError):
        return None


def _one_after_the_other(outcomes: Iterable[str]) -> str:
    return ", then ".join(outcome for outcome, _ in groupby(outcomes))


def _several(number: object, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _letter(place: int) -> str:
    return ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)
