"""`startocr-conformance doctor`: the preflight on its own, and what the profile opens."""

from contextlib import closing

import click
from rich.markup import escape
from rich.table import Table

from conformance.commands.ending import told_in_one_line
from conformance.commands.options import with_contract, with_profile
from conformance.commands.terminal import Terminal
from conformance.profile.profile import Profile
from conformance.redaction import Redactor
from spec import Contract


@click.command()
@with_profile
@with_contract
def doctor(profile: Profile, contract: Contract) -> None:
    """Look whether a deployment can be judged, and what its profile opens. Nothing that costs a page is sent.

    Exit status: 0 a run could begin, 2 it could not.
    """
    from conformance.session.capabilities import CAPABILITIES
    from conformance.session.course import Course
    from conformance.session.preflight import preflight
    from conformance.session.run import prepared
    from conformance.wire.traffic import Traffic

    terminal, redactor = Terminal(soft_wrap=True), Redactor(profile.secrets)
    with told_in_one_line(redactor):
        run = prepared(contract, profile, Course(), Traffic(), redactor)
        with closing(run.target.client):
            preflight(run.target)
    table = Table(box=None, pad_edge=False)
    for heading in ("capability", "", "rules that need it", "opened by"):
        table.add_column(heading)
    for name, capability in CAPABILITIES.items():
        rules = sum(name in rule.needs for rule in contract.rules.values())
        here = capability.present(run.target)
        table.add_row(name, "[green]yes[/]" if here else "[yellow]no[/]", str(rules), "" if here else capability.opens)
    opened = [rule for rule in contract.rules if not run.lacking(rule)]
    terminal.print(f"{escape(redactor.text(profile.base_url))} can be judged.\n")
    terminal.print(table)
    terminal.print(f"\n{len(opened)} of {len(contract.rules)} rules can be seen.{_assumed(profile)}")


def _assumed(profile: Profile) -> str:
    api = profile.account_api
    if api is None or api.stated:
        return ""
    return " The account API is only assumed: a run tries it first."
