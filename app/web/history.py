"""The routes of the three histories.

https://hl7.org/fhir/R4/http.html#history
"""

from flask import Blueprint, Response, request

from app.interactions.history import history
from app.model import bundle
from app.web.bearer import bearer
from app.web.headers import json_reply, negotiate
from app.web.parameters import pairs
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return the histories of a resource, a type and the system."""
    found = Blueprint("history", __name__, url_prefix=site.base)
    found.before_request(negotiate)

    def page(kind: str | None = None, id: str | None = None) -> Response:
        """Answer one page of versions, newest first."""
        client = bearer(site)
        answer = history(site.hub, client, kind, id, pairs(request))
        return json_reply(bundle.history(site.url, answer))

    for rule in ("/<type:kind>/<id:id>/_history", "/<type:kind>/_history", "/_history"):
        found.add_url_rule(rule, view_func=page, methods=["GET"], strict_slashes=False)
    return found
