"""The routes of the audit trail, for those with the scope `hub/audit`.

https://hl7.org/fhir/R4/auditevent.html
"""

from flask import Blueprint, Response, request

from app.interactions import audit
from app.model.audit import fhir as audit_fhir
from app.model.codec import encode
from app.web.bearer import bearer
from app.web.headers import json_reply, negotiate
from app.web.parameters import pairs
from app.web.site import Site


def blueprint(site: Site) -> Blueprint:
    """Return the search and read of events and the accounting of disclosures."""
    found = Blueprint("audit", __name__, url_prefix=site.base)
    found.before_request(negotiate)
    hub, trail = site.hub, site.audit

    def search() -> Response:
        """Answer one page of events, newest first."""
        page = audit.search(hub, trail, bearer(site), pairs(request))
        address = f"{audit.TYPE}?{page.query.canonical}"
        bundle = audit_fhir.searchset(site.url, address, page.events, page.next)
        return json_reply(encode(bundle))

    def read(id: str) -> Response:
        """Answer one event."""
        event = audit.read(hub, trail, bearer(site), id)
        return json_reply(encode(audit_fhir.resource(event)))

    def disclosures(id: str) -> Response:
        """Answer to whom facts about a participant were given."""
        found = audit.disclosures(hub, trail, bearer(site), id, pairs(request))
        return json_reply(encode(found))

    for rule, view in (
        ("/AuditEvent", search),
        ("/AuditEvent/<id:id>", read),
        ("/ParticipantProfile/<id:id>/$disclosures", disclosures),
    ):
        found.add_url_rule(rule, view_func=view, methods=["GET"], strict_slashes=False)
    return found
