"""Facts → one HTML page that needs nothing else: the kill matrix, defects by rules."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import conformance.report
from spec import load_contract
from tests.proof.facts import Facts, lacking
from tests.proof.subjects import everything
from tests.proof.summary import beside, is_blamed, is_killed, measured, peers

TEMPLATES = Path(__file__).with_name("templates")
STYLE = Path(conformance.report.__file__).parent / "templates" / "style.css"


def page(facts: Facts, told: list[str], *, judged: int, seconds: float) -> str:
    """`told`: what the suite did wrong in this run, which `judged` so many servers in so many seconds."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["coded"] = coded
    return environment.get_template("proof.html").render(
        facts=facts,
        told=told,
        judged=judged,
        servers=len(everything()),
        lacking=lacking(facts),
        seconds=seconds,
        rules=list(load_contract().rules),
        style=STYLE.read_text(encoding="utf-8"),
        killed=sum(map(is_killed, facts["defects"])),
        blamed=sum(map(is_blamed, facts["defects"])),
        beside=beside,
        runs=measured(facts),
        peers=peers(facts["peers"]) if facts["peers"] else "",
    )


def coded(text: str) -> Markup:
    """A sentence as HTML: what stands between backticks is code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before
