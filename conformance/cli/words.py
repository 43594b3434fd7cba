"""What several subcommands share: their options, and how they end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import httpx

from conformance import requirements
from conformance.adapters import AdapterProblem
from conformance.runner.config import NAME, Config, read
from conformance.runner.kept import Kept
from conformance.runner.outcome import Exit
from conformance.runner.problem import HubTrouble, Misconfigured
from conformance.runner.runs import Runs

config = click.option(
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=NAME,
    show_default=True,
    help="Where the hub is, who you are, how your product is driven.",
)
json_lines = click.option(
    "--json-lines", is_flag=True, help="Write one JSON object for each event."
)
run_id = click.argument("run", required=False, metavar="[RUN]")


def level(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """Return the number of a level, which is written 1 or L1; a callback of click."""
    found = re.fullmatch(r"[Ll]?([1-4])", value)
    if not found:
        raise click.BadParameter("Levels are L1 to L4.", ctx, param)
    return int(found[1])


def ids(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return ids of requirements as the register writes them; a callback of click."""
    known = requirements.requirements()
    for each in values:
        if each.upper() not in known:
            raise click.BadParameter(f"There is no requirement {each}.", ctx, param)
    return tuple(each.upper() for each in values)


@contextmanager
def ending() -> Iterator[None]:
    """End the command with its number and a sentence when something keeps it from going on."""
    try:
        yield
    except Misconfigured as problem:
        _end(Exit.CONFIGURATION, f"CONFIG  {problem.sentence}\n   fix  {problem.fix}")
    except AdapterProblem as problem:
        fix = "Look at adapter in wcf.yaml."
        _end(Exit.CONFIGURATION, f"CONFIG  {problem}\n   fix  {fix}")
    except HubTrouble as trouble:
        _end(Exit.HUB, f"HUB  {trouble}")
    except httpx.HTTPError as trouble:
        _end(Exit.HUB, f"HUB  The connection broke ({type(trouble).__name__}).")


def settings(path: Path) -> tuple[Config, Kept]:
    """Return the configuration, and what is kept beside it."""
    found = read(path)
    return found, Kept(found.kept())


def runs(found: Config) -> Runs:
    """Return the runs of the configured hub."""
    from conformance.runner.connection import connect  # noqa: PLC0415 - quick help

    return Runs(connect(found).http)


def _end(code: Exit, text: str) -> NoReturn:
    click.echo(text, err=True)
    raise SystemExit(int(code))
