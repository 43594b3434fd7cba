"""`hub example`: a valid resource, ready to be posted to a seeded hub."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

import click
import jsonpatch

from app import seed
from app.cli import option
from app.composition import schema_folder
from app.model.codec import Resource
from app.model.element import values
from app.model.errors import UnknownType
from app.model.registry import load
from app.model.resource_type import ResourceType
from app.settings import Settings

FRESH_LENGTH = 12


@click.command()
@click.argument("kind", metavar="TYPE")
@click.option("--partner", metavar="ID", help="The partner that is to own it, such as mdrs-vr.")
@option.data
def example(kind: str, partner: str | None, **given: Any) -> None:
    """Print a valid resource of TYPE, such as ParticipantProfile.

    What it refers to is in the seeded data, and its business keys are new each time, so that it
    can be posted again and again, by a client of the partner that owns it.
    """
    settings = option.settings(**given)
    folder = schema_folder(settings)
    try:
        published = load(folder).type(kind)
    except UnknownType as error:
        types = ", ".join(error.issues[0].allowed)
        raise click.ClickException(f"There is no type {kind}; there are {types}.") from error
    body = _fullest(published, folder, settings)
    if partner and published.owners:
        body[published.owners[0]] = {"reference": f"Partner/{partner}"}
    click.echo(json.dumps(_with_fresh_keys(published, body), indent=2, ensure_ascii=False))


def _fullest(published: ResourceType, folder: Path, settings: Settings) -> Resource:
    """Return the longest published example that refers to seeded rows only, without id and meta."""
    seeded = seed.rows(settings.seed).keys()
    files = (folder / published.name / published.version / "valid").glob("*.json")
    for file in sorted(files, key=lambda each: (-each.stat().st_size, each.name)):
        body: Resource = json.loads(file.read_text("utf-8"))
        if all(key in seeded for key, _ in published.referred(body)):
            return {name: value for name, value in body.items() if name not in ("id", "meta")}
    raise click.ClickException(f"Every example of {published.name} refers to rows not seeded here.")


def _with_fresh_keys(published: ResourceType, body: Resource) -> Resource:
    for name in {name for key in published.unique for name in key}:
        for source in published.parameters[name].sources:
            for value, _, pointer in list(values(body, source.path)):
                if isinstance(value, str):
                    body = _freshened(published, body, pointer, value)
    return body


def _freshened(published: ResourceType, body: Resource, pointer: str, value: str) -> Resource:
    """Return `body` with another value at `pointer`, of the first form that the schema takes."""
    for fresh in _forms(value):
        changed = jsonpatch.apply_patch(body, [{"op": "replace", "path": pointer, "value": fresh}])
        if not published.faults(changed):
            return dict(changed)
    return body


def _forms(value: str) -> Iterator[str]:
    """Yield new values: letters and digits alone, then ever more like the old one."""
    yield "".join(secrets.choice(ascii_uppercase + digits) for _ in range(FRESH_LENGTH))
    for letters in (ascii_lowercase, "abcdef"):
        for kept in (0, 3):
            yield value[:kept] + "".join(_like(each, letters) for each in value[kept:])


def _like(character: str, letters: str) -> str:
    if character.isdigit():
        return secrets.choice(digits)
    if not character.isalpha():
        return character
    chosen = secrets.choice(letters)
    return chosen.upper() if character.isupper() else chosen
