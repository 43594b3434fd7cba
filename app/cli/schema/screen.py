"""What a command shows to people: colour and tables on a terminal, plain text elsewhere."""

import json
from collections.abc import Sequence
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 200
"""Columns where no terminal says how many there are."""
STYLES = {
    **dict.fromkeys(("yes", "open", "published", "note"), "green"),
    **dict.fromkeys(("no", "shut", "rejected", "error"), "bold red"),
    **dict.fromkeys(("unknown", "deprecated", "in-review", "warning"), "yellow"),
    **dict.fromkeys(("draft",), "cyan"),
    **dict.fromkeys(("retired", "-", "not yet"), "dim"),
}
"""Word → its colour; a word says the same without it."""


class Screen:
    """The terminal, or the file that the output goes to; NO_COLOR is honoured by rich."""

    def __init__(self) -> None:
        self.console = _console(stderr=False)
        self.errors = _console(stderr=True)

    def say(self, text: str = "", style: str = "") -> None:
        """Print a line; nothing in it is markup."""
        self.console.print(Text(text, style=style))

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Print a table; cells that begin with a known word have its colour."""
        made = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD)
        for head in heads:
            made.add_column(head, overflow="fold")
        for row in rows:
            made.add_row(*map(coloured, row))
        self.console.print(made)


def coloured(cell: str) -> Text:
    """Return a cell in the colour of the word it begins with."""
    return Text(cell, style=STYLES.get(cell.partition(",")[0], ""))


def as_json(value: Any) -> None:
    """Print JSON for programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDE
        console.soft_wrap = True
    return console
