"""`hub schema publish`, `deprecate`, `retire`: what the agencies notice."""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic, sleep

import click

from app.cli.schema import naming
from app.cli.schema.desk import Desk, staffed
from app.cli.schema.folder import version_of
from app.cli.schema.hub import Body
from app.cli.schema.review import names
from app.cli.schema.scan import Scanned, scanned
from app.cli.schema.versions import version

PAUSE, PATIENCE = 0.25, 20.0
"""Between two looks at the catalog, and in all, in seconds."""
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@names
@staffed
def publish(desk: Desk, names: Sequence[str]) -> None:
    """Publish what was approved.

    All stored documents are looked at first; then it waits until the hub serves the version.
    """
    row = version(desk.hub, naming.version_id(names))
    looked = scanned(desk, row["id"], version_of(row))
    row = version(desk.hub, row["id"])
    row = desk.hub.operation(row["id"], "publish", version=version_of(row))
    began = monotonic()
    current = _current(desk, row)
    desk.done(row, *_told(row, looked, current, monotonic() - began))


def _told(row: Body, looked: Scanned, current: str | None, seconds: float) -> Sequence[str]:
    name = f"{row['type']} {row['version']}"
    rest = f"{looked.checked:,} stored documents were looked at, {looked.invalid:,} are invalid."
    if current is None:
        return f"{name} is published; this hub does not serve it yet, look at /schemas.", rest
    standing = "current" if current == row["version"] else f"served; current is {current}"
    return f"{name} is published and {standing}, {seconds:.1f} s later.", rest


def _current(desk: Desk, row: Body) -> str | None:
    """Wait until the catalog tells of a version; return the current one, None when it does not."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        for kind in desk.hub.published().get("schemas", ()):
            numbers = [each["version"] for each in kind["versions"]]
            if kind["name"] == row["type"] and row["version"] in numbers:
                return str(kind["current"])
        sleep(PAUSE)
    return None


@click.command()
@names
@click.option("--sunset", required=True, metavar="YYYY-MM-DD", type=DAY, help="When it may end.")
@click.option("--reason", required=True, help="Why; agencies read it.")
@click.option("--alternative", metavar="X.Y.Z", help="Version to go to; else the newest.")
@staffed
def deprecate(
    desk: Desk, names: Sequence[str], sunset: datetime, reason: str, alternative: str | None
) -> None:
    """Say that a version will end, and when.

    Agencies are told so in every answer under it.
    """
    row = version(desk.hub, naming.version_id(names))
    given = {"sunset": sunset.date(), "reason": reason, "alternative": alternative}
    row = desk.hub.operation(row["id"], "deprecate", version=version_of(row), **given)
    desk.done(row, f"{row['type']} {row['version']} is deprecated and ends on {sunset.date()}.")


@click.command()
@names
@click.option("--reason", help="Why; agencies read it.")
@staffed
def retire(desk: Desk, names: Sequence[str], reason: str | None) -> None:
    """End a version that nobody uses.

    Data are neither written nor read under it any more; its text stays readable for ever.
    """
    row = version(desk.hub, naming.version_id(names))
    row = desk.hub.operation(row["id"], "retire", version=version_of(row), reason=reason)
    desk.done(row, f"{row['type']} {row['version']} is retired.")
