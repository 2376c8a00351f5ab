"""`startocr-conformance run --dry-run`: prints what a run would send."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from conformance.profile.profile import Profile
from conformance.redaction import Redactor
from conformance.session.plan import Plan, PlannedRow
from spec import Contract


def print_plan(console: Console, contract: Contract, profile: Profile, plan: Plan) -> None:
    """Print a plan for a person: a row for each rule, under the titles of the sections, then the sum."""
    base_url = Redactor(profile.secrets).text(profile.base_url)
    console.print(f"A run against {escape(base_url)} would submit at worst:\n")
    console.print(_table(contract, plan))
    console.print(f"\n{_who_pays(plan)}\nHooks, and looks at balances and tasks, come on top. Nothing was sent.")


def _table(contract: Contract, plan: Plan) -> Table:
    titles = {section.id: section.title for section in contract.sections}
    table = Table(box=None, pad_edge=False, show_footer=True)
    table.add_column("rule", "total", no_wrap=True)
    table.add_column("tests", justify="right")
    table.add_column("submissions", str(plan.requests), justify="right")
    table.add_column("pages", str(plan.pages), justify="right")
    table.add_column("cannot be sent without")
    section = ""
    for row in plan.rows:
        if row.section != section:
            section = row.section
            table.add_row(f"[bold]{escape(titles.get(section, ''))}[/]")
        table.add_row(*_cells(row), style=None if row.requests else "dim")
    return table


def _cells(row: PlannedRow) -> list[str]:
    tests = f"{row.tests} of {row.tests + row.left_out}" if row.left_out else str(row.tests or "")
    return [f"  {row.subject}" if row.section else row.subject, tests, str(row.requests), str(row.pages), _closed(row)]


def _closed(row: PlannedRow) -> str:
    """What a row lacks; one that lacks nothing itself has a test that other rules keep from being sent."""
    if row.left_out and not row.closed:
        return "what the other rules of a test need"
    return escape("; ".join(row.closed))


def _who_pays(plan: Plan) -> str:
    if not plan.is_paid:
        return "Nobody pays for these pages: all accounts come from the hooks, which are taken to offer everything."
    if plan.budget is None:
        return "All pages are paid with keys.valid; spend.pages sets no limit."
    return f"Pages are paid with keys.valid, at most {plan.budget} (spend.pages): what comes later stays unverified."
