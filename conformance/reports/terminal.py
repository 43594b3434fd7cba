"""The report on a terminal: acts in one line each, what needs work in three."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from conformance.reports import ORDER
from conformance.runner.outcome import chosen, open_musts
from conformance.stage import ACTS

STYLES = {
    "PASS": "green",
    "FAIL": "bold red",
    "WARN": "yellow",
    "NOT-EXERCISED": "bold yellow",
    "N/A": "dim",
    "SUITE-ERROR": "bold magenta",
    "CONFIG": "bold magenta",
}
COMMAND = "wioa-conformance"
WIDTH = 88
Report = Mapping[str, Any]


def summary(report: Report, only: Sequence[str] = ()) -> Iterator[Text]:
    """Yield the lines of a report."""
    yield heading(report)
    for line in _acts(report):
        yield Text(f"  {line}")
    bad = [each for each in chosen(report, only) if each["verdict"] not in ("PASS", "N/A")]
    for each in sorted(bad, key=lambda one: (ORDER.index(one["verdict"]), one["id"])):
        yield from _shown(each)
    yield counts(report)
    if report.get("certificate"):
        yield Text(
            f"Certificate of level {report['level']}, valid for twelve months.", "bold green"
        )


def heading(report: Report) -> Text:
    """Return the line that says what ran."""
    product = report["product"]
    words = [
        f"L{report['level']}",
        f"run {report['run']}",
        f"product {product['name']} {product['version']}",
        f"suite {report['suite']}",
        _lasted(report),
    ]
    return Text("  ".join(filter(None, words)), "bold")


def counts(report: Report) -> Text:
    """Return the line that says how it ended."""
    found = report["counts"]
    parts = [
        f"{found.get(word, 0)} {word if word == 'FAIL' else word.lower().replace('-', ' ')}"
        for word in reversed(ORDER)
        if word in {"PASS", "FAIL", "WARN", "NOT-EXERCISED", "N/A"} or found.get(word)
    ]
    text = f"{len(report['verdicts'])} requirements: {', '.join(parts)}"
    if report["reached"]:
        return Text(f"{text}  → L{report['level']} reached", "bold green")
    missing = open_musts(report)
    why = f"{missing} MUST open" if missing else "the journey was not walked to its end"
    return Text(f"{text}  → L{report['level']} not reached ({why})", "bold")


def _acts(report: Report) -> Iterator[str]:
    steps = report.get("steps") or ()
    for number, title in ACTS.items():
        mine = [each for each in steps if each["key"].startswith(f"A{number}-")]
        if mine:
            count = sum(each["status"] == "done" for each in mine)
            done = f"{count} of {len(mine)} step{'s' * (len(mine) != 1)}"
            yield f"Act {number}  {title} ".ljust(WIDTH - len(done) - 1, ".") + f" {done}"


def _shown(verdict: Mapping[str, Any]) -> Iterator[Text]:
    word = verdict["verdict"]
    line = Text.assemble(
        "   ", (word, STYLES[word]), f"  {verdict['id']} {verdict['keyword']}  {verdict['title']}"
    )
    yield line
    if verdict["expected"]:
        yield Text(f"         expected  {verdict['expected']}")
    if verdict["observed"]:
        seen = ", ".join(map(str, verdict["exchanges"]))
        yield Text(f"         observed  {verdict['observed']}{f' (exchange {seen})' * bool(seen)}")
    yield Text(f"         fix       {verdict['fix']}")
    yield Text(f"                   {COMMAND} explain {verdict['id']}", "cyan")


def _lasted(report: Report) -> str:
    try:
        began, ended = (datetime.fromisoformat(report[each]) for each in ("startedAt", "endedAt"))
    except (KeyError, ValueError, TypeError):
        return ""
    minutes, seconds = divmod(int((ended - began).total_seconds()), 60)
    return f"{minutes:02d}:{seconds:02d}"
