"""Report → index.html: one page that a person opens, without a network and without a script.

What it shows is in `templates/`; here is only what they ask for. Everything is escaped unless it was made here.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.report import alike, charts, view
from conformance.report.view import Report, Row

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")
CODE = re.compile(r"`([^`]+)`")
LONG_TEXT = 500


def html(report: Report) -> str:
    """The page."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            failures=view.with_verdict(report, "failed", "error"),
            broken_elections=view.broken_elections(report),
            latencies=charts.latencies(report),
            shares=charts.shares(report),
        )
    )


def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 45 ms, of which other verbs need none

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(prose=_prose, told=view.told, duration=charts.duration, body=_body, lines=_lines)
    environment.globals.update(view=view, alike=alike, charts=charts, long_text=LONG_TEXT)
    return environment


def _prose(text: str) -> str:
    """A sentence of the documentation, in which `code` stands in backticks."""
    from markupsafe import Markup, escape

    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _body(message: Row) -> str:
    """The body of a request or a response as text; where it is long, its size and digest."""
    if "text" in message:
        return str(message["text"])
    return f"{message['bytes']:,} bytes, sha256 {message['sha256'][:16]}…"


def _lines(message: Row) -> list[str]:
    """The headers of a request or a response."""
    return [f"{name}: {value}" for name, value in message["headers"].items()]
