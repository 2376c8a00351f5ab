"""Facts → one HTML page that needs nothing else: the kill matrix, defects by rules."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import conformance.report
from spec import load_contract
from tests.proof.facts import Facts
from tests.proof.summary import is_blamed, is_killed

TEMPLATES = Path(__file__).with_name("templates")
STYLE = Path(conformance.report.__file__).parent / "templates" / "style.css"


def page(facts: Facts, told: list[str], seconds: float) -> str:
    """`told`: what the suite did wrong in this run; `seconds`: how long the run took."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("proof.html").render(
        facts=facts,
        told=told,
        seconds=seconds,
        rules=list(load_contract().rules),
        style=STYLE.read_text(encoding="utf-8"),
        killed=sum(map(is_killed, facts["defects"])),
        blamed=sum(map(is_blamed, facts["defects"])),
    )
