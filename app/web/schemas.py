"""The published contracts: every schema byte for byte under an address that never changes."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response

from app.model.codec import decode, encode
from app.model.errors import NotFound
from app.model.registry import Registry
from app.web.documents import IMMUTABLE, Document
from app.web.site import Site

SCHEMA = "application/schema+json"


def blueprint(site: Site) -> Blueprint:
    """Return the routes below `[origin]/schemas`; they need no token."""
    routes = Blueprint("schemas", __name__, url_prefix="/schemas")
    registry = site.hub.registry
    published = {
        name_version: Document(text, SCHEMA, IMMUTABLE)
        for name_version, text in registry.documents.items()
    }
    examples = {
        name_version: Document(b"[" + b",".join(texts) + b"]")
        for name_version, texts in registry.examples.items()
    }
    listed = Document(encode({"schemas": list(_catalog(site, published))}).encode())

    @routes.get("", strict_slashes=False)
    def catalog() -> Response:
        return listed.reply()

    @routes.get("/<name>/<version>", strict_slashes=False)
    def schema(name: str, version: str) -> Response:
        return _found(published, name, version).reply()

    @routes.get("/<name>/<version>/examples", strict_slashes=False)
    def valid_examples(name: str, version: str) -> Response:
        return _found(examples, name, version).reply()

    return routes


def _found(documents: dict[tuple[str, str], Document], name: str, version: str) -> Document:
    try:
        return documents[name, version]
    except KeyError:
        raise NotFound("No such schema is published here.") from None


def _catalog(site: Site, published: dict[tuple[str, str], Document]) -> Iterator[dict[str, Any]]:
    registry = site.hub.registry
    for name in sorted({name for name, _ in published}):
        mine = [version for other, version in published if other == name]
        schema = decode(published[name, mine[-1]].content)
        yield {
            "name": name,
            "kind": schema.get("x-kind", "shared"),
            "status": "active",
            "title": schema.get("title", name),
            "description": schema.get("description", ""),
            "current": _current(registry, name, mine),
            "versions": [_version(site, name, version, published) for version in mine],
        }


def _current(registry: Registry, name: str, versions: list[str]) -> str:
    return registry.types[name].version if name in registry.types else versions[-1]


def _version(
    site: Site, name: str, version: str, published: dict[tuple[str, str], Document]
) -> dict[str, Any]:
    document = published[name, version]
    address = f"{site.origin}/schemas/{name}/{version}"
    entry = {
        "version": version,
        "canonical": decode(document.content)["$id"],
        "url": address,
        "sha256": document.digest,
    }
    if (name, version) in site.hub.registry.examples:
        entry["examples"] = f"{address}/examples"
    return entry
