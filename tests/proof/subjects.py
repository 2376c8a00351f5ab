"""What is judged: defects and variants, by name; and the few that stand for the others."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from tests.defects.catalogue import DEFECTS
from tests.variants.catalogue import VARIANTS

# The reference server itself, and those that differ from it in many things at once, or where mistakes are likely.
FEW_VARIANTS = (
    "reference",
    "accepted_and_nested",
    "lenient",
    "strict",
    "old_and_chatty",
    "vendor_shaped",
    "too_large_is_cut_off",
    "late_balances",
    "one_key",
)

# For a rule whose first defects have many a look at a balance or a task wait in vain: one that is told at once.
QUICKER = (
    *("small_account_pays_too", "pdf_in_a_data_uri_costs_one", "data_uri_deducted_when_processed"),
    *("balance_looked_at_too_early_by_one_provider", "refund_cannot_be_spent", "removed_pages_counted"),
    *("cut_json_charged", "second_task_never_starts", "task_found_when_done"),
)


def everything() -> list[str]:
    return [*DEFECTS, *VARIANTS]


def one_of_each_rule() -> list[str]:
    """The first defect of each rule, or a quicker one."""
    chosen = {DEFECTS[name].rule: name for name in (*reversed(DEFECTS), *QUICKER)}
    return [name for name in DEFECTS if name in chosen.values()]


def a_few() -> list[str]:
    return [*one_of_each_rule(), *FEW_VARIANTS]


def matching(patterns: Iterable[str]) -> list[str]:
    """The defects and variants whose name, and the defects whose rule, is like one of the patterns."""
    return [name for name in everything() if any(_is_like(name, pattern) for pattern in patterns)]


def _is_like(name: str, pattern: str) -> bool:
    rule = DEFECTS[name].rule if name in DEFECTS else ""
    return fnmatchcase(name, pattern) or fnmatchcase(rule, pattern)
