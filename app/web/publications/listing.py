"""What programs read of publications: the catalog, the status of a version, its report."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from app.model.codec import decode
from app.model.publication import Publication
from app.web.publications.addresses import Addresses
from app.web.publications.catalog import Catalog


class Listing:
    """Puts a catalog into JSON values."""

    def __init__(self, catalog: Catalog, addresses: Addresses) -> None:
        self._catalog = catalog
        self._addresses = addresses

    def catalog(self) -> dict[str, Any]:
        """Return every schema with its versions."""
        return {"schemas": list(self._schemas())}

    def status(self, one: Publication) -> dict[str, Any]:
        """Return where a version stands, and which others there are."""
        live = [each.version for each in self._catalog.live(one.type)]
        good = len(one.examples)
        names = {"examples": one.names[:good], "invalid-examples": one.names[good:]}
        return {"type": one.type, **self._version(one), "live": live, "exampleNames": names}

    def report(self, one: Publication) -> dict[str, Any]:
        """Return what the gates found, who wrote and who approved a version, and what was waived.

        `report` is null for a version that shipped with the hub.
        """
        return {
            "type": one.type,
            "version": one.version,
            "digest": one.digest,
            "publishedAt": one.published_at,
            "authors": list(one.authors),
            "approvedBy": one.approved_by,
            "waivers": list(one.waivers),
            "report": decode(one.report) if one.report else None,
        }

    def _schemas(self) -> Iterator[dict[str, Any]]:
        for name in self._catalog.names:
            versions = self._catalog.versions(name)
            live = self._catalog.live(name)
            latest = (live or versions)[-1]
            current = self._catalog.current(name) if live else latest
            yield {
                "name": name,
                "kind": latest.schema.get("x-kind", "shared"),
                "status": "active" if live else "retired",
                "title": latest.schema.get("title", name),
                "description": latest.schema.get("description", ""),
                "url": self._addresses.type(name),
                "current": current.version,
                "versions": [self._version(each) for each in versions],
            }

    def _version(self, one: Publication) -> dict[str, Any]:
        address = self._addresses.exact
        found = {
            "version": one.version,
            "status": one.status,
            "isCurrent": one.is_current,
            "canonical": one.schema["$id"],
            "url": address(one),
            "sha256": sha256(one.text).hexdigest(),
            "digest": one.digest,
            **{name: value for name, value in _told(one).items() if value},
            "dependencies": [each.schema["$id"] for each in self._catalog.needed(one)],
            "dependents": [each.schema["$id"] for each in self._catalog.needing(one)],
            "links": {
                "bundle": f"{address(one)}?bundle",
                **{part: address(one, part) for part in _parts(one)},
            },
        }
        return found | ({"examples": address(one, "examples")} if one.examples else {})


def _told(one: Publication) -> dict[str, str]:
    return {
        "base": one.base,
        "summary": one.summary,
        "publishedAt": one.published_at,
        "deprecatedAt": one.deprecated_at,
        "sunset": one.sunset,
        "alternative": one.alternative,
        "reason": one.reason,
    }


def _parts(one: Publication) -> Iterator[str]:
    yield from ("status", "report", "docs")
    if one.examples:
        yield "examples"
    if one.counterexamples:
        yield "invalid-examples"
