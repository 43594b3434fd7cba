"""`hub simulate`: agencies' systems at work on a running hub, with invented people."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import click
import orjson

from app.cli import option
from app.cli.running import running
from app.composition import new_id
from app.demo_clients import secrets_in
from app.simulation.elvis.play import play
from app.simulation.elvis.scene import BENEFITS, CAST, EDUCATION, STAFF, WORKFORCE
from app.simulation.memory import family_peak, own_peak
from app.simulation.people import MOST_PEOPLE, SEEDS, places, serial, unique_id
from app.simulation.story import Derailed, Story
from app.simulation.system import Connection, Refused, System, Unanswered
from app.simulation.year import Lost, Year
from app.simulation.year_plan import AGENCIES, OUTCOMES, PARTICIPANTS, REFERRALS_EACH, visits
from app.simulation.year_run import Tally, run

MIB = 1024 * 1024
CENTERS = "LocalCenter?center-type=win-job-center&_count=200"
PURPOSES = {
    WORKFORCE: "service-coordination",
    BENEFITS: "eligibility",
    EDUCATION: "service-coordination",
    STAFF: "administration",
}
"""What each system in the story asks for; a college's has the purpose of its registration."""
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def simulate() -> None:
    """Play the agencies' systems on the hub that runs, started with the demo clients."""


@dataclass(frozen=True)
class Stage:
    """The hub that runs, the way to it, and the secrets of its demo clients."""

    connection: Connection
    pid: int
    secrets: dict[str, str]

    def system(self, client: str, purpose: str = "") -> System:
        """Return the system of a demo client; raise ClickException when there is none."""
        if client not in self.secrets:
            raise click.ClickException(f"The hub has no demo client {client}.")
        return System(self.connection, client, self.secrets[client], purpose)


@simulate.command()
@option.data
@as_json
@click.pass_obj
def elvis(now: Callable[[], datetime], data: Path | None, *, as_json: bool) -> None:
    """Play the case study of one person, from the walk-in to the job, two years up to today.

    Each run has a new Elvis. Ends with 1 when the hub does not hold in the end what it should.
    """
    story = Story(tell=(lambda _line: None) if as_json else click.echo)
    with _stage(data) as stage:
        systems = {client: stage.system(client, PURPOSES.get(client, "")) for client in CAST}
        dice = Random(new_id())  # noqa: S311 - an invented person
        facts = play(systems, story, now().date(), dice)
    if as_json:
        told = {"acts": story.told(), "facts": [asdict(each) for each in facts]}
        click.echo(orjson.dumps(told).decode())
    if not all(each.holds for each in facts):
        sys.exit(1)


@simulate.command()
@click.option("--participants", type=click.IntRange(1, MOST_PEOPLE), default=PARTICIPANTS,
              show_default=True, help="People, with two referrals each on average.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, SEEDS - 1), default=1, show_default=True,
              help="Other seeds, other people; each plays once on a hub.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 32), default=2, show_default=True,
              help="Batches of people at once.")  # fmt: skip
@option.data
@as_json
def year(participants: int, seed: int, workers: int, data: Path | None, *, as_json: bool) -> None:
    """Play a state's year of referrals, calibrated to the published figures of 2018-2019.

    26,124 participants make the published 52,248 referrals between agencies; fewer make two each.
    Of the closed ones 54 % are served, 33 % no-show, 9 % declined, 4 % ineligible.
    """
    with _stage(data) as stage, ThreadPoolExecutor(workers) as pool:
        systems = {each: stage.system(each) for each in AGENCIES}
        planned = visits(participants, seed)
        _refuse_played(stage, unique_id(serial(seed, planned[0].number)))
        centers = places(systems[WORKFORCE].found(CENTERS))
        length, began = REFERRALS_EACH * participants, monotonic()
        with click.progressbar(length=length, label="Referrals", file=sys.stderr) as bar:
            tally = run(Year(systems, centers, seed), planned, pool, bar.update)
        told = _told(tally, stage, monotonic() - began)
    click.echo(orjson.dumps(told).decode() if as_json else "\n".join(_table(told)))


def _refuse_played(stage: Stage, first: str) -> None:
    """Raise ClickException when the first person of a year is in the hub already."""
    staff = stage.system(STAFF, PURPOSES[STAFF])
    if staff.found(f"ParticipantProfile?pirl-unique-id={first}"):
        text = "The year of this seed was played on this hub; choose another with --seed."
        raise click.ClickException(text)


def _told(tally: Tally, stage: Stage, seconds: float) -> dict[str, Any]:
    hub = family_peak(stage.pid)
    return {
        "created": tally.created,
        "closed": tally.closed,
        "fates": dict(sorted(tally.fates.items())),
        "percentOfClosed": tally.shares,
        "published": OUTCOMES,
        "requests": stage.connection.requests,
        "seconds": round(seconds, 1),
        "requestsPerSecond": round(stage.connection.requests / seconds, 1),
        "referralsPerSecond": round(tally.created / seconds, 1),
        "peakMiB": own_peak() // MIB,
        "hubPeakMiB": None if hub is None else hub // MIB,
    }


def _table(told: dict[str, Any]) -> Iterator[str]:
    yield f"{'Referrals created':<24}{told['created']:>9,}"
    yield f"{'Closed':<24}{told['closed']:>9,}{'of closed':>12}{'published':>12}"
    for name, share in told["published"].items():
        count, own = told["fates"].get(name, 0), told["percentOfClosed"][name]
        yield f"{'  ' + name:<24}{count:>9,}{own:>10} %{share:>10} %"
    for name in sorted(told["fates"].keys() - told["published"].keys()):
        yield f"{'Left ' + name:<24}{told['fates'][name]:>9,}"
    for name, key in (
        ("Requests", "requests"),
        ("Seconds", "seconds"),
        ("Requests/s", "requestsPerSecond"),
        ("Referrals/s", "referralsPerSecond"),
        ("Peak memory here, MiB", "peakMiB"),
        ("Of the hub, MiB", "hubPeakMiB"),
    ):
        if told[key] is not None:
            yield f"{name:<24}{told[key]:>9,}"


@contextmanager
def _stage(data: Path | None) -> Iterator[Stage]:
    folder = option.settings(data=data).data
    hub, secrets = running(folder), _secrets(folder)
    with Connection.opened(hub.url, new_id()) as connection:
        try:
            yield Stage(connection, hub.pid, secrets)
        except Refused as refusal:
            raise click.ClickException(f"The hub refused: {refusal}") from refusal
        except (Lost, Derailed, Unanswered) as error:
            raise click.ClickException(str(error)) from error


def _secrets(folder: Path) -> dict[str, str]:
    try:
        return secrets_in(folder)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
