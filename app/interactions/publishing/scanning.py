"""Looks at every stored document under a candidate: step by step, again after any break.

Each step keeps how far it came. Passes follow each other, each over what changed since the one
before began, until one finds the end; the last of them is done again by the publication itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from app.interactions import Hub
from app.interactions.records import Records
from app.model.codec import Resource
from app.model.errors import Invalid, Issue, Unavailable
from app.model.publication import publication
from app.model.query import Query, parse, plain
from app.model.registry import registry as made
from app.model.resource_type import ResourceType
from app.model.version import Key, Version, instant
from app.rules.publishing.stored import Scan

PAGE = 100
STEP = timedelta(seconds=5)
"""How long one request goes on."""
SKEW = timedelta(seconds=60)
"""How far the clocks of workers may be apart."""
SWAP = timedelta(seconds=5)
"""After so long every worker knows of an approval, and writes what rows will be found by."""


def step(records: Records, row: Resource) -> Scan:
    """Look at some more of the stored documents; return how far that came.

    Raises Invalid for a candidate that no type can be made of, Unavailable while workers still
    learn of its approval.
    """
    hub = records.hub
    kind = made_type(hub, row)
    now = hub.registry.types.get(kind.name)
    if now is None:
        return _nothing(hub)
    name, keyed = _name(hub, row, now, kind)
    scan = _of(hub, name) or _begun(hub, now)
    if scan.is_done and scan.more:
        scan = _begun(hub, now)  # who of them was mended since, nobody can tell
    end = hub.now() + STEP
    scan.is_done = False
    while not scan.is_done and hub.now() < end:
        _page(records, scan, now, kind, is_keyed=keyed)
    hub.desk.scans.put(name, scan.state)
    return scan


def kept(hub: Hub, row: Resource) -> Scan | None:
    """Return the scan of a candidate as far as it came, None when there is none."""
    kind = made_type(hub, row)
    now = hub.registry.types.get(kind.name)
    return _of(hub, _name(hub, row, now, kind)[0]) if now else _nothing(hub)


def made_type(hub: Hub, row: Resource) -> ResourceType:
    """Return the type that a candidate would be; raise Invalid when none can be made of it."""
    mine = publication({**row, "status": "published"})
    rest = [each for each in hub.registry.publications.values() if each.id != mine.id]
    try:
        found = made([*rest, mine], hub.registry)
        return found.live[mine.type][mine.version]
    except (ValueError, KeyError, TypeError, AttributeError):
        text = "No type can be made of this schema; see what $check finds."
        issue = Issue("invalid", "no-type", text, "/text")
        raise Invalid(text, issues=[issue]) from None


def _name(hub: Hub, row: Resource, now: ResourceType, kind: ResourceType) -> tuple[str, bool]:
    """Return the name of a scan, and whether it also makes rows be found by what is new."""
    name = f"{kind.name} {kind.version} {row['digest']}"
    if not _is_found_anew(now, kind) or "approval" not in row or row["status"] != "in-review":
        return name, False
    since = datetime.fromisoformat(row["approval"]["at"])
    if hub.now() < since + SWAP:
        raise Unavailable("The approval is seconds old, and the workers learn of it yet.")
    return f"{name} {row['approval']['at']}", True


def _is_found_anew(now: ResourceType, kind: ResourceType) -> bool:
    return any(now.parameters.get(name) != each for name, each in kind.parameters.items())


def _nothing(hub: Hub) -> Scan:
    """Return the scan of a type that is new: there is nothing to look at."""
    return Scan(0, instant(hub.now()), is_done=True)


def _of(hub: Hub, name: str) -> Scan | None:
    state = hub.desk.scans.get(name)
    return Scan.of(state) if state else None


def _begun(hub: Hub, now: ResourceType) -> Scan:
    total = hub.store.count(plain(now, (), 1))
    return Scan(total, instant(hub.now() - SKEW))


def _page(
    records: Records, scan: Scan, now: ResourceType, kind: ResourceType, *, is_keyed: bool
) -> None:
    hub = records.hub
    found = hub.store.search(_query(scan, now).at(scan.position))
    _look(records, scan, kind, found.versions)
    if is_keyed:
        hub.store.find_by(kind, found.versions)
    if scan.is_first:
        scan.checked += len(found.versions)
    scan.position = found.next
    if found.next is None:
        _again(records, scan, kind)


def _query(scan: Scan, now: ResourceType) -> Query:
    if scan.is_first:
        return plain(now, (), PAGE)
    changed: list[tuple[str, Any]] = [("_lastUpdated", f"ge{scan.since}"), ("_count", str(PAGE))]
    return parse(now, changed, max_count=PAGE)


def _again(records: Records, scan: Scan, kind: ResourceType) -> None:
    """End a pass: look again at what was faulty, and begin the next pass unless it was short."""
    hub = records.hub
    keys = [Key(kind.name, each) for each in scan.faulty]
    there: set[str] = set()
    for start in range(0, len(keys), PAGE):
        versions = hub.store.read_many(keys[start : start + PAGE])
        there |= {each.key.id for each in versions}
        _look(records, scan, kind, versions)
    for id in scan.faulty.keys() - there:
        scan.forget(id)
    now = hub.now()
    scan.is_done = not scan.is_first
    scan.is_first, scan.position = False, None
    scan.since = instant(now - SKEW)


def _look(records: Records, scan: Scan, kind: ResourceType, versions: Iterable[Version]) -> None:
    for each in versions:
        faults = kind.faults(each.resource)
        scan.note(each.key.id, faults, _agencies(records, each) if faults else ())


def _agencies(records: Records, version: Version) -> frozenset[str]:
    """Return the agencies whose document it is; of what all share, the one that wrote it last."""
    ends = version.marks.ends or (version.resource.get("meta", {}).get("source", ""),)
    return records.policy.agencies(ends)
