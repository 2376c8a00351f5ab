"""Two reports side by side: what fails, passes or stays unseen that did not before, and which readings have changed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.mistakes import NotJudgedError
from conformance.report import status
from conformance.report.summary import text
from conformance.report.view import Report, elected, gates, is_broken, with_verdict

ABSENT = "absent"
LONGEST_REASON = 300
NEWS = {"failed": "newly failing", "passed": "newly passing", "unverified": "newly unverified", "error": "newly broken"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """A rule or a question of which the two reports say something else; `counts` says that it makes a regression."""

    news: str
    id: str
    old: str
    new: str
    reason: str = ""
    counts: bool = False


def whole(report: Report, place: str) -> Report:
    """The same report, with which another one can be compared. Raises NotJudgedError if its run broke."""
    if is_broken(report):
        why = [*report["faults"], *(f"{rule['id']}: {rule['reason']}" for rule in with_verdict(report, "error"))][0]
        raise NotJudgedError(f"{place}: nothing can be compared with a run that broke ({why}): make it again")
    return report


def changes(old: Report, new: Report) -> list[Change]:
    """What the new report says otherwise than the old one: rules, elected readings, and readings that were seen."""
    return [*_rules(old, new), *_elections(old, new), *_readings(old, new)]


def _rules(old: Report, new: Report) -> Iterator[Change]:
    before = {rule["id"]: rule for rule in old["rules"]}
    for news in NEWS:
        for rule in with_verdict(new, news):
            was = before[rule["id"]]["verdict"] if rule["id"] in before else ABSENT
            if was != news:
                counts = news == "error" or (gates(new, rule) and (news, was) != ("unverified", ABSENT))
                reason = "" if news == "passed" else rule["reason"]
                yield Change(news=NEWS[news], id=rule["id"], old=was, new=news, reason=reason, counts=counts)
    after = {rule["id"] for rule in new["rules"]}
    for name, rule in before.items():
        if name not in after:
            yield Change(news="not looked at any more", id=name, old=rule["verdict"], new=ABSENT)


def _elections(old: Report, new: Report) -> Iterator[Change]:
    before = {question["id"]: question["verdict"] for question in elected(old)}
    for question in elected(new):
        was = before.get(question["id"], ABSENT)
        if question["verdict"] == "failed" != was:
            reason = f"the profile elects {question['elected']}"
            yield Change(news=NEWS["failed"], id=question["id"], old=was, new="failed", reason=reason, counts=True)


def _readings(old: Report, new: Report) -> Iterator[Change]:
    before = {question["id"]: question["reading"] for question in old["questions"]}
    for question in new["questions"]:
        was, now = before.get(question["id"]), question["reading"]
        if was != now and was is not None and now is not None:
            yield Change(news="reads otherwise", id=question["id"], old=was, new=now)


def compared_status(new: Report, found: list[Change], *, allow_unverified: bool = False) -> int:
    """The exit status of a comparison: only what is worse than before counts, and a run that saw nothing."""
    worse = {change.news for change in found if change.counts}
    if NEWS["failed"] in worse:
        return status.FAILED
    if new["faults"] or NEWS["error"] in worse:
        return status.BROKEN
    if not with_verdict(new, "passed") or (NEWS["unverified"] in worse and not allow_unverified):
        return status.UNVERIFIED
    return status.PASSED


def sent(old: Report, new: Report) -> str:
    """How much the two runs sent, in one line."""
    requests, pages = ((old[name], new[name]) for name in ("requests", "pagesSpent"))
    return f"{requests[0]} → {requests[1]} requests, {pages[0]} → {pages[1]} pages"


def markdown(old: Report, new: Report, found: list[Change]) -> str:
    """The comparison in GitHub's Markdown, for a comment on a pull request."""
    lines = [f"## {text(heading(old, new))}", "", f"{counted(found)} {sent(old, new)}."]
    if found:
        lines += ["", "| | rule or question | before | after | |", "| --- | --- | --- | --- | --- |"]
    for change in found:
        values = (change.old, change.new, change.reason[:LONGEST_REASON])
        lines.append(f"| {change.news} | `{change.id}` | {' | '.join(map(text, values))} |")
    return "\n".join(lines)


def heading(old: Report, new: Report) -> str:
    """Which deployments are compared; one that is compared with itself is named once."""
    names = dict.fromkeys([old["target"]["name"], new["target"]["name"]])
    return f"StartOCR conformance of {' and '.join(names)}, compared"


def counted(found: list[Change]) -> str:
    counter = Counter(change.news for change in found)
    return ", ".join(f"{number} {news}" for news, number in counter.items()) + "." if found else "Nothing has changed."
