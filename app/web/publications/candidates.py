"""The gates tried on a candidate, a schema that nobody has published: nothing of it is kept."""

from flask import Blueprint, Response, request

from app.interactions.publishing.checking import check
from app.model.strict_json import parse
from app.web.bearer import bearer
from app.web.body import read_bytes, refuse_media
from app.web.headers import json_reply
from app.web.site import Site

READ = ("application/json", "application/schema+json")


def blueprint(site: Site) -> Blueprint:
    """Return the route of `[origin]/schemas/{Type}/$check`; it needs a token."""
    found = Blueprint("candidates", __name__, url_prefix="/schemas")

    @found.post("/<type:name>/$check", strict_slashes=False)
    def try_gates(name: str) -> Response:
        """Answer what the gates find in a candidate, alone or with its examples and its base."""
        client = bearer(site)
        refuse_media(request, READ)
        body = parse(read_bytes(request, site.max_body_bytes), is_schema=True)
        return json_reply(check(site.hub, client, name, body), media="application/json")

    return found
