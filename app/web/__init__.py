"""Floor 4: the only folder that imports Flask."""

from flask import Flask

from app.web import (
    audit,
    auditing,
    bundles,
    certificates,
    changes,
    contracts,
    discovery,
    errors,
    health,
    history,
    methods,
    oauth,
    openapi,
    operations,
    pages,
    publications,
    requests,
    resources,
    runs,
    search,
    writes,
)
from app.web.addresses import CONVERTERS
from app.web.publications import candidates
from app.web.site import Site

BLUEPRINTS = (
    discovery,
    oauth,
    history,
    changes,
    audit,
    operations,
    resources,
    writes,
    bundles,
    search,
    publications,
    candidates,
    openapi,
    pages,
    health,
    runs,
    certificates,
)
"""The rooms of the web; each makes its blueprint for a site."""


def application(site: Site) -> Flask:
    """Return the WSGI application that serves one site."""
    app = Flask(__name__, static_folder=None)
    app.url_map.converters.update(CONVERTERS)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    errors.register(app)
    requests.register(app, site.hub.new_id, site.origin)
    auditing.register(app, site)
    contracts.register(app, site)
    methods.register(app, site.hub.published)
    for room in BLUEPRINTS:
        app.register_blueprint(room.blueprint(site))
    return app
