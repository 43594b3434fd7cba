"""The OpenAPI 3.1 document, made from the published schemas and the routes.

The bodies are the published schemas, unchanged: each is a component with its own `$id`, and so
are the data types, which is how a tool resolves their absolute references inside this document
(JSON Schema 2020-12 section 8.2.1).
"""

from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from flask import Blueprint, Response

from app.interactions.operations.table import OPERATIONS
from app.model.capability import RELEASE
from app.model.codec import Resource, decode, encode
from app.model.resource_type import ResourceType
from app.web.documents import Document, Remade
from app.web.openapi import (
    asking,
    audit,
    bundles,
    interactions,
    parts,
    published,
    runs,
    search,
    system,
)
from app.web.openapi import operations as called
from app.web.openapi.envelopes import envelopes
from app.web.openapi.parts import Part
from app.web.site import Site

ABOUT = """Workforce resources in the manner of FHIR: participants, referrals, plans, versions.

Get a token at `oauth/token`, send it as `Authorization: Bearer …`. Change a resource with the
`If-Match` of the version you saw. Every refusal is an `OperationOutcome`; its id is in the header
`X-Request-Id` too. Resources are answered as `application/fhir+json` unless you ask for
`application/json`. The schemas here are those of `/schemas`, unchanged.

Name the version of a schema that you speak as `profile` of a media type, in `Accept` what you read
and in `Content-Type` what you send, several with spaces between:
`application/fhir+json; profile="https://hub.wioa.example/schemas/Referral|1.0.0"`. `|1.0` and `|1`
name the newest version within. A version that is not served is refused with those that are. Without
a profile the pin of your client decides (`SchemaVersion/$pin`), else the current version. Answers
under a deprecated version have the headers `Deprecation`, `Sunset` and `Link`.

What agreements and consents do not let your agency see is left out of an answer, required elements
too, and named in `meta.security`; a secret shows its last characters only. Send a resource back
without what was left out, and it stays as it is."""

EXAMPLE_ID = "01985a2e-7c00-7000-8000-000000000001"

SHARED_TAGS = {
    "System": "All types at once.",
    "Access": "Access tokens.",
    audit.TAG: audit.ABOUT,
    runs.TAG: runs.ABOUT,
    "Discovery": "What is published here; no token needed.",
    "Health": "For probes; no token needed.",
}


def blueprint(site: Site) -> Blueprint:
    """Return the route of `[origin]/openapi.json`."""
    routes = Blueprint("openapi", __name__)
    published = Remade(lambda _: Document(encode(document(site)).encode()))

    @routes.get("/openapi.json", strict_slashes=False)
    def openapi() -> Response:
        return published(site.hub.registry).reply()

    return routes


def document(site: Site) -> dict[str, Any]:
    """Return the OpenAPI document of a site."""
    kinds = [kind for _, kind in sorted(site.hub.registry.types.items())]
    spec = APISpec(
        title="WIOA Hub",
        version=RELEASE,
        openapi_version="3.1.0",
        info={"description": ABOUT, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        servers=[{"url": site.origin}, {"url": "/", "description": "Where this document is"}],
        security=[{"oauth2": []}, {"bearer": []}],
    )
    _describe_types(spec, site, kinds)
    _add_components(spec, site, kinds)
    examples, types = site.hub.registry.examples, site.hub.registry.types
    for kind in kinds:
        shown = (kind.name, kind.version) in examples
        for path, operations in interactions.paths(kind, site.base, has_example=shown):
            if path == f"{site.base}/{kind.name}":
                search.extend(operations["get"], kind, types)
            spec.path(path, operations=operations)
    for path, operations in search.paths(types, site.base):
        spec.path(path, operations=operations)
    for path, operations in bundles.paths(site.base, site.max_bundle_entries):
        spec.path(path, operations=operations)
    for path, operations in audit.paths(site.base):
        spec.path(path, operations=operations)
    for path, operations in called.paths((each.signature for each in OPERATIONS), site.base):
        spec.path(path, operations=operations)
    for path, operations in (*published.paths(), *_runs(site), *system.paths(site.base)):
        spec.path(path, operations=operations)
    return asking.extend(spec.to_dict())


def _runs(site: Site) -> Iterator[tuple[str, Part]]:
    """Yield the paths of conformance runs, of which a sandbox has none."""
    if not site.is_sandbox:
        yield from runs.paths()


def _describe_types(spec: APISpec, site: Site, kinds: list[ResourceType]) -> None:
    for kind in kinds:
        address = f"{site.origin}/schemas/{kind.name}/{kind.version}/docs"
        spec.tag(
            {
                "name": kind.name,
                "description": str(kind.schema.get("description", "")),
                "externalDocs": {"description": "Its elements", "url": address},
            }
        )
    for name, description in SHARED_TAGS.items():
        spec.tag({"name": name, "description": description})


def _add_components(spec: APISpec, site: Site, kinds: list[ResourceType]) -> None:
    registry = site.hub.registry
    for name, envelope in envelopes().items():
        spec.components.schema(name, envelope)
    for (name, version), text in registry.documents.items():
        if name == "datatypes":
            spec.components.schema(f"{name}-{version}", decode(text))
    for kind in kinds:
        spec.components.schema(kind.name, decode(kind.text))
        examples = registry.examples.get((kind.name, kind.version), ())
        for text in examples[:1]:
            spec.components.example(kind.name, {"value": decode(text)})
            spec.components.example(f"{kind.name}-stored", {"value": _stored(decode(text))})
    for status, part in parts.shared_responses().items():
        spec.components.response(status, part)
    sizes = parts.page_sizes(site.hub.max_count)
    for name, part in {**parts.SHARED, **sizes, **asking.parameters()}.items():
        spec.components.parameter(name, part["in"], part)
    for name, part in parts.shared_headers().items():
        spec.components.header(name, part)
    for name, part in parts.token_security(site.url).items():
        spec.components.security_scheme(name, part)


def _stored(example: Resource) -> Resource:
    meta = {"versionId": "1", "lastUpdated": "2026-01-05T14:30:00.000Z"}
    named = {"resourceType": example["resourceType"], "id": EXAMPLE_ID}
    return {**named, "meta": meta | example.get("meta", {}), **example}
