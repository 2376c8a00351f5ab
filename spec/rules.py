"""The grammar of a rule: a list item `id` Sentence. (standard: source; needs: one, another)"""

import re
from collections.abc import Mapping

from spec.model import Error, Rule
from spec.page import Item, Page

RULE = re.compile(r"`(?P<id>[a-z_]+\.[a-z0-9_]+)` (?P<sentence>.+?\.)(?: \((?P<notes>[^()]+)\))?")
NOTES = ("standard", "needs")
REFUSED_WITH = re.compile(r"refused with `(\w+)`")


def read_rules(page: Page, section_ids: Mapping[str, str], errors: Mapping[str, Error]) -> dict[str, Rule]:
    """All rules of a page by id, in its order. Raises DocumentError for a twice used id or an unknown error code."""
    rules: dict[str, Rule] = {}
    for section in page.sections:
        for item in section.items:
            rule = _rule(page, item, section_ids[section.title])
            if rule.id in rules:
                raise page.error(item.line, f"the rule id {rule.id!r} is used twice")
            if rule.error is not None and rule.error not in errors:
                raise page.error(item.line, f"rule {rule.id}: {rule.error!r} is not in the error table")
            rules[rule.id] = rule
    return rules


def _rule(page: Page, item: Item, section: str) -> Rule:
    match = RULE.fullmatch(item.text)
    if not match or any(f"({note}:" in match["sentence"] for note in NOTES):
        raise page.error(item.line, "a rule reads: `section.name` Sentence. (standard: source; needs: this, that)")
    notes = _notes(page, item, match["notes"])
    refused = REFUSED_WITH.search(match["sentence"])
    return Rule(
        id=match["id"],
        section=section,
        strength="standard" if "standard" in notes else "stated",
        sentence=match["sentence"],
        error=refused[1] if refused else None,
        needs=tuple(filter(None, notes.get("needs", "").split(", "))),
        source=notes.get("standard"),
    )


def _notes(page: Page, item: Item, text: str | None) -> dict[str, str]:
    notes: dict[str, str] = {}
    for note in text.split("; ") if text else ():
        name, _, value = note.partition(": ")
        if name not in NOTES or not value or name in notes:
            raise page.error(item.line, f"the closing parentheses hold 'standard: …' or 'needs: …', not {text!r}")
        notes[name] = value
    return notes
