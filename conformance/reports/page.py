"""The report as one page that needs no network: it can be mailed, kept and printed."""

from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.reports.redaction import redacted
from conformance.reports.rows import Report, rows
from conformance.reports.terminal import counts

_PAGES = Environment(
    loader=PackageLoader("conformance.reports", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
OPTIONAL = {"steps": (), "certificate": None, "seed": ""}


def html(report: Report) -> str:
    """Return the page."""
    found = rows(report)
    return _PAGES.get_template("report.html").render(
        report={**OPTIONAL, **report, "steps": redacted(list(report.get("steps", ())))},
        product=report["product"],
        counts=counts(report).plain,
        rows=found,
        levels=[(k, list(v)) for k, v in groupby(found, lambda row: row.verdict["level"])],
        notes=redacted(report.get("notes") or ""),
    )
