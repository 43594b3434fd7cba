"""`hub certificate`: what partners proved, as staff look after it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click

from app.cli.schema.desk import Desk, staffed

DAY = click.DateTime(["%Y-%m-%d"])
COLUMNS = "{:<24}{:<36}{:>5}  {:<10}  {:<10}{}"
reason = click.option("--reason", required=True, help="Why; the public list says it.")


@click.group()
def certificate() -> None:
    """Look after the certificates of partners, on the hub that runs, as a staff client.

    A certificate that ended lets its partner finish open referrals for 30 days more. Ends with 0
    when done, 2 for wrong use or no hub, 3 when the hub refused.
    """


@certificate.command("list")
@staffed
def list_certificates(desk: Desk) -> None:
    """List all certificates with their state: valid, ends-soon, grace, expired, revoked."""
    found = desk.hub.certificates()["certificates"]
    desk.done(found, *_table(found))


@certificate.command()
@click.argument("id")
@reason
@staffed
def revoke(desk: Desk, id: str, reason: str) -> None:
    """End a certificate at once, such as when a key was stolen."""
    found = desk.hub.certificates(f"/{id}/revoke", reason=reason)
    text = f"{id} is revoked; {found['partner']} keeps the level that staff gave it by hand."
    desk.done(found, text)


@certificate.command()
@click.argument("id")
@click.option("--until", type=DAY, required=True, help="The new last day, within a year.")
@reason
@staffed
def extend(desk: Desk, id: str, until: datetime, reason: str) -> None:
    """Let a certificate hold until another day."""
    day = until.date().isoformat()
    found = desk.hub.certificates(f"/{id}/extend", until=day, reason=reason)
    desk.done(found, f"{id} holds until {day}; {found['partner']} fetches it anew.")


def _table(found: list[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield "There are no certificates."
        return
    yield COLUMNS.format("CERTIFICATE", "PARTNER", "LEVEL", "ENDS", "STATE", "REASON")
    for each in found:
        ends = date.fromisoformat(each["ends"][:10])
        said = each["revoked"] or (each["extended"] or [{"reason": ""}])[-1]
        named = each["id"], each["partner"], each["level"]
        yield COLUMNS.format(*named, f"{ends}", each["state"], said["reason"]).rstrip()
