"""The options that every command on schemas has, and what the command gets for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from app.cli import option
from app.cli.access_token import Credentials
from app.cli.running import running
from app.cli.schema import screen
from app.cli.schema.hub import StaffHub
from app.cli.schema.refusal import Shut, Unusable
from app.cli.schema.screen import Screen
from app.demo_clients import STAFF


@dataclass(frozen=True)
class Desk:
    """Where a command works: the hub it asks, and the screen or the JSON it answers with."""

    hub: StaffHub
    screen: Screen
    as_json: bool

    def answer(self, value: Any, show: Callable[[], None]) -> None:
        """Print `value` as JSON when that is asked for, else show it to people."""
        if self.as_json:
            screen.as_json(value)
        else:
            show()

    def done(self, value: Any, *lines: str) -> None:
        """Say what was done, and in further lines what comes next."""
        self.answer(value, lambda: self._say(lines))

    def warn(self, line: str) -> None:
        """Say what is wanting, when anything is, beside the answer."""
        if line:
            click.echo(line, err=True)

    def _say(self, lines: tuple[str, ...]) -> None:
        for at, line in enumerate(lines):
            self.screen.say(line, "" if at else "bold")


def staffed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command its desk as the first argument, and the options that say which."""

    @wraps(command)
    def run(  # noqa: PLR0913 - click hands over one argument for each option
        client: str,
        url: str | None,
        data: Path | None,
        secret_file: Path | None,
        key_file: Path | None,
        *,
        as_json: bool,
        **more: Any,
    ) -> None:
        with _refusals(as_json=as_json):
            folder = option.settings(data=data).data
            who = Credentials(client, folder, secret_file, key_file)
            with StaffHub.opened(url or running(folder).url, who) as hub:
                command(Desk(hub, Screen(), as_json), **more)

    found: Callable[..., None] = run
    for each in reversed(OPTIONS):
        found = each(found)
    return found


OPTIONS = (
    click.option(
        "--as",
        "client",
        metavar="CLIENT",
        default=STAFF,
        show_default=True,
        help="Staff client to ask as.",
    ),
    click.option("--url", help="Base of the hub; else the hub that runs on the data folder."),
    option.data,
    option.secret_file,
    option.key_file,
    option.as_json,
)


@contextmanager
def _refusals(*, as_json: bool) -> Iterator[None]:
    """Let what the shared rooms refuse, such as no token, end the command with 2."""
    try:
        yield
    except Shut as shut:
        if as_json and shut.body:
            screen.as_json(shut.body)
        raise
    except click.ClickException as refusal:
        if type(refusal) is click.ClickException:
            raise Unusable(refusal.message) from None
        raise
