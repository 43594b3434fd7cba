"""The optimistic lock: who changes a resource says which version of it was seen.

RFC 9110 section 13.1.1; https://hl7.org/fhir/R4/http.html#concurrency.
"""

from app.interactions.records import Records
from app.model.conflicts import VersionConflict
from app.model.patch import difference
from app.model.precondition import Precondition
from app.model.version import Version


def refuse_stale(records: Records, former: Version, if_match: Precondition | None) -> None:
    """Raise VersionConflict for someone who has not seen the current version.

    It tells what changed since the version that was seen, as far as the client may see it.
    """
    if if_match is None or if_match.matches(former.number):
        return
    seen = [number for number in if_match.numbers if number < former.number]
    held = records.hub.store.vread(former.key, max(seen)) if seen else None
    raise VersionConflict(
        f"The {former.key.type} is at version {former.number}; read it and reconcile first.",
        current=former.etag,
        changes=_changes(records, held, former) if held else None,
    )


def _changes(records: Records, held: Version, former: Version) -> str | None:
    kind = records.hub.registry.type(former.key.type)
    before, after = records.sights("read", [held, former])
    if before is None or after is None or not records.client.may("read", kind.name):
        return None
    old = records.shown(held.resource, kind, before)
    new = records.shown(former.resource, kind, after)
    return difference(old, new)
