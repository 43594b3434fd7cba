"""How a product spoke in a run: by which names, and in which versions of the schemas."""

from conformance.evaluators.headers import versions
from conformance.exchange import Evidence

MOST = 200
"""Letters of a User-Agent that are kept."""


def agents(seen: Evidence) -> list[str]:
    """Return every User-Agent that the partner's client came with; it should be one."""
    return sorted({each.headers.get("user-agent", "")[:MOST] for each in seen.partner})


def schemas(seen: Evidence) -> dict[str, list[str]]:
    """Return the versions of each type that the partner wrote in."""
    found: dict[str, set[str]] = {}
    for each in seen.partner:
        version = versions(each).get(each.kind)
        if each.is_write and version:
            found.setdefault(each.kind, set()).add(version)
    return {kind: sorted(found[kind]) for kind in sorted(found)}
