"""The routes of the three histories.

https://hl7.org/fhir/R4/http.html#history
"""

from flask import Blueprint, Response, request

from app.interactions.history import history
from app.model import bundle
from app.model.history import HistoryQuery
from app.web.headers import json_reply, negotiated
from app.web.oauth import bearer
from app.web.parameters import history_parameters, pairs
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return the histories of a resource, a type and the system."""
    found = Blueprint("history", __name__, url_prefix=site.base)

    def page(kind: str | None = None, id: str | None = None) -> Response:
        """Answer one page of versions, newest first."""
        media = negotiated(request)
        client = bearer(site)
        path = "/".join(each for each in (kind, id, "_history") if each)
        asked = history_parameters(pairs(request), site.max_count)
        address = f"{path}?{asked.canonical}"
        before = None
        if asked.cursor:
            before = site.cursors.open(asked.cursor, client_id=client.id, query=address)
        answer = history(site.hub, client, HistoryQuery(kind, id, asked.count, asked.since, before))
        token = None
        if answer.next:
            token = site.cursors.seal(answer.next, client_id=client.id, query=address)
        return json_reply(bundle.history(site.url, address, answer, token), media=media)

    for rule in ("/<type:kind>/<id:id>/_history", "/<type:kind>/_history", "/_history"):
        found.add_url_rule(rule, view_func=page, methods=["GET"], strict_slashes=False)
    return found
