"""The routes of certificates: public to read, for state staff to extend and revoke."""

from flask import Blueprint, Response

from app.interactions.certificates import ending, reading
from app.web.bearer import bearer
from app.web.desk import asked, desk, reply
from app.web.site import Site


class Certifying:
    """The routes of the certificates of one site; each method is one route."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def listed(self) -> Response:
        """Answer all certificates."""
        return reply({"certificates": reading.listed(self._site.hub)})

    def read(self, id: str) -> Response:
        """Answer one certificate."""
        return reply(reading.read(self._site.hub, id))

    def keys(self) -> Response:
        """Answer the public keys that certificates are checked by."""
        return reply(desk().mint.keys())

    def revoke(self, id: str) -> Response:
        """End a certificate at once."""
        ending.revoke(self._site.hub, bearer(self._site), id, asked())
        return self.read(id)

    def extend(self, id: str) -> Response:
        """Let a certificate hold for longer."""
        ending.extend(self._site.hub, bearer(self._site), id, asked(), desk().mint)
        return self.read(id)


def blueprint(site: Site) -> Blueprint:
    """Return the routes of the production site; a sandbox has none."""
    found = Blueprint("certificates", __name__)
    if site.is_sandbox:
        return found
    routes = Certifying(site)
    for rule, view, method in (
        ("/certificates", routes.listed, "GET"),
        ("/certificates/keys", routes.keys, "GET"),
        ("/certificates/<id:id>", routes.read, "GET"),
        ("/certificates/<id:id>/revoke", routes.revoke, "POST"),
        ("/certificates/<id:id>/extend", routes.extend, "POST"),
    ):
        found.add_url_rule(rule, view_func=view, methods=[method], strict_slashes=False)
    return found
