"""Who sends a request, by the bearer token it carries (RFC 6750)."""

from flask import g, request

from app.model.access import Client
from app.model.errors import Unauthenticated
from app.web.site import Site


def bearer(site: Site) -> Client:
    """Return the client that sends this request; raise Unauthenticated without a valid token.

    The access log finds its id in `g.client_id`.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("Send an access token in the Authorization header, scheme Bearer.")
    client = site.tokens.verify(token.strip(" "))
    g.client_id = client.id
    return client
