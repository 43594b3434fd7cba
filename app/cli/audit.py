"""`hub audit`: check, seal and read the audit trail."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import click
import orjson

from app.checkpoints import Checkpoints
from app.cli import option
from app.cli.database import database
from app.composition import now, open_trail
from app.interactions.audit import account
from app.interactions.audit_check import Report, check
from app.keyring.seal_key import SealKey
from app.model.audit.query import AuditQuery, participant, period
from app.model.version import instant
from app.notary import SLOWEST, open_notary
from app.reports.disclosures import Disclosure, parameters
from app.store.audit_rows import id_at
from app.store.segments import Damaged, MongoSegments

PAGE = 200
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def audit() -> None:
    """Check, seal and read the audit trail of HUB_MONGODB_URI, or of the hub that runs."""


@audit.command()
@as_json
@option.data
def verify(*, as_json: bool, **given: Any) -> None:
    """Check every segment, row and checkpoint; end with 1 and the first fault when one is wrong."""
    with database(**given) as (settings, client):
        trail = MongoSegments(client[settings.database], client.start_session)
        key, kept = SealKey.load(settings.data), Checkpoints.of(settings).read()
        before = id_at(now() - SLOWEST - timedelta(seconds=settings.bundle_seconds))
        with _bar(trail.count()) as tick:
            report = check(trail, kept, key, before, tick)
    told = {**asdict(report), "whole": report.is_whole}
    click.echo(orjson.dumps(told).decode() if as_json else "\n".join(_sentences(report)))
    if not report.is_whole:
        sys.exit(1)


@audit.command()
@click.option("--late", is_flag=True, help="Seal rows too that came too late, marked as such.")
@option.data
def seal(*, late: bool, **given: Any) -> None:
    """Seal what is not sealed yet; `hub worker` does this all the time."""
    with database(**given) as (settings, client), _refusals():
        sealer = open_notary(settings, client, now).sealer
        done = sealer.round()
        done += sealer.admit() if late else 0
    click.echo(f"Sealed {done} rows.")


@audit.command()
@option.data
def checkpoint(**given: Any) -> None:
    """Add a checkpoint of the newest segment to the file, and print it."""
    with database(**given) as (settings, client), _refusals():
        made = open_notary(settings, client, now).checkpoint()
    if made is None:
        raise click.ClickException("Nothing is sealed yet.")
    click.echo(made.line.decode().rstrip())


@audit.command()
@click.argument("participant_id")
@click.option("--start", help="First day or moment, such as 2026-01-05.")
@click.option("--end", help="Last day or moment.")
@as_json
@option.data
def disclosures(
    participant_id: str, start: str | None, end: str | None, *, as_json: bool, **given: Any
) -> None:
    """Print to whom facts about a participant were given, when, why and on what ground."""
    with database(**given) as (settings, client):
        first, _ = period([f"ge{start}"] if start else [], "start")
        _, after = period([f"le{end}"] if end else [], "end")
        query = AuditQuery(
            first, after, participant=participant(participant_id), count=PAGE, at=now()
        )
        found = account(open_trail(settings, client), query)
    if as_json:
        click.echo(orjson.dumps(parameters(found)).decode())
    else:
        click.echo("\n".join(_table([HEAD, *map(_line, found.disclosures)])))


HEAD = ("at", "client", "partner", "agency", "what", "purpose", "basis", "labels", "resources")


def _line(each: Disclosure) -> tuple[str, ...]:
    who = (each.client or "", each.partner or "", each.agency or "")
    grounds = (", ".join(each.basis), ", ".join(each.labels), ", ".join(each.resources))
    return (instant(each.at), *who, each.interaction, each.purpose or "", *grounds)


def _table(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        pairs = zip(line, widths, strict=True)
        yield "  ".join(cell.ljust(width) for cell, width in pairs).rstrip()


def _sentences(report: Report) -> Iterator[str]:
    yield f"{report.segments} segments seal {report.rows} rows; they are as they were sealed."
    if report.fault is not None:
        yield f"Segment {report.segment}: {report.fault}"
    if report.unsealed:
        rows = "row is" if report.unsealed == 1 else "rows are"
        yield (
            f"{report.unsealed} {rows} in no segment, the first {report.first_unsealed}: inserted "
            "after its time, or no worker ran. hub audit seal --late lets them in."
        )
    if report.late:
        yield f"{report.late} of the rows came late and were let in by a person."
    if not report.checkpoints:
        yield "There is no checkpoint yet, so nobody could tell if the end were cut off."
    elif report.is_whole:
        yield f"All {report.checkpoints} checkpoints agree."


@contextmanager
def _bar(length: int) -> Iterator[Callable[[], None]]:
    """Yield what moves the progress bar on; it is shown to people only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=length, label="Checking", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (Damaged, OSError) as error:
        raise click.ClickException(str(error)) from error
