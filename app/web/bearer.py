"""Who sends a request and why, by the bearer token it carries (RFC 6750) and two headers."""

import re

from flask import g, request

from app.model.access.client import Client
from app.model.access.purpose import refuse_unknown
from app.model.audit.trail import Trail
from app.model.errors import Malformed, Unauthenticated
from app.web.contracts import contracts
from app.web.site import Site

PURPOSE = "Purpose-Of-Use"
STAFF = "Staff-Id"
ADMINISTRATION = "administration"
"""Why state staff ask when they do not say."""
_OPAQUE = re.compile(r"[A-Za-z0-9._\-]{1,64}\Z")


def bearer(site: Site) -> Client:
    """Return the client that sends this request; raise Unauthenticated without a valid token.

    The access log finds its id in `g.client_id`, the audit what it does in `g.trail`. Raises
    Malformed for a purpose that is not on the list or a staff id that is not opaque.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("Send an access token in the Authorization header, scheme Bearer.")
    client = site.tokens.verify(token.strip(" "))
    g.client_id = client.id
    trail: Trail = g.trail
    trail.client, trail.partner = client.id, client.partner
    trail.purpose = _purpose(client)
    trail.staff = _staff()
    g.purpose = trail.purpose
    party = site.hub.policies.current().parties.get(client.partner or "")
    trail.agency = party.agency if party else None
    g.contracts = contracts(request, site.origin)
    g.is_staff = client.is_staff
    return client.asking(trail, g.contracts)


def _purpose(client: Client) -> str | None:
    said = request.headers.get(PURPOSE)
    if said is not None:
        refuse_unknown(said)
        return said
    return client.purpose or (ADMINISTRATION if client.is_staff else None)


def _staff() -> str | None:
    said = request.headers.get(STAFF)
    if said is not None and not _OPAQUE.match(said):
        raise Malformed("A staff id is 1 to 64 letters, digits, dots, hyphens or such.", STAFF)
    return said
