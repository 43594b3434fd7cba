"""The report as Markdown, for an issue or a summary of continuous integration."""

from conformance.reports import ORDER
from conformance.reports.rows import Report, Row, rows
from conformance.reports.terminal import counts


def markdown(report: Report) -> str:
    """Return what needs work first, then all in one table."""
    product, found = report["product"], rows(report)
    bad = [row for row in found if row.word not in ("PASS", "N/A")]
    ended = "reached" if report["reached"] else "not reached"
    title = f"{_safe(product['name'])} {_safe(product['version'])}: level {report['level']} {ended}"
    words = f"Run {report['run']}, {report['mode']}, profile {report['profile']}"
    return "\n".join(
        [
            f"# {title}",
            "",
            f"{words}, suite {report['suite']}. {counts(report).plain}",
            "",
            *(line for row in sorted(bad, key=_urgency) for line in _section(row)),
            "| Verdict | Requirement | |",
            "|---|---|---|",
            *(_line(row) for row in found),
            "",
        ]
    )


def _urgency(row: Row) -> int:
    return ORDER.index(row.word)


def _section(row: Row) -> list[str]:
    told = row.verdict
    points = {"Expected": told["expected"], "Observed": told["observed"], "Fix": told["fix"]}
    return [
        f"## {row.word}: {told['id']} {_safe(told['title'])} ({told['keyword']})",
        "",
        *(f"- {name}: {_safe(text)}" for name, text in points.items() if text),
        "",
    ]


def _line(row: Row) -> str:
    told = row.verdict
    return f"| {row.word} | {told['id']} {told['keyword']} | {_safe(told['title'])} |"


def _safe(text: str) -> str:
    """Return a text that stays text in Markdown."""
    for each in "\\`*_<>|[]":
        text = text.replace(each, f"\\{each}")
    return " ".join(text.split())
