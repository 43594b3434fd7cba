"""Each form of the report by its name."""

import json
from collections.abc import Callable

from conformance.reports.junit import junit
from conformance.reports.markdown import markdown
from conformance.reports.page import html
from conformance.reports.rows import Report


def as_json(report: Report) -> str:
    """Return the hub's report as it is, in canonical order."""
    return json.dumps(report, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


FORMS: dict[str, Callable[[Report], str]] = {
    "html": html,
    "junit": junit,
    "md": markdown,
    "json": as_json,
}
"""Name → what makes it."""


def write(report: Report, form: str) -> str:
    """Return a report in a form."""
    return FORMS[form](report)
