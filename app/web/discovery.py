"""FHIR capabilities interaction.

https://hl7.org/fhir/R4/http.html#capabilities
"""

from functools import partial

from flask import Blueprint, Response, request

from app.interactions.operations.table import OPERATIONS
from app.model.capability import capability
from app.model.codec import encode
from app.model.registry import Registry
from app.web.documents import Document, Remade
from app.web.headers import FHIR, negotiated
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return the route of `[base]/metadata`; its statement is made once for what is published."""
    routes = Blueprint("discovery", __name__, url_prefix=site.base)
    published = Remade(partial(_statement, site))

    @routes.get("/metadata", strict_slashes=False)
    def metadata() -> Response:
        answer = published(site.hub.registry).reply(negotiated(request))
        answer.vary.add("Accept")
        return answer

    return routes


def _statement(site: Site, registry: Registry) -> Document:
    statement = capability(
        registry,
        site.url,
        max_body_bytes=site.max_body_bytes,
        max_count=site.hub.max_count,
        max_bundle_entries=site.max_bundle_entries,
        issuer=site.tokens.external_issuer,
        operations=[each.signature for each in OPERATIONS],
    )
    return Document(encode(statement).encode(), FHIR)
