"""`hub settings`: every setting with its default, as the README shows it."""

import ast
import inspect
from dataclasses import fields
from itertools import pairwise

import click

from app import settings as home
from app.settings import PREFIX, Settings


def table() -> str:
    """Return the Markdown table of all settings, made from their fields and docstrings."""
    said = _docstrings()
    rows = [
        f"| `{PREFIX}{field.name.upper()}` | {_shown(field.default)} | {said[field.name]} |"
        for field in fields(Settings)
    ]
    return "\n".join(["| variable | default | what it does |", "| --- | --- | --- |", *rows])


@click.command("settings")
def settings() -> None:
    """Print every setting, its default and what it does."""
    click.echo(table())


def _docstrings() -> dict[str, str]:
    body = next(
        node.body
        for node in ast.parse(inspect.getsource(home)).body
        if isinstance(node, ast.ClassDef) and node.name == Settings.__name__
    )
    return {
        field.target.id: " ".join(str(note.value.value).split())
        for field, note in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(note, ast.Expr)
        and isinstance(note.value, ast.Constant)
    }


def _shown(default: object) -> str:
    return f"`{default}`" if str(default) not in ("", ".") else "empty"
