"""`hub schema diff`, `status`, `list`: what there is and how versions differ."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import click
from rich.text import Text
from rich.tree import Tree

from app.cli.schema import naming, report
from app.cli.schema.desk import Desk, staffed
from app.cli.schema.hub import Body
from app.cli.schema.screen import STYLES
from app.cli.schema.versions import uses, versions

STATUSES = ("draft", "in-review", "published", "deprecated", "retired", "rejected")


@click.command()
@click.argument("kind", metavar="TYPE")
@click.argument("old", metavar="FROM")
@click.argument("new", metavar="TO")
@staffed
def diff(desk: Desk, kind: str, old: str, new: str) -> None:
    """Compare two published versions of TYPE.

    Tells both directions and every change. Ends with 1 when the newer one is not compatible.
    """
    naming.number(old), naming.number(new)
    found = desk.hub.published(f"/{kind}/compare", **{"from": old, "to": new})
    desk.answer(found, lambda: report.compare(desk.screen, kind, old, new, found))
    if not report.is_compatible(found):
        raise SystemExit(1)


@click.command("list")
@click.option("--status", type=click.Choice(STATUSES), help="Those of this standing only.")
@staffed
def list_versions(desk: Desk, status: str | None) -> None:
    """List all versions of all types."""
    rows = [each for each in versions(desk.hub) if status in (None, each["status"])]
    heads = ("Id", "Status", "Made from", "Summary")
    cells = [
        (each["id"], each["status"], each.get("base", ""), _line(each.get("summary", "")))
        for each in rows
    ]
    desk.answer(rows, lambda: desk.screen.table(heads, cells))


@click.command()
@click.argument("kind", metavar="[TYPE]", required=False)
@staffed
def status(desk: Desk, kind: str | None) -> None:
    """Show where versions stand and who did what."""
    rows = [{**each, "uses": []} for each in versions(desk.hub, kind or "")]
    for each in uses(desk.hub, {row["type"] for row in rows}):
        for row in rows:
            if (row["type"], row["version"]) == (each["type"], each["version"]):
                row["uses"].append(each)
    desk.answer(rows, lambda: _tree(desk, rows))


def _tree(desk: Desk, rows: Iterable[Body]) -> None:
    for name, mine in groupby(rows, key=lambda each: str(each["type"])):
        tree = Tree(Text(name, style="bold"))
        for each in mine:
            branch = tree.add(_standing(each))
            for line in (*_story(each), *_uses(each)):
                branch.add(Text(line))
        desk.screen.console.print(tree)


def _standing(row: Body) -> Text:
    text = Text(f"{row['version']}  ")
    text.append(row["status"], style=STYLES.get(row["status"], ""))
    return text.append(f"  {_line(row.get('summary', ''))}", style="dim")


def _story(row: Body) -> Iterator[str]:
    """Yield who did what to a version, in order."""
    if row.get("authors"):
        yield f"written by {', '.join(row['authors'])}"
    for name, verb in (
        ("submission", "handed in"),
        ("rejection", "rejected"),
        ("approval", "approved"),
    ):
        yield from _step(row.get(name), verb)
    published = {"by": row.get("publishedBy", ""), "at": row.get("publishedAt", "")}
    yield from _step(published if published["at"] else None, "published")
    yield from _step(row.get("deprecation"), "deprecated")
    yield from _step(row.get("retirement"), "retired")


def _uses(row: Body) -> Iterator[str]:
    for each in row["uses"]:
        count = "once" if each["count"] == 1 else f"{each['count']} times"
        yield f"used by {each['client']}, {count}, last {each['last'][:10]}"


def _step(step: Body | None, verb: str) -> Iterator[str]:
    if step:
        by = f" by {step['by']}" if step.get("by") else ""
        until = f", ends on {step['sunset']}" if step.get("sunset") else ""
        reason = f": {_line(step['reason'])}" if step.get("reason") else ""
        yield f"{verb}{by} on {step['at'][:10]}{until}{reason}"


def _line(text: str) -> str:
    lines: Sequence[str] = text.strip().splitlines()
    return lines[0] if lines else ""
