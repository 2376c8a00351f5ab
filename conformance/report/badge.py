"""Report → badge.svg: how many stated rules passed, for a README. Only a complete run has one.

A run that looked at some rules only, or broke, says nothing about a deployment as a whole.
"""

from xml.sax.saxutils import escape

from conformance.report.view import Report, counts, is_broken

LABEL = "StartOCR API"
COLOURS = {"passed": "#1f7a3d", "failed": "#b42318", "unverified": "#8a5a00"}
WIDE = 6.6  # Pixels of a character at this size, on average; `textLength` makes it exact.

TEMPLATE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}: {message}">
  <title>{label}: {message}</title>
  <clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#round)">
    <rect width="{left}" height="20" fill="#3d444d"/>
    <rect x="{left}" width="{right}" height="20" fill="{colour}"/>
  </g>
  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
    <text x="6" y="14" textLength="{label_length}">{label}</text>
    <text x="{start}" y="14" textLength="{message_length}">{message}</text>
  </g>
</svg>
"""


def badge(report: Report) -> str | None:
    """The badge as SVG; None for a run that is not complete."""
    if not report["whole"] or is_broken(report):
        return None
    message = _message(report)
    left, right = _width(LABEL), _width(message)
    return TEMPLATE.format(
        label=escape(LABEL),
        message=escape(message),
        colour=COLOURS[report["verdict"]],
        left=left,
        right=right,
        width=left + right,
        start=left + 6,
        label_length=left - 12,
        message_length=right - 12,
    )


def _message(report: Report) -> str:
    rules = [rule for rule in report["rules"] if report["strict"] or rule["strength"] == "stated"]
    passed = counts(rules)["passed"]
    kind = "rules" if report["strict"] else "stated rules"
    return f"{passed} of {len(rules)} {kind} passed"


def _width(text: str) -> int:
    return round(len(text) * WIDE) + 12
