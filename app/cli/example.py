"""`hub example`: a valid resource, ready to be posted to a seeded hub."""

import json
import secrets
from collections.abc import Iterable, Iterator
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

import click
import jsonpatch

from app import seed
from app.cli import option
from app.cli.published import published as everything_published
from app.model.codec import Resource
from app.model.element import values
from app.model.errors import UnknownType
from app.model.registry import Registry
from app.model.resource_type import PARTICIPANT, ResourceType
from app.rules import life_cycle
from app.settings import Settings

FRESH_LENGTH = 12


@click.command()
@click.argument("kind", metavar="TYPE")
@click.option("--partner", metavar="ID", help="The partner that is to own it, such as mdrs-vr.")
@click.option("--participant", metavar="ID", help="The participant whom it is to be about.")
@option.data
def example(kind: str, partner: str | None, participant: str | None, **given: Any) -> None:
    """Print a valid resource of TYPE, such as ParticipantProfile, ready to be posted.

    What it refers to is in the seeded data; its business keys and secrets are new each time. A
    participant has one open referral to a program and one open plan: for a second one name
    another participant.
    """
    settings = option.settings(**given)
    registry = everything_published(settings)
    try:
        published = registry.type(kind)
    except UnknownType as error:
        types = ", ".join(error.issues[0].allowed)
        raise click.ClickException(f"There is no type {kind}; there are {types}.") from error
    body = _fullest(registry, published, settings)
    if partner and published.owners:
        body[published.owners[0]] = {"reference": f"Partner/{partner}"}
    if participant and published.compartment in body:
        body[published.compartment] = {"reference": f"{PARTICIPANT}/{participant}"}
    click.echo(json.dumps(_with_fresh_keys(published, body), indent=2, ensure_ascii=False))


def _fullest(registry: Registry, published: ResourceType, settings: Settings) -> Resource:
    """Return the longest published example that can be posted, without what the hub sets."""
    seeded = seed.rows(settings.seed).keys()
    texts = registry.examples.get((published.name, published.version), ())
    for text in sorted(texts, key=len, reverse=True):
        body: Resource = json.loads(text)
        named = {key for key, _ in published.referred(body)}
        types = [registry.type(key.type) for key in named]
        if named <= seeded and _is_first(published, body, types):
            given = published.given(body)
            return {name: value for name, value in given.items() if name not in ("id", "meta")}
    raise click.ClickException(f"Every example of {published.name} refers to rows not seeded here.")


def _is_first(published: ResourceType, body: Resource, types: Iterable[ResourceType]) -> bool:
    """Whether a body begins a life cycle and names, of its participant, no other record."""
    is_begun = not life_cycle.faults(published, None, body)
    return is_begun and all(each.is_lookup or each.name == PARTICIPANT for each in types)


def _with_fresh_keys(published: ResourceType, body: Resource) -> Resource:
    for name in {name for key in published.unique for name in key}:
        for source in published.parameters[name].sources:
            for value, _, pointer in list(values(body, source.path)):
                if isinstance(value, str):
                    body = _freshened(published, body, pointer, value)
    for path in published.secrets:
        for value, _, pointer in list(values(body, path)):
            # The area of a number says that it was never issued.
            fresh = value[:3] + "".join(secrets.choice(digits) for _ in value[3:])
            body = _changed(body, pointer, fresh)
    return body


def _changed(body: Resource, pointer: str, value: str) -> Resource:
    operations = [{"op": "replace", "path": pointer, "value": value}]
    return dict(jsonpatch.apply_patch(body, operations))


def _freshened(published: ResourceType, body: Resource, pointer: str, value: str) -> Resource:
    """Return `body` with another value at `pointer`, of the first form that the schema takes."""
    for fresh in _forms(value):
        changed = _changed(body, pointer, fresh)
        if not published.given_faults(changed):
            return changed
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
