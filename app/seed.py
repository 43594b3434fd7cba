"""Rows made at the start when they never existed: Mississippi's tables and the demo participants.

A row that was ever written, by us or by staff, is never touched again, deleted ones included.
"""

import importlib.resources
import json
import logging
from collections.abc import Iterator, Mapping

from app.interactions import Hub
from app.model.codec import Resource
from app.model.conflicts import Conflict, VersionConflict
from app.model.version import Key, Version, following
from app.settings import Seed

BY = "hub:seed"
BATCH = 100
FOLDERS: Mapping[Seed, tuple[str, ...]] = {
    "none": (),
    "lookups": ("lookups",),
    "demo": ("lookups", "demo"),
}

logger = logging.getLogger("hub.seed")


class BadSeed(Exception):
    """A row that ships with the hub breaks its schema; the text says where."""


def seed(hub: Hub, which: Seed) -> int:
    """Write the rows of `which` that never existed and return how many.

    Raises BadSeed for a row that is not valid. Two hubs may do this at the same time: the
    versions' numbers say who was first.
    """
    everything = rows(which)
    _refuse_bad(hub, everything)
    made = sum(put(hub, _shipped(folder)) for folder in FOLDERS[which])
    logger.info("Seeded %d rows; %d were there.", made, len(everything) - made)
    return made


def put(hub: Hub, bodies: Mapping[Key, Resource]) -> int:
    """Write those of some rows that never existed and return how many."""
    return sum(_write(hub, batch) for batch in _batches(bodies))


def rows(which: Seed) -> dict[Key, Resource]:
    """Return the rows of `which` by key, as they ship."""
    return {key: body for folder in FOLDERS[which] for key, body in _shipped(folder).items()}


def _shipped(folder: str) -> dict[Key, Resource]:
    files = (importlib.resources.files("app") / "data" / folder).iterdir()
    texts = [file.read_text("utf-8") for file in files if file.name.endswith(".json")]
    bodies = [body for text in texts for body in json.loads(text)]
    return {Key(body["resourceType"], body["id"]): body for body in bodies}


def _refuse_bad(hub: Hub, bodies: Mapping[Key, Resource]) -> None:
    for key, body in bodies.items():
        for fault in hub.registry.type(key.type).faults(body):
            if not _is_outgrown(hub, key.type):
                raise BadSeed(f"The seed row {key} is not valid at {fault.pointer}: {fault.text}")
        for other in _referred(hub, key, body) - bodies.keys():
            raise BadSeed(f"The seed row {key} refers to {other}, which is not seeded.")


def _is_outgrown(hub: Hub, name: str) -> bool:
    """Whether staff published a newer version of a type than its seed rows were written for."""
    newest = name, hub.registry.type(name).version
    found = hub.registry.publications.get(newest)
    return found is not None and bool(found.published_at)


def _referred(hub: Hub, key: Key, body: Resource) -> set[Key]:
    return {other for other, _ in hub.registry.type(key.type).referred(body)} - {key}


def _batches(bodies: Mapping[Key, Resource]) -> Iterator[dict[Key, Resource]]:
    """Yield a folder's rows by the hundred; rows that refer to each other in a circle need one."""
    pairs = sorted(bodies.items(), key=lambda pair: pair[0])
    yield from (dict(pairs[start : start + BATCH]) for start in range(0, len(pairs), BATCH))


def _write(hub: Hub, bodies: Mapping[Key, Resource]) -> int:
    """Commit the missing rows at once, or one by one where some existed, and return how many.

    One that a published version refuses is left out.
    """
    there = hub.store.present(bodies.keys())
    now, types = hub.now(), hub.registry.types
    versions = [
        following(None, key, now, BY, body)
        for key, body in bodies.items()
        if key not in there and not types[key.type].faults(body)
    ]
    if not versions or _commit(hub, versions):
        return len(versions)
    return sum(_commit(hub, [version]) for version in versions)


def _commit(hub: Hub, versions: list[Version]) -> bool:
    """Whether the versions were written; not when one existed or staff took its business key."""
    held = {key for each in versions for key in _referred(hub, each.key, each.resource)}
    try:
        hub.store.commit(versions, held)
    except (VersionConflict, Conflict):
        return False
    return True
